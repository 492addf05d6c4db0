import { createPatch } from "rfc6902";
import { REVISION, REVISION_HISTORY } from "../../../kubernetes/well-known.ts";
import type { DomainEvent } from "../../events.ts";
import type { Meta, ReplicaSet, ReplicaSetSpec, ReplicaSetStatus } from "../../state.ts";
import { conditionChanges, metadataPatch, ownershipEvents } from "./meta.ts";

type Next = { readonly meta: Meta; readonly spec: ReplicaSetSpec };

const otherSpec = ({ replicas: _1, template: _2, ...rest }: ReplicaSetSpec) => rest;

/** Splits the revision annotations off: they have an event of their own. */
const revisionChange = (before: Meta, next: Meta): { readonly events: readonly DomainEvent[]; readonly rest: Meta } => {
  const revision = next.annotations[REVISION];
  const history = next.annotations[REVISION_HISTORY];
  const from = before.annotations[REVISION];
  const historyChanged = history !== before.annotations[REVISION_HISTORY];
  if (revision === undefined || (revision === from && !historyChanged) || (historyChanged && history === undefined)) {
    return { events: [], rest: before };
  }
  const data = {
    revision,
    ...(from === undefined ? {} : { from }),
    ...(historyChanged && history !== undefined ? { history } : {}),
  };
  const annotations = {
    ...before.annotations,
    [REVISION]: revision,
    ...(history === undefined ? {} : { [REVISION_HISTORY]: history }),
  };
  return { events: [{ type: "ReplicaSetRevisionAssigned", data }], rest: { ...before, annotations } };
};

/** An update of the main resource: the generation rises by one when the spec changed. */
export const diffReplicaSet = (before: ReplicaSet, next: Next): readonly DomainEvent[] => {
  const generation = before.meta.generation + 1;
  const { spec: from } = before;
  const { spec: to } = next;
  const ownership = ownershipEvents("ReplicaSet", before.meta, next.meta);
  const revision = revisionChange(ownership.meta, next.meta);
  const events = [...ownership.events, ...revision.events];
  if (from.replicas !== to.replicas) {
    events.push({ type: "ReplicaSetScaled", data: { from: from.replicas, to: to.replicas, generation } });
  }
  if (from.template.digest !== to.template.digest || from.template.hash !== to.template.hash) {
    events.push({ type: "ReplicaSetTemplateChanged", data: { from: from.template, to: to.template, generation } });
  }
  const patch = createPatch(otherSpec(from), otherSpec(to));
  if (patch.length > 0) events.push({ type: "ReplicaSetSpecChanged", data: { patch, generation } });
  const metaPatch = metadataPatch(revision.rest, next.meta);
  if (metaPatch.length > 0) events.push({ type: "ReplicaSetMetadataChanged", data: { patch: metaPatch } });
  return events;
};

const counters = [
  "observedGeneration",
  "replicas",
  "fullyLabeledReplicas",
  "readyReplicas",
  "availableReplicas",
] as const;

const changedCounts = (from: ReplicaSetStatus, to: ReplicaSetStatus): Partial<ReplicaSetStatus> =>
  Object.fromEntries(counters.flatMap((name) => (from[name] === to[name] ? [] : [[name, to[name]]])));

export const diffReplicaSetStatus = (before: ReplicaSet, next: ReplicaSet): readonly DomainEvent[] => {
  const changes = conditionChanges(before.status.conditions, next.status.conditions);
  const data = {
    ...changedCounts(before.status, next.status),
    ...(changes ? {} : { conditions: next.status.conditions }),
  };
  const events: DomainEvent[] = [];
  if (Object.keys(data).length > 0) events.push({ type: "ReplicaSetStatusChanged", data });
  for (const change of changes ?? []) events.push({ type: "ReplicaSetConditionChanged", data: change });
  return events;
};
