import { describe, expect, it } from "vitest";
import { type BehaviourRule, behaviourOf, behaviourRuleSchema } from "../../src/simulation/behaviour.ts";

const rule = (selector: BehaviourRule["selector"], behaviour: BehaviourRule["behaviour"]): BehaviourRule => ({
  selector,
  behaviour,
});

describe("a container's behaviour", () => {
  it("is to start in a second, be ready a second later, and run until it is told to stop", () => {
    expect(behaviourOf([], "web:1", {})).toEqual({
      pullMs: 0,
      failPull: false,
      initMs: 1000,
      startMs: 1000,
      readyMs: 1000,
      neverReady: false,
      crashAfterMs: -1,
      exitCode: 1,
      stopMs: 1000,
      ignoresSigterm: false,
    });
  });

  it("is not to be there at all with the tag 404, unless a rule says otherwise", () => {
    expect(behaviourOf([], "registry.example/web:404", {}).failPull).toBe(true);
    expect(behaviourOf([], "web:4040", {}).failPull).toBe(false);
    expect(behaviourOf([rule({ image: "web:404" }, { failPull: false })], "web:404", {}).failPull).toBe(false);
  });

  it("comes from the rules for its image, with or without the registry's path, and for its pod's labels", () => {
    const rules = [
      rule({ image: "web:2" }, { readyMs: 2 }),
      rule({ labels: { app: "web" } }, { startMs: 3 }),
      rule({ image: "web:2", labels: { tier: "front" } }, { stopMs: 4 }),
      rule({}, { initMs: 5 }),
    ];
    const of = (image: string, labels: Readonly<Record<string, string>>) => {
      const { readyMs, startMs, stopMs, initMs } = behaviourOf(rules, image, labels);
      return [readyMs, startMs, stopMs, initMs];
    };
    expect(of("web:2", {})).toEqual([2, 1000, 1000, 5]);
    expect(of("registry.example/shop/web:2", { tier: "front" })).toEqual([2, 1000, 4, 5]);
    expect(of("myweb:2", { app: "web", tier: "front" })).toEqual([1000, 3, 1000, 5]);
  });

  it("follows the last of several rules, field by field", () => {
    const rules = [rule({}, { readyMs: 1, startMs: 1 }), rule({ image: "web:1" }, { readyMs: 2 })];
    expect(behaviourOf(rules, "web:1", {})).toMatchObject({ readyMs: 2, startMs: 1 });
  });

  it("is told in known words only", () => {
    expect(behaviourRuleSchema.safeParse({ selector: {}, behaviour: { readyMs: 5 } }).success).toBe(true);
    for (const behaviour of [{ readyMs: -1 }, { exitCode: 256 }, { readyMs: 1.5 }, { explode: true }]) {
      expect(behaviourRuleSchema.safeParse({ selector: {}, behaviour }).success).toBe(false);
    }
    expect(behaviourRuleSchema.safeParse({ selector: { name: "web" }, behaviour: {} }).success).toBe(false);
  });
});
