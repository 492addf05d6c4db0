/** Where a verb writes much: standard output, or a file that gets its name when it is complete. */
import { appendFileSync, closeSync, existsSync, linkSync, openSync, renameSync, rmSync } from "node:fs";
import * as E from "fp-ts/lib/Either.js";
import type { CommandIo } from "../command.ts";

export interface OutputFile {
  /** False when nobody reads any more. */
  write(text: string): boolean;
  /** All is written. */
  keep(): void;
  /** Leaves nothing behind that was not kept. */
  close(): void;
}

export const isClosedPipe = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "EPIPE";

const standardOutput = (io: CommandIo): OutputFile => ({
  write: (text) => {
    try {
      io.out(text);
      return true;
    } catch (error) {
      if (isClosedPipe(error)) return false;
      throw error;
    }
  },
  keep: () => undefined,
  close: () => undefined,
});

const fileOnDisk = (path: string, force: boolean): OutputFile => {
  const part = `${path}.${process.pid}.part`;
  const handle = openSync(part, "wx");
  return {
    write: (text) => {
      appendFileSync(handle, text);
      return true;
    },
    keep: () => {
      if (force) renameSync(part, path);
      else linkSync(part, path);
    },
    close: () => {
      closeSync(handle);
      rmSync(part, { force: true });
    },
  };
};

/** Opens a file, or standard output for `-`. Left says why not. */
export const openOutput = (io: CommandIo, path: string, force: boolean): E.Either<string, OutputFile> => {
  if (path === "-") return E.right(standardOutput(io));
  if (!force && existsSync(path)) return E.left(`${path} exists already; --force replaces it`);
  try {
    return E.right(fileOnDisk(path, force));
  } catch (error) {
    return E.left(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
};
