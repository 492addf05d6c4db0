/** The verbs that steer the simulated cluster. */
import type { Verb } from "../verb.ts";
import { advance } from "./advance.ts";
import { behave } from "./behave.ts";
import { fault } from "./fault.ts";

export const simulationVerbs: readonly Verb[] = [advance, fault, behave];
