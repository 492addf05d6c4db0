import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import * as E from "fp-ts/lib/Either.js";
import { beforeAll, describe, expect, test } from "vitest";
import { importLedger } from "../../src/engine/import.ts";
import type { LedgerSession } from "../../src/engine/ledger-session.ts";
import { openLedger } from "../../src/engine/open.ts";
import { exportLine } from "../../src/event-store/export/records.ts";
import { scratchFolder } from "../support/folder.ts";
import { play, troubledPlan } from "../support/plan.ts";
import { started, typed } from "../support/terminal.ts";

const folder = scratchFolder();
let count = 0;
const newPath = (): string => join(folder, `${++count}.db`);

const linesOf = (session: LedgerSession): readonly string[] => Array.from(session.queries.records(), exportLine);

/** In chunks that end anywhere. */
async function* chunksOf(text: string, size: number): AsyncGenerator<Uint8Array, void> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const reimport = async (lines: readonly string[], chunkSize = 65_536): Promise<LedgerSession> => {
  const path = newPath();
  const imported = await importLedger(path, chunksOf(lines.join(""), chunkSize));
  if (E.isLeft(imported)) throw imported.left;
  const opened = openLedger(path, { roundTripMs: 0 });
  if (E.isLeft(opened)) throw opened.left;
  return opened.right;
};

const tables = ["streams", "types", "actors", "commits", "events", "blobs", "objects", "rollouts", "availability"];
const rowsOf = ({ store }: LedgerSession): unknown =>
  tables.map((table) => [table, store.sql.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all()]);

test("an imported export is the ledger that was exported, row for row, and goes on as that one would", () =>
  fc.assert(
    fc.asyncProperty(troubledPlan(8), fc.integer({ min: 1, max: 5000 }), async (plan, chunkSize) => {
      const session = started(":memory:", { seed: plan.seed });
      await play(session, plan);
      const copy = await reimport(linesOf(session), chunkSize);
      expect(rowsOf(copy)).toEqual(rowsOf(session));
      expect(copy.store.head()).toEqual(session.store.head());
      expect(linesOf(copy)).toEqual(linesOf(session));
      for (const each of [session, copy]) {
        await typed(each, "set image deploy/web web=web:9");
        await each.advance(30_000);
      }
      expect(copy.digest()).toBe(session.digest());
      session.close();
      copy.close();
    }),
    { numRuns: 3 },
  ));

describe("what is not as it was exported", () => {
  let lines: readonly string[];
  beforeAll(async () => {
    const session = started();
    await typed(session, "create deployment web --image=web:1 --replicas=2");
    await session.advance(5000);
    lines = linesOf(session);
    session.close();
  });

  /** The refusal of these lines; whatever it says, no file is there. */
  const refused = async (changed: readonly string[]): Promise<string> => {
    const path = newPath();
    const before = readdirSync(folder);
    const imported = await importLedger(path, chunksOf(changed.join(""), 1000));
    expect(readdirSync(folder)).toEqual(before);
    return E.isLeft(imported) ? imported.left.message : "it was taken in";
  };

  test("is refused with its line, whatever was changed in whichever commit or body", () =>
    fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), async (nth, at) => {
        const number = 1 + (nth % (lines.length - 2));
        const line = lines[number] ?? "";
        // Not a checkpoint: it proves nothing, and is judged when it is used.
        const places = Array.from(line.matchAll(/\d/g), ({ index }) => index);
        const place = places[at % places.length] ?? 0;
        const digit = String((Number(line[place]) + 1) % 10);
        const changed = `${line.slice(0, place)}${digit}${line.slice(place + 1)}`;
        expect(await refused(lines.with(number, changed))).toMatch(new RegExp(`^line ${number + 1}: `));
      }),
      { numRuns: 10 },
    ));

  test("is refused when a line is missing, doubled or moved", async () => {
    const first = lines.findIndex((line) => line.startsWith('{"commit"'));
    const [a = "", b = ""] = lines.slice(first + 3);
    expect(await refused(lines.filter((line) => line !== a))).toMatch(
      new RegExp(`^line ${first + 4}: event \\d+ stands where \\d+ should be$`),
    );
    expect(await refused(lines.flatMap((line) => (line === a ? [a, a] : [line])))).toMatch(/^line \d+: event/);
    expect(await refused(lines.map((line) => (line === a ? b : line === b ? a : line)))).toMatch(/^line \d+: event/);
  });

  test("is refused when it is cut off", async () => {
    expect(await refused(lines.slice(0, -4))).toMatch(/: the export ends with event \d+, and began by promising \d+/);
    expect(await refused([lines.join("").slice(0, -400)])).toMatch(/^line \d+: this is not JSON$/);
    expect(await refused([])).toBe("there is nothing in it");
  });

  test("is refused when it is no export, or a later one", async () => {
    expect(await refused(['{"apiVersion":"v1"}\n'])).toMatch(/^line 1: this is no export of a ledger/);
    expect(await refused(["seq,at\n1,2\n"])).toBe("line 1: this is not JSON");
    expect(await refused([(lines[0] ?? "").replace('"version":1', '"version":2'), ...lines.slice(1)])).toBe(
      "line 1: the export is of version 2, this program reads up to 1; upgrade to read it",
    );
    expect(await refused(lines.with(1, '{"something":1}\n'))).toBe(
      "line 2: this is neither a commit nor a body nor a checkpoint",
    );
    expect(await refused([...lines, ...lines])).toMatch(/^line \d+: a second header|^line \d+: this is neither/);
  });

  test("is not written over what is there", async () => {
    const path = newPath();
    writeFileSync(path, "mine");
    expect(await importLedger(path, chunksOf(lines.join(""), 1000))).toMatchObject({
      left: { message: `${path} exists already; an export becomes a new ledger` },
    });
  });

  test("an import that is stopped leaves nothing behind", async () => {
    const before = readdirSync(folder);
    const stop = new AbortController();
    stop.abort();
    const imported = await importLedger(newPath(), chunksOf(lines.join(""), 100), { signal: stop.signal });
    expect([imported, readdirSync(folder)]).toEqual([E.right(undefined), before]);
  });
});
