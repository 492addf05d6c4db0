/** How the log says endpoints: without what follows from their slice, and a change without what stayed. */
import type { Endpoint } from "../kubernetes/objects.ts";
import type { EventCatalogue } from "./events.ts";

type Added = EventCatalogue["EndpointAdded"];
type Changed = EventCatalogue["EndpointChanged"];

/** The name of the pod behind an endpoint; every endpoint that our controller writes has one. */
export const podOfEndpoint = (endpoint: Endpoint): string => endpoint.targetRef?.name ?? "";

/** The fields of `after` that are new or others; undefined where it lacks one: then only the whole can tell. */
const changedFields = <T extends object>(before: T, after: T): Partial<T> | undefined => {
  const changed: Partial<T> = {};
  for (const field in before) if (!(field in after)) return undefined;
  for (const field in after) {
    if (JSON.stringify(before[field]) !== JSON.stringify(after[field])) changed[field] = after[field];
  }
  return changed;
};

const isEmpty = (changed: object | undefined): boolean => changed !== undefined && Object.keys(changed).length === 0;

const noneHolds: Endpoint["conditions"] = { ready: false, serving: false, terminating: false };

export const endpointAdded = (endpoint: Endpoint, namespace: string): Added => {
  const { targetRef, conditions, ...rest } = endpoint;
  const isOwnPod =
    targetRef !== undefined &&
    targetRef.kind === "Pod" &&
    targetRef.namespace === namespace &&
    Object.keys(targetRef).length === 4;
  if (!isOwnPod) return { endpoint };
  const pod = { name: targetRef.name, uid: targetRef.uid };
  return { pod, endpoint: isEmpty(changedFields(noneHolds, conditions)) ? rest : { ...rest, conditions } };
};

/** The endpoint that was added to a slice of the namespace, in full. */
export const addedEndpoint = (added: Added, namespace: string): Endpoint => {
  if (!("pod" in added)) return added.endpoint;
  return { conditions: noneHolds, ...added.endpoint, targetRef: { kind: "Pod", namespace, ...added.pod } };
};

/** The change between two endpoints of one pod. */
export const endpointChanged = (before: Endpoint, after: Endpoint): Changed => {
  const pod = podOfEndpoint(after);
  const { targetRef: _, ...to } = after;
  const { targetRef: __, ...from } = before;
  const others = changedFields({ ...from, conditions: null }, { ...to, conditions: null });
  const conditions = changedFields(before.conditions, after.conditions);
  return conditions && isEmpty(others) ? { pod, conditions } : { pod, to };
};

/** The endpoint after the change. */
export const changedEndpoint = (before: Endpoint, changed: Changed): Endpoint => {
  if ("conditions" in changed) return { ...before, conditions: { ...before.conditions, ...changed.conditions } };
  return before.targetRef ? { ...changed.to, targetRef: before.targetRef } : changed.to;
};
