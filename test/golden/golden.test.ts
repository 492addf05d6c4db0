import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { importLedger } from "../../src/engine/import.ts";
import { openLedger } from "../../src/engine/open.ts";
import { scratchFolder } from "../support/folder.ts";
import { typed } from "../support/terminal.ts";
import { questionsIn, transcript } from "./transcript.ts";

const here = new URL(".", import.meta.url);
const folder = scratchFolder();

const names = readdirSync(here)
  .filter((file) => file.endsWith(".jsonl.gz"))
  .map((file) => file.replace(".jsonl.gz", ""));

async function* once(chunk: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield chunk;
}

describe("a ledger of an earlier day", () => {
  it("is there", () => {
    expect(names.length).toBeGreaterThanOrEqual(4);
  });

  // What differs here is a change of what the log means to people who have one. `make.mjs` says what to do about it.
  it.each(names)("tells what it told then: %s", async (name) => {
    const path = join(folder, `${name}.db`);
    const imported = await importLedger(path, once(gunzipSync(readFileSync(new URL(`${name}.jsonl.gz`, here)))));
    expect(imported).toMatchObject({ _tag: "Right" });
    const opened = openLedger(path);
    if (opened._tag === "Left") throw opened.left;
    const told = readFileSync(new URL(`${name}.txt`, here), "utf8");
    const now = await transcript(questionsIn(told), (line) => typed(opened.right, line));
    opened.right.close();
    expect(now).toBe(told);
  });
});
