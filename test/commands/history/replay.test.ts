import { beforeAll, describe, expect, it } from "vitest";
import type { LedgerSession } from "../../../src/engine/ledger-session.ts";
import { started, typed } from "../../support/terminal.ts";

let session: LedgerSession;

beforeAll(async () => {
  session = started();
  await typed(session, "create deployment web --image=web:1 --replicas=2");
  await typed(session, "rollout status deploy/web");
  await typed(session, "set image deploy/web web=web:2");
  await typed(session, "rollout status deploy/web");
});

/** The first line of each picture. */
const positions = (out: string): readonly string[] => out.match(/(?:change) \d+ of \d+/g) ?? [];

describe("a replay without a terminal", () => {
  it("prints pictures from the first to the last change, with the tables as they were", async () => {
    const { code, out } = await typed(session, "replay deploy/web");
    expect(code).toBe(0);
    const seen = positions(out);
    const last = /of (\d+)/.exec(seen[0] ?? "")?.[1];
    expect([seen[0], seen.at(-1)]).toEqual([`change 0 of ${last}`, `change ${last} of ${last}`]);
    expect(seen.length).toBeLessThanOrEqual(21);
    expect(out).toContain("web    2/2     2            2");
    expect(out).toMatch(/#2 +2 /);
  });

  it("begins, where it is to show the creation, with what was before it", async () => {
    const { out } = await typed(session, "replay deploy/web --all --step");
    expect(out).toMatch(/change 0 of \d+\n[\s\S]*?\ndeploy\/web is not there\n[\s\S]*change 1 of/);
    expect(out).not.toContain("NotFound");
  });

  it("prints a picture for every change with --step, none of them telling what came later", async () => {
    const { out } = await typed(session, "replay deploy/web --step");
    const pictures = out.split(/(?=^\S+ (?:paused|end) )/m);
    expect(pictures).toHaveLength(positions(out).length);
    expect(positions(out).length).toBe(Number(/of (\d+)/.exec(out)?.[1]) + 2);
    const whileRunning = pictures.filter((picture) => picture.includes("#2") && picture.includes("running for"));
    expect(whileRunning.length).toBeGreaterThan(5);
    expect(whileRunning.filter((picture) => /#2 .*complete/.test(picture))).toEqual([]);
  });

  it("changes nothing, and lets no time pass", async () => {
    const before = [session.digest(), session.now()];
    await typed(session, "replay deploy/web --step");
    expect([session.digest(), session.now()]).toEqual(before);
  });

  it("says what is wrong with a speed, a part of history or a name", async () => {
    expect((await typed(session, "replay deploy/web --speed fast")).err).toContain("--speed");
    expect((await typed(session, "replay deploy/web --from nowhere")).err).toContain("no point in history");
    expect(await typed(session, "replay deploy/wed")).toMatchObject({
      code: 1,
      err: expect.stringContaining(`"wed" not found`),
    });
    expect((await typed(session, "replay pod/web")).err).toContain("only deployments");
  });

  it("of nothing says so, as timeline and report do", async () => {
    const nothing = { code: 0, out: "", err: "No resources found in other namespace.\n" };
    expect(await typed(session, "replay -n other")).toEqual(nothing);
  });
});

describe("a replay at a keyboard", () => {
  const watched = async (...keys: readonly string[]): Promise<readonly string[]> =>
    positions((await typed(session, "replay deploy/web --step", { keys: [...keys, "q"] })).out).map(
      (position) => position.split(" ")[1] ?? "",
    );

  it("steps forwards and backwards, and jumps to the end and the start", async () => {
    expect(await watched("n", "n", "p")).toEqual(["0", "1", "2", "1"]);
    const [, end, start] = await watched("G", "g");
    expect([Number(end) > 10, start]).toEqual([true, "0"]);
  });

  it("gives the screen back as it was", async () => {
    const { out, code } = await typed(session, "replay deploy/web --step", { keys: ["ctrl-c"] });
    expect(code).toBe(0);
    expect(out.startsWith("\u001b[?1049h")).toBe(true);
    expect(out.endsWith("\u001b[?1049l")).toBe(true);
  });
});
