/** The verbs that look after a ledger's file. */
import type { Verb } from "../verb.ts";
import { archive } from "./archive.ts";
import { backup } from "./backup.ts";
import { rebuild } from "./rebuild.ts";
import { redact } from "./redact.ts";
import { stats } from "./stats.ts";
import { verify } from "./verify.ts";

export const upkeepVerbs: readonly Verb[] = [verify, rebuild, backup, archive, stats, redact];
