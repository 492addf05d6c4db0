/** "Did you mean …?": the nearest of some words. */

/** Bounds the work: nobody mistypes a word this long. */
const maxWordLength = 64;

/** Insertions, deletions, substitutions and swaps of neighbours that turn one word into the other, ignoring case. */
export const editDistance = (from: string, to: string): number => {
  const a = from.toLowerCase();
  const b = to.toLowerCase();
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, substitution);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
};

/**
 * The candidate that `word` was probably meant to be: at most a third of its letters (at least one) differ, or it is the
 * only one that begins with `word`. The first of several equally near ones.
 */
export const closest = (word: string, candidates: Iterable<string>): string | undefined => {
  if (word.length === 0 || word.length > maxWordLength) return undefined;
  const limit = Math.max(1, Math.floor(word.length / 3));
  const beginning: string[] = [];
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (candidate.length > maxWordLength) continue;
    if (word.length > 2 && candidate.toLowerCase().startsWith(word.toLowerCase())) beginning.push(candidate);
    const distance = editDistance(word, candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best ?? (beginning.length === 1 ? beginning[0] : undefined);
};
