/** See `make.mjs`. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { exportLine } from "../../src/event-store/export/records.ts";
import { started, typed } from "../support/terminal.ts";
import { type Story, stories } from "./stories.ts";
import { transcript } from "./transcript.ts";

const make = async (name: string, { seed, files, lines, questions }: Story, path: string): Promise<void> => {
  const session = started(path, { seed, roundTripMs: 100 });
  for (const line of lines) {
    const { code, err } = await typed(session, line, { files });
    if (code !== 0) throw new Error(`${name}: ${line}: ${err}`);
  }
  const exported = Array.from(session.queries.records(), exportLine).join("");
  // Who imports the export has no snapshots either.
  await typed(session, "rebuild");
  const told = await transcript(questions, (line) => typed(session, line));
  session.close();
  const packed = gzipSync(exported, { level: 9 });
  writeFileSync(new URL(`${name}.jsonl.gz`, import.meta.url), packed);
  writeFileSync(new URL(`${name}.txt`, import.meta.url), told);
  process.stdout.write(`${name}: ${exported.split("\n").length - 1} lines, ${packed.length} bytes\n`);
};

export const makeAll = async (): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "rollout-golden-"));
  for (const [name, story] of Object.entries(stories)) await make(name, story, join(folder, `${name}.db`));
  rmSync(folder, { recursive: true });
};
