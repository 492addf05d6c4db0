/** The comparison itself: what it passes over, and what it does not. */
import { describe, expect, test } from "vitest";
import { exceptedDecisions } from "./exceptions.ts";
import { compareSaid } from "./outputs.ts";
import { compareProgress } from "./progress-lines.ts";
import { type KubectlStep, namespaceOf, type Said, type WatchedChange } from "./recording.ts";
import { veilOf, withoutChance, withoutValues } from "./texts.ts";

const same = ({ recorded, ours }: { readonly recorded: string; readonly ours: string }): boolean => recorded === ours;

describe("values in errors", () => {
  test.each([
    ["Invalid value: -1: must be greater", "Invalid value: …: must be greater"],
    ['Invalid value: map[string]string{"a":"x: y"}: no match', "Invalid value: …: no match"],
    ['Invalid value: {"matchLabels":{"a":"b"}}: no match', "Invalid value: …: no match"],
    [
      'Unsupported value: apps.Strategy{Type:"B", R:(*apps.R)(nil)}: supported values: "A"',
      'Unsupported value: …: supported values: "A"',
    ],
    ['Duplicate value: "web"', 'Duplicate value: "web"'],
  ])("%s", (text, expected) => {
    expect(withoutValues(text)).toBe(expected);
  });
});

test("ages, times and addresses are passed over, words and numbers are not", () => {
  expect(withoutChance("web   3/3   2m5s   10.1.2.3   v2s")).toBe("web  3/3  AGE  IP  v2s");
  expect(withoutChance("Scaled up replica set web-1 from 2 to 3")).toBe("Scaled up replica set web-1 to 3");
});

test("only the order of deletions that follow one another may differ in any recording", () => {
  const excepted = (recorded: string, ours: string) => exceptedDecisions("another", { recorded, ours });
  const scaled = "v2: 3 replicas\n";
  expect(excepted(`${scaled}v1: deleted\nv2: deleted\n`, `${scaled}v2: deleted\nv1: deleted\n`)).toBeDefined();
  expect(excepted(`v1: deleted\n${scaled}v2: deleted\n`, `v2: deleted\n${scaled}v1: deleted\n`)).toBeUndefined();
  expect(excepted(`${scaled}v1: deleted\n`, `${scaled}v2: deleted\n`)).toBeUndefined();
});

test("a recording's namespace is that of its objects, whatever its folder is called", () => {
  const namespaced = (namespace?: string): WatchedChange => {
    const metadata = { name: "web", ...(namespace === undefined ? {} : { namespace }) };
    return { t: 0, type: "ADDED", object: { apiVersion: "v1", kind: "Pod", metadata } };
  };
  expect(namespaceOf([namespaced(), namespaced("a1-roll")], "copy-of-a1")).toBe("a1-roll");
  expect(namespaceOf([], "a1-roll")).toBe("a1-roll");
});

test("a hash is known by the order in which its ReplicaSet came", () => {
  const replicaSet = (hash: string) => ({
    t: 0,
    type: "ADDED" as const,
    object: {
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      metadata: { name: `web-${hash}`, labels: { "pod-template-hash": hash } },
    },
  });
  const veil = veilOf([replicaSet("cf7bb55df"), replicaSet("7f4946d47b")]);
  expect(veil("web-7f4946d47b and web-cf7bb55df")).toBe("web-HASH2 and web-HASH1");
});

describe("the lines of a rollout's progress", () => {
  const told = (...lines: readonly (readonly [t: number, text: string])[]) =>
    lines.map(([t, text]) => ({ t, text: `${text}\n` }));
  const recorded = told([0, "1 of 3"], [700, "1 of 3"], [710, "2 old"], [715, "1 old"], [1400, "done"]);

  test("may be repeated, and may miss what lasted for moments", () => {
    expect(same(compareProgress(recorded, told([0, "1 of 3"], [700, "1 old"], [1400, "done"])))).toBe(true);
  });

  test("may not miss what lasted, nor tell anything else, nor in another order", () => {
    expect(same(compareProgress(recorded, told([0, "1 of 3"], [1400, "done"])))).toBe(false);
    expect(same(compareProgress(recorded, told([0, "1 of 3"], [700, "9 old"], [1400, "done"])))).toBe(false);
    expect(same(compareProgress(recorded, told([0, "1 old"], [700, "1 of 3"], [1400, "done"])))).toBe(false);
  });
});

describe("what a command said", () => {
  const step = (...words: readonly string[]): KubectlStep => ({
    kind: "kubectl",
    t: 0,
    t_end: 100,
    argv: ["kubectl", ...words],
  });
  const said = (stdout: string, stderr = "", exit = 0): Said => ({ stdout, stderr, exit, printed: [] });
  const veils = { recorded: veilOf([]), ours: veilOf([]) };
  const alike = (of: KubectlStep, recorded: Said, ours: Said): boolean => same(compareSaid(of, recorded, ours, veils));

  test("may differ in the order of rows, not in what they hold", () => {
    const rows = said("NAME   READY\na      1/1\nb      0/1\n");
    expect(alike(step("get", "pods"), rows, said("NAME   READY\nb      0/1\na      1/1\n"))).toBe(true);
    expect(alike(step("get", "pods"), rows, said("NAME   READY\nb      1/1\na      1/1\n"))).toBe(false);
  });

  test("must fail alike, our own lines below kubectl's apart", () => {
    const refused = said("", "error: no\n", 1);
    expect(alike(step("apply"), refused, said("", "error: no\n  web.yaml:7:3  did you mean yes?\n", 1))).toBe(true);
    expect(alike(step("apply"), refused, said("", "error: no\n", 2))).toBe(false);
    expect(alike(step("apply"), refused, said("", "error: never\n", 1))).toBe(false);
  });

  test("must refuse the same field, where 1.20's kubectl did so by its schema", () => {
    const refused = said("", 'error: ValidationError(Deployment.spec): unknown field "replica" in io.k8s', 1);
    expect(alike(step("apply"), refused, said("", 'strict decoding error: unknown field "spec.replica"\n', 1))).toBe(
      true,
    );
    expect(alike(step("apply"), refused, said("", 'strict decoding error: unknown field "spec.other"\n', 1))).toBe(
      false,
    );
    expect(alike(step("apply"), refused, said("deployment.apps/web created\n"))).toBe(false);
  });

  test("as YAML may differ in the order of keys and in times, not in values", () => {
    const yaml = said("metadata:\n  name: a\n  creationTimestamp: 2026-11-20T12:40:21Z\nspec:\n  replicas: 3\n");
    const other = said("spec:\n  replicas: 3\nmetadata:\n  creationTimestamp: 2026-01-01T00:00:00Z\n  name: a\n");
    expect(alike(step("get", "-o", "yaml"), yaml, other)).toBe(true);
    expect(alike(step("get", "-o", "yaml"), yaml, said(other.stdout.replace("3", "4")))).toBe(false);
  });
});
