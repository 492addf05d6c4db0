import type { StringMap } from "../../kubernetes/objects.ts";
import { CHANGE_CAUSE } from "../../kubernetes/well-known.ts";
import type { Pairs } from "../pairs.ts";
import type { Verb } from "../verb.ts";
import type { MapVerb } from "./change-map.ts";
import { changeMaps, mapFlags } from "./change-map.ts";

const refusePairs = ({ set, removed }: Pairs): string | undefined => {
  const both = removed.filter((key) => Object.hasOwn(set, key));
  return both.length > 0
    ? `can not both modify and remove the following annotation(s) in the same command: ${both.join(", ")}`
    : undefined;
};

/** The same value again is no overwriting, and the change-cause may always be written anew. */
const refuseOverwrite = (current: StringMap, set: StringMap): readonly string[] => {
  const faults = Object.entries(set)
    .filter(([key, value]) => key !== CHANGE_CAUSE && current[key] !== undefined && current[key] !== value)
    .map(([key]) => `'${key}' already has a value (${current[key]})`);
  return faults.length > 0
    ? [`--overwrite is false but found the following declared annotation(s): ${faults.join("; ")}`]
    : [];
};

const annotations: MapVerb = {
  map: "annotations",
  word: "annotation",
  fieldManager: "kubectl-annotate",
  refusePairs,
  refuseOverwrite,
  outcome: () => "annotated",
};

export const annotate: Verb = {
  name: "annotate",
  summary: "Set, change or remove annotations of objects",
  usage: "[--overwrite] (-f FILENAME | TYPE NAME) KEY=VALUE … KEY- …",
  examples: [
    'rollout annotate deployment/web kubernetes.io/change-cause="image to v2"',
    "rollout annotate pod web-5db6b86685-x2k9q controller.kubernetes.io/pod-deletion-cost=-10",
    "rollout annotate deployment/web note-",
  ],
  flags: mapFlags("annotation", annotations.fieldManager),
  run: (ctx, invocation) => changeMaps(annotations, ctx, invocation),
};
