/** Ledger files of tests, in a directory of their own. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";

/** Call in a describe block: returns a function that makes a fresh directory; all are removed after each test. */
export const temporaryDirectories = (): (() => string) => {
  const made: string[] = [];
  afterEach(() => {
    for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
  });
  return () => {
    const directory = mkdtempSync(join(tmpdir(), "event-store-"));
    made.push(directory);
    return directory;
  };
};

export const filesIn = (directory: string): readonly string[] => readdirSync(directory).sort();
