import { labelValue } from "../../kubernetes/names.ts";
import type { StringMap } from "../../kubernetes/objects.ts";
import type { Pairs } from "../pairs.ts";
import type { Verb } from "../verb.ts";
import type { MapVerb } from "./change-map.ts";
import { changeMaps, mapFlags } from "./change-map.ts";

const refusePairs = ({ set, removed }: Pairs): string | undefined => {
  for (const [key, value] of Object.entries(set)) {
    const spec = `${key}=${value}`;
    if (value.includes("=")) return `invalid label spec: ${spec}`;
    const complaints = labelValue(value);
    if (complaints.length > 0) return `invalid label value: ${JSON.stringify(spec)}: ${complaints.join(";")}`;
  }
  const both = removed.some((key) => Object.hasOwn(set, key));
  return both ? "can not both modify and remove a label in the same command" : undefined;
};

const refuseOverwrite = (current: StringMap, set: StringMap): readonly string[] =>
  Object.entries(set)
    .filter(([key, value]) => current[key] !== undefined && current[key] !== value)
    .map(([key]) => `'${key}' already has a value (${current[key]}), and --overwrite is false`);

const labels: MapVerb = {
  map: "labels",
  word: "label",
  fieldManager: "kubectl-label",
  refusePairs,
  refuseOverwrite,
  aboutMissing: (current, removed) =>
    removed
      .filter((key) => current[key] === undefined)
      .map((key) => `label ${JSON.stringify(key)} not found.\n`)
      .join(""),
  /** kubectl takes an object whose JSON became shorter for unlabeled, unless overwriting was allowed. */
  outcome: (before, after, overwrite) => {
    const [from, to] = [JSON.stringify(before), JSON.stringify(after)];
    if (from.length === to.length && sameLabels(before.metadata.labels, after.metadata.labels)) return "not labeled";
    return !overwrite && to.length < from.length ? "unlabeled" : "labeled";
  },
};

const sameLabels = (a: StringMap = {}, b: StringMap = {}): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([key, value]) => b[key] === value);

export const label: Verb = {
  name: "label",
  summary: "Set, change or remove labels of objects",
  usage: "[--overwrite] (-f FILENAME | TYPE NAME) KEY=VALUE … KEY- …",
  examples: [
    "rollout label deployment web tier=front",
    "rollout label pod -l app=web canary=true --overwrite",
    "rollout label deployment web tier-",
  ],
  flags: mapFlags("label", labels.fieldManager),
  run: (ctx, invocation) => changeMaps(labels, ctx, invocation),
};
