/**
 * What can be wrong with the storage itself:
 * - `Busy`: another process held the write lock for longer than the timeout; trying again is safe.
 * - `Full`: no space left; nothing of the transaction was recorded.
 * - `Corrupt`: the file is damaged, truncated or was tampered with.
 * - `Foreign`: the file belongs to another program, or is no file at all.
 * - `Newer`, `Older`: the file was written by another version of this product.
 * - `ReadOnly`: a write to a store that was opened for reading, or a file that may not be written.
 * - `Missing`: there is no such file or directory.
 * - `Denied`: the operating system does not let us read it.
 * - `Archived`: what is asked for stands in an archive that is not here; or this is an archive, which nothing is written to.
 * - `Unknown`: anything else; see `cause`.
 */
export type StoreFault =
  | "Busy"
  | "Full"
  | "Corrupt"
  | "Foreign"
  | "Newer"
  | "Older"
  | "ReadOnly"
  | "Missing"
  | "Denied"
  | "Archived"
  | "Unknown";

/** A fault of the storage, classified once; the original is kept as `cause`. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly kind: StoreFault;

  constructor(kind: StoreFault, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
  }
}
