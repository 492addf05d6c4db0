import * as E from "fp-ts/lib/Either.js";
import { describe, expect, it, test } from "vitest";
import { faultLines, parseScenario, type Scenario } from "../../src/scenario/parse.ts";
import { brokenScenarios } from "./broken-scenarios.ts";

const parsed = (text: string, file = "stories/web.yaml"): Scenario => {
  const scenario = parseScenario(text, file);
  if (E.isLeft(scenario)) throw new Error(faultLines(file, scenario.left).join("\n"));
  return scenario.right;
};

describe("a broken scenario", () => {
  test.each(brokenScenarios)("with $title is refused where it is wrong", ({ text, faults }) => {
    const scenario = parseScenario(text, "s.yaml");
    const lines = E.isLeft(scenario) ? faultLines("s.yaml", scenario.left) : ["it was accepted"];
    expect(lines).toEqual(faults.map((fault) => `s.yaml:${fault}`));
  });
});

describe("a scenario", () => {
  it("is called by its name, or by its file", () => {
    expect(parsed("name: Canary\nsteps: [{run: get pods}]").title).toBe("Canary");
    expect(parsed("steps: [{run: get pods}]").title).toBe("web");
  });

  it("reads behaviours in the words of `rollout behave`", () => {
    const { behaviours } = parsed(`
behaviours:
  - image: web:2
    ready: 1m30s
    crash-after: 5s
    exit-code: 3
  - labels: app=web,tier=front
    never-ready: true
steps: [{run: get pods}]
`);
    expect(behaviours).toEqual([
      {
        selector: { image: "web:2" },
        behaviour: { readyMs: 90_000, neverReady: false, crashAfterMs: 5000, exitCode: 3 },
      },
      { selector: { labels: { app: "web", tier: "front" } }, behaviour: { neverReady: true } },
    ]);
  });

  it("reads a number of nodes, or each of them", () => {
    expect(parsed("nodes: 5\nsteps: [{run: get pods}]").nodes).toBe(5);
    expect(parsed("nodes: [{name: a}, {name: b, capacity: {cpu: 2}}]\nsteps: [{run: get pods}]").nodes).toEqual([
      { name: "a" },
      { name: "b", capacity: { cpu: "2" } },
    ]);
  });

  it("reads a fault as the command it stands for", () => {
    const [step] = parsed("steps: [{fault: node node-1 down}]").steps;
    expect(step?.fault).toMatchObject([{ typed: "rollout fault node node-1 down" }]);
  });

  it("knows where its parts were written", () => {
    const { where } = parsed("steps:\n  - run: get pods\n    expect: x\n");
    expect(where(["steps", 0, "expect"])).toBe("stories/web.yaml:3:5");
  });
});
