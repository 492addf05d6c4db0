/** What single functions of real Kubernetes answered, a row each. */
import { isRecorded, parseLines, readRecorded } from "./recordings.ts";

const fileOf = (name: string): readonly string[] => ["vectors", `${name}.jsonl`];

export const hasVectors = (name: string): boolean => isRecorded(...fileOf(name));

/** The rows of one file; none when it is missing. */
export const readVectors = <T>(name: string): readonly T[] => parseLines<T>(readRecorded(...fileOf(name)) ?? "");
