/** The verbs that read the past. */
import type { Verb } from "../verb.ts";
import { log } from "./log.ts";
import { timeline } from "./timeline.ts";

export const historyVerbs: readonly Verb[] = [timeline, log];
