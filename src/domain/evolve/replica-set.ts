import { REVISION, REVISION_HISTORY } from "../../kubernetes/well-known.ts";
import type { FoldedEvent } from "../events.ts";
import type { Meta, ObjectRef, ReplicaSet, ReplicaSetStatus } from "../state.ts";
import {
  createdMeta,
  deletionRequested,
  missing,
  patched,
  present,
  touched,
  unknownEvent,
  withConditionChange,
  withoutOwner,
} from "./meta.ts";
import { withSpec, withStatus } from "./workload.ts";

type ReplicaSetEvent = Extract<FoldedEvent, { readonly type: `ReplicaSet${string}` }>;

const newReplicaSetStatus: ReplicaSetStatus = {
  observedGeneration: 0,
  replicas: 0,
  fullyLabeledReplicas: 0,
  readyReplicas: 0,
  availableReplicas: 0,
  conditions: [],
};

export const evolveReplicaSet = (
  before: ReplicaSet | undefined,
  event: ReplicaSetEvent,
  ref: ObjectRef,
): ReplicaSet | undefined => {
  if (event.type === "ReplicaSetCreated") {
    if (before) throw present(event, ref);
    const { spec, ...meta } = event.data;
    return { kind: "ReplicaSet", meta: createdMeta(ref, meta, event), spec, status: newReplicaSetStatus };
  }
  if (!before) throw missing(event, ref);

  const withMeta = (change: Partial<Meta>): ReplicaSet => ({
    ...before,
    meta: { ...touched(before.meta, event), ...change },
  });

  switch (event.type) {
    case "ReplicaSetScaled":
      return withSpec(before, event, { ...before.spec, replicas: event.data.to });
    case "ReplicaSetTemplateChanged":
      return withSpec(before, event, { ...before.spec, template: event.data.to });
    case "ReplicaSetSpecChanged":
      return withSpec(before, event, patched(before.spec, event.data.patch));
    case "ReplicaSetRevisionAssigned": {
      const { revision, history } = event.data;
      const annotations = { ...before.meta.annotations, [REVISION]: revision };
      return withMeta({
        annotations: history === undefined ? annotations : { ...annotations, [REVISION_HISTORY]: history },
      });
    }
    case "ReplicaSetMetadataChanged":
      return { ...before, meta: touched(patched(before.meta, event.data.patch), event) };
    case "ReplicaSetStatusChanged":
      return withStatus(before, event, event.data);
    case "ReplicaSetConditionChanged":
      return withStatus(before, event, { conditions: withConditionChange(before.status.conditions, event.data) });
    case "ReplicaSetAdopted":
      return withMeta({ ownerReferences: [...before.meta.ownerReferences, event.data.owner] });
    case "ReplicaSetReleased":
      return withMeta({ ownerReferences: withoutOwner(before.meta.ownerReferences, event.data.owner.uid) });
    case "ReplicaSetDeletionRequested":
      return { ...before, meta: deletionRequested(before.meta, event, event.data) };
    case "ReplicaSetDeleted":
      return undefined;
    default:
      return unknownEvent(event);
  }
};
