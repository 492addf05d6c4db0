/** Every verb there is, in the order help lists them. */
import type { Verb } from "./verb.ts";

export const verbs: readonly Verb[] = [];
