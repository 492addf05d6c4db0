/** Words that a mistyped one may have meant. */
import { editDistance } from "../../kubernetes/edit-distance.ts";

/** In the order given: the words at most two edits away, or that the typed word begins, whatever the case. As cobra does. */
export const suggestions = (typed: string, words: readonly string[]): readonly string[] =>
  words.filter((word) => word.toLowerCase().startsWith(typed.toLowerCase()) || editDistance(typed, word) <= 2);
