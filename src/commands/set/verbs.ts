/** The verbs of `kubectl set`. */
import type { Verb } from "../verb.ts";
import { env } from "./env.ts";
import { image } from "./image.ts";
import { resources } from "./resources.ts";
import { selector } from "./selector.ts";

export const setVerbs: readonly Verb[] = [image, env, resources, selector];
