/** The verbs that read the past. */
import type { Verb } from "../verb.ts";
import { explain } from "./explain.ts";
import { exportVerb } from "./export.ts";
import { ledger } from "./ledger.ts";
import { log } from "./log.ts";
import { replay } from "./replay.ts";
import { report } from "./report.ts";
import { sql } from "./sql.ts";
import { timeline } from "./timeline.ts";

export const historyVerbs: readonly Verb[] = [timeline, ledger, explain, report, replay, log, sql, exportVerb];
