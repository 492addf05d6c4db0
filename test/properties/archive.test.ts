import { renameSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Session } from "../../src/engine/session.ts";
import { Upkeep } from "../../src/engine/upkeep/upkeep.ts";
import { archived, commitEnds, copyOf, reopened } from "../support/archives.ts";
import { scratchFolder } from "../support/folder.ts";
import { begin, carryOut, type Plan, troubledPlan } from "../support/plan.ts";
import { type Output, started, typed } from "../support/terminal.ts";

const folder = scratchFolder();
let files = 0;
const newFile = (): string => join(folder, `${++files}.db`);

const ofNow = [
  "get deploy,rs,pods,svc,endpointslices,nodes -o wide",
  "get deploy,rs,pods -o yaml",
  "describe deploy,pods",
  "events",
  "rollout history deploy/web",
  "rollout status deploy/web --watch=false",
  "ledger deploy/web -o json",
];
const ofThePast = [
  "log -o json",
  "log deploy/web",
  "ledger deploy/web -o wide",
  "timeline deploy/web",
  "explain deploy/web",
  "report deploy/web",
  "export",
];

const ask = async (session: Session, questions: readonly string[]): Promise<readonly Output[]> => {
  const answers: Output[] = [];
  for (const question of questions) answers.push(await typed(session, question));
  return answers;
};

const expectSound = async (path: string): Promise<void> => {
  const found = await Upkeep.ofFile(path).verify();
  if (found._tag === "Left") throw found.left;
  expect(found.right?.faults).toEqual([]);
};

const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** The plan's first half, in a new file. */
const played = async (plan: Plan): Promise<string> => {
  const path = newFile();
  const session = started(path, { seed: plan.seed, synchronous: "normal" });
  await begin(session, plan);
  for (const op of plan.ops.slice(0, plan.ops.length / 2)) await carryOut(session, op);
  session.close();
  return path;
};

const nthOf = (ends: readonly number[], part: number): number => ends[Math.floor(part * ends.length)] ?? 0;

// Two ledgers that record at the same times have the same hashes.
beforeAll(() => {
  vi.spyOn(Date, "now").mockReturnValue(Date.UTC(2026, 5, 1));
});
afterAll(() => {
  vi.restoreAllMocks();
});

describe("a ledger that was archived at any commit", () => {
  it("is the same ledger: it tells the same, and goes on to the same", async () => {
    await fc.assert(
      fc.asyncProperty(troubledPlan(8), share, share, share, async (plan, first, second, asked) => {
        const [path, rest] = [await played(plan), plan.ops.slice(plan.ops.length / 2)];
        const whole = reopened(copyOf(path, newFile()));
        const ends = commitEnds(whole);
        const { file } = await archived(path, nthOf(ends, first));
        const further = ends.filter((end) => end > nthOf(ends, first));
        if (further.length > 0) await archived(path, nthOf(further, second));
        await expectSound(file);
        await expectSound(path);

        const past = [...ofThePast, `get deploy,rs,pods -o yaml --as-of seq:${nthOf(ends, asked)}`];
        const divided = reopened(path);
        expect(divided.store.seam).toBeDefined();
        expect(divided.store.head()).toEqual(whole.store.head());
        expect([...divided.store.rows()]).toEqual([...whole.store.rows()]);
        expect(await ask(divided, [...ofNow, ...past])).toEqual(await ask(whole, [...ofNow, ...past]));

        for (const op of rest) for (const session of [divided, whole]) await carryOut(session, op);
        expect(divided.digest()).toBe(whole.digest());
        expect(divided.store.head()).toEqual(whole.store.head());
        expect(await ask(divided, [...ofNow, ...past])).toEqual(await ask(whole, [...ofNow, ...past]));
        divided.close();
        whole.close();
        await expectSound(path);
      }),
      { numRuns: 8 },
    );
  }, 30_000);

  it("needs its archive for nothing but the past, and says so there", async () => {
    await fc.assert(
      fc.asyncProperty(troubledPlan(8), share, async (plan, part) => {
        const [path, rest] = [await played(plan), plan.ops.slice(plan.ops.length / 2)];
        const whole = reopened(copyOf(path, newFile()));
        const seq = nthOf(commitEnds(whole), part);
        const { file } = await archived(path, seq);
        const away = `${file}.away`;
        renameSync(file, away);

        await expectSound(path);
        const divided = reopened(path);
        expect(await ask(divided, ofNow)).toEqual(await ask(whole, ofNow));
        for (const op of rest) for (const session of [divided, whole]) await carryOut(session, op);
        expect(await ask(divided, ofNow)).toEqual(await ask(whole, ofNow));
        const { seq: head } = divided.moment();
        if (head > seq) {
          const then = `get deploy,rs,pods -o yaml --as-of seq:${head}`;
          expect(await typed(divided, then)).toEqual(await typed(whole, then));
        }
        expect(await typed(divided, `log --from ${seq + 1}`)).toEqual(await typed(whole, `log --from ${seq + 1}`));
        const refusal = new RegExp(`^error: history up to .* \\(seq 1 to ${seq}\\) is in .*, which is not here`);
        for (const line of ["log", `log --from ${seq}`, ...ofThePast]) {
          const [said, should] = [await typed(divided, line), await typed(whole, line)];
          // What began behind the seam is told without the archive.
          const mayBeTold = line.includes("deploy/web") || seq === 1;
          if (mayBeTold && said.code === should.code && said.out === should.out) continue;
          expect(said, line).toEqual({ code: 1, out: "", err: expect.stringMatching(refusal) });
        }
        divided.close();

        const rebuilt = await Upkeep.ofFile(path).rebuild();
        expect(rebuilt._tag).toBe("Right");
        await expectSound(path);
        renameSync(away, file);
        await expectSound(path);
        const again = reopened(path);
        expect(again.digest()).toBe(whole.digest());
        expect(await ask(again, [...ofNow, ...ofThePast])).toEqual(await ask(whole, [...ofNow, ...ofThePast]));
        again.close();
        whole.close();
      }),
      { numRuns: 8 },
    );
  }, 30_000);
});
