/** Changes in a few words: of templates, of fields by patch, of counts and conditions. */
import type { Operation } from "rfc6902";
import type { ConditionChange, Patch } from "../../domain/events.ts";
import type { DeploymentStatus, Strategy } from "../../domain/state.ts";
import { canonicalJson } from "../../kubernetes/canonical-json.ts";
import type { Container, PodSpec, PodTemplate } from "../../kubernetes/objects.ts";
import { RESTARTED_AT } from "../../kubernetes/well-known.ts";
import { imageChange, shortImage } from "../images.ts";

const maxValueLength = 48;
const maxParts = 3;

const same = (a: unknown, b: unknown): boolean => canonicalJson(a ?? null) === canonicalJson(b ?? null);

const few = (parts: readonly string[]): string =>
  parts.length <= maxParts
    ? parts.join(", ")
    : `${parts.slice(0, maxParts - 1).join(", ")} and ${parts.length - maxParts + 1} more`;

const differing = (before: object, after: object): readonly string[] => {
  const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return [...new Set([...old.keys(), ...now.keys()])].filter((key) => !same(old.get(key), now.get(key)));
};

export const imagesOf = ({ containers }: PodSpec): string =>
  containers.map(({ image = "" }) => shortImage(image)).join(", ");

const containerChange = (before: Container | undefined, after: Container): readonly string[] => {
  if (!before) return [`container ${after.name} added`];
  const { image: from = "", ...restBefore } = before;
  const { image: to = "", ...restAfter } = after;
  return [
    ...(from === to ? [] : [`image ${imageChange(from, to)}`]),
    ...differing(restBefore, restAfter).map((field) => `${after.name}: ${field}`),
  ];
};

export const podSpecChange = (before: PodSpec, after: PodSpec): string => {
  const { containers: from, ...restBefore } = before;
  const { containers: to, ...restAfter } = after;
  const changed = to.flatMap((container) =>
    containerChange(
      from.find(({ name }) => name === container.name),
      container,
    ),
  );
  const removed = from.filter(({ name }) => !to.some((container) => container.name === name));
  return few([
    ...changed,
    ...removed.map(({ name }) => `container ${name} removed`),
    ...differing(restBefore, restAfter),
  ]);
};

/** `image nginx:1.14 → 1.15`, `restarted`, or the fields that changed. */
export const templateChange = (before: PodTemplate, after: PodTemplate): string => {
  const { [RESTARTED_AT]: restartedBefore, ...annotationsBefore } = before.metadata?.annotations ?? {};
  const { [RESTARTED_AT]: restartedAfter, ...annotationsAfter } = after.metadata?.annotations ?? {};
  const spec = podSpecChange(before.spec, after.spec);
  return few([
    ...(spec === "" ? [] : [spec]),
    ...(restartedBefore === restartedAfter ? [] : ["restarted"]),
    ...(same(before.metadata?.labels, after.metadata?.labels) ? [] : ["labels"]),
    ...(same(annotationsBefore, annotationsAfter) ? [] : ["annotations"]),
  ]);
};

/** `annotations.kubernetes.io/change-cause`. */
const fieldOf = ({ path }: Operation): string =>
  path
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .join(".");

const operationText = (operation: Operation): string => {
  const field = fieldOf(operation);
  if (operation.op === "remove") return `${field} removed`;
  if (operation.op !== "add" && operation.op !== "replace") return `${field} changed`;
  const value = typeof operation.value === "string" ? operation.value : JSON.stringify(operation.value);
  return value.length > maxValueLength ? `${field} changed` : `${field} = ${value}`;
};

export const patchText = (patch: Patch): string => few(patch.map(operationText));

const countNames: Readonly<Record<string, string>> = {
  observedGeneration: "generation",
  replicas: "pods",
  updatedReplicas: "updated",
  readyReplicas: "ready",
  availableReplicas: "available",
  unavailableReplicas: "unavailable",
  fullyLabeledReplicas: "labeled",
  collisionCount: "collisions",
};

/** What a controller believed: `ready 3, available 3`. */
export const countsText = (change: Partial<DeploymentStatus> | { readonly fullyLabeledReplicas?: number }): string =>
  Object.entries(change)
    .flatMap(([field, count]) => (typeof count === "number" ? [`${countNames[field] ?? field} ${count}`] : []))
    .join(", ");

export const conditionText = (change: ConditionChange): string => {
  if ("removed" in change) return `${change.type} removed`;
  const { type, status, reason } = change;
  return [type, ...(status === undefined ? [] : [status]), ...(reason === undefined ? [] : [`(${reason})`])].join(" ");
};

export const strategyText = (strategy: Strategy): string =>
  strategy.type === "Recreate"
    ? "Recreate"
    : `${strategy.rollingUpdate.maxUnavailable} unavailable, ${strategy.rollingUpdate.maxSurge} surge`;
