/** The verbs of `kubectl rollout`. */
import type { Verb } from "../verb.ts";
import { history } from "./history.ts";
import { pause, restart, resume } from "./pause.ts";
import { status } from "./status.ts";
import { undo } from "./undo.ts";

export const rolloutVerbs: readonly Verb[] = [status, history, undo, pause, resume, restart];
