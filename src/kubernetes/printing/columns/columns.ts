import type { Column } from "../table.ts";

/** The columns of a kind: those always shown, then those of `-o wide`. */
export const columns = (always: readonly string[], wide: readonly string[] = []): readonly Column[] => [
  ...always.map((header): Column => ({ header })),
  ...wide.map((header): Column => ({ header, wide: true })),
];
