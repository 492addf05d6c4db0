import { describe, expect, it } from "vitest";
import type { Session } from "../../src/engine/session.ts";
import { checkDeployment, type Statement } from "../../src/invariants/check.ts";
import { started, typed } from "../support/terminal.ts";

/** Plays command lines one after another, each when the cluster has come to rest, or `advance` says otherwise. */
const played = async (lines: readonly string[], files: Readonly<Record<string, string>> = {}): Promise<Session> => {
  const session = started();
  for (const line of lines) {
    const { code, err } = await typed(session, line, { files });
    if (code !== 0) throw new Error(`${line}: ${err}`);
  }
  return session;
};

/** What broke the statement first, without its place in the log; `held` when nothing did. */
const broken = (session: Session, statement: Statement, name = "web"): string => {
  const [verdict] = checkDeployment(session.log(), { namespace: "default", name }, [statement], session.now());
  return verdict?.violation?.message ?? "held";
};

const rollout = [
  "create deployment web --image=web:1 --replicas=4",
  "rollout status deploy/web",
  "set image deploy/web web=web:2",
  "rollout status deploy/web",
];
const floor: Statement = { type: "minAvailable", limit: "floor" };
const ceiling: Statement = { type: "maxReplicas", limit: "ceiling" };

describe("available pods", () => {
  it("are as many as a rolling update promises, and not one more is promised", async () => {
    const session = await played(rollout);
    expect(broken(session, floor)).toBe("held");
    expect(broken(session, { type: "minAvailable", limit: 3 })).toBe("held");
    expect(broken(session, { type: "minAvailable", limit: 4 })).toBe("3 available, 4 were due");
  });

  it("are not due before they have been there once: after creation, after scaling up", async () => {
    const session = await played([...rollout, "scale deploy/web --replicas=9", "rollout status deploy/web"]);
    expect(broken(session, floor)).toBe("held");
  });

  it("stay due as they were while more are on their way", async () => {
    const session = await played([
      ...rollout,
      "scale deploy/web --replicas=9",
      "fault fail pods -l app=web",
      "rollout status deploy/web",
    ]);
    expect(broken(session, floor)).toMatch(/^[012] available, 3 were due$/);
  });

  it("are fewer after a crash", async () => {
    const session = await played([...rollout, "fault crash pods -l app=web", "advance 1s"]);
    expect(broken(session, floor)).toBe("2 available, 3 were due");
  });

  it("count only when they were ready for minReadySeconds", async () => {
    const patch = `patch deploy/web -p {"spec":{"minReadySeconds":30}}`;
    const session = await played([...rollout, patch, "set image deploy/web web=web:3", "advance 20s"]);
    expect(broken(session, floor)).toBe("held");
    expect(broken(session, { type: "maxPods", limit: 4 })).toBe("5 pods, 4 allowed");
  });
});

describe("replicas asked for", () => {
  it("never exceed what the surge allows", async () => {
    const session = await played(rollout);
    expect(broken(session, ceiling)).toBe("held");
    expect(broken(session, { type: "maxReplicas", limit: 5 })).toBe("held");
    expect(broken(session, { type: "maxReplicas", limit: 4 })).toBe("5 replicas asked for, 4 allowed");
  });

  it("may be too many when nobody raised them: after scaling down in the middle of a rollout", async () => {
    const session = await played([
      "create deployment web --image=web:1 --replicas=8",
      "rollout status deploy/web",
      "set image deploy/web web=web:404",
      "advance 10s",
      "scale deploy/web --replicas=2",
      "advance 10s",
    ]);
    expect(broken(session, ceiling)).toBe("held");
  });
});

describe("a rollout", () => {
  it("finishes in time, or is said to have taken how long", async () => {
    const session = await played(rollout);
    expect(broken(session, { type: "finishesWithin", limitMs: 10_000 })).toBe("held");
    expect(broken(session, { type: "finishesWithin", limitMs: 1000 })).toMatch(/^finished after \d\.\d+s$/);
  });

  it("that never finishes is found out at the end", async () => {
    const session = await played([...rollout, "set image deploy/web web=web:404", "advance 1m"]);
    expect(broken(session, { type: "finishesWithin", limitMs: 3_600_000 })).toMatch(
      /^had not finished after 60(\.1)?s$/,
    );
  });

  it("has all the time in the world while it is paused", async () => {
    const session = await played([
      ...rollout,
      "set image deploy/web web=web:3",
      "rollout pause deploy/web",
      "advance 10m",
      "rollout resume deploy/web",
      "rollout status deploy/web",
      "set image deploy/web web=web:4",
      "rollout pause deploy/web",
      "advance 10m",
    ]);
    expect(broken(session, { type: "finishesWithin", limitMs: 20_000 })).toBe("held");
  });

  it("that another one replaces ends there", async () => {
    const session = await played([
      ...rollout,
      "set image deploy/web web=web:404",
      "advance 30s",
      "set image deploy/web web=web:3",
      "rollout status deploy/web",
    ]);
    expect(broken(session, { type: "finishesWithin", limitMs: 20_000 })).toBe("held");
  });
});

it("a Deployment that the log does not know breaks everything", async () => {
  const session = await played(rollout);
  expect(broken(session, floor, "wbe")).toBe("there was no such Deployment");
});

it("a Deployment that is deleted owes nothing any more", async () => {
  const session = await played([...rollout, "delete deploy/web", "advance 1m"]);
  expect(broken(session, floor)).toBe("held");
  expect(broken(session, { type: "finishesWithin", limitMs: 10_000 })).toBe("held");
});
