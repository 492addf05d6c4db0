/** `TYPE NAME key=value other-`: how `label` and `annotate` read their arguments. */
import * as E from "fp-ts/lib/Either.js";
import type { StringMap } from "../kubernetes/objects.ts";

export interface Pairs {
  /** The words in front, which name objects. */
  readonly resources: readonly string[];
  readonly set: StringMap;
  /** Keys written as `key-`. */
  readonly removed: readonly string[];
}

const isPair = (word: string): boolean => /^[^=]+=/s.test(word) || (word.endsWith("-") && word.length > 1);

/** Left is kubectl's sentence; `what` is `label` or `annotation`. */
export const readPairs = (args: readonly string[], what: string): E.Either<string, Pairs> => {
  const first = args.findIndex(isPair);
  const at = first < 0 ? args.length : first;
  const set: Record<string, string> = {};
  const removed: string[] = [];
  for (const word of args.slice(at)) {
    const equals = word.indexOf("=");
    if (!isPair(word)) return E.left(`all resources must be specified before ${what} changes: ${word}`);
    if (equals > 0) set[word.slice(0, equals)] = word.slice(equals + 1);
    else removed.push(word.slice(0, -1));
  }
  return E.right({ resources: args.slice(0, at), set, removed });
};
