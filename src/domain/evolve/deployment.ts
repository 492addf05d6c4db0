import { REVISION } from "../../kubernetes/well-known.ts";
import type { FoldedEvent } from "../events.ts";
import type { Deployment, DeploymentStatus, ObjectRef } from "../state.ts";
import {
  createdMeta,
  deletionRequested,
  missing,
  patched,
  present,
  touched,
  unknownEvent,
  withConditionChange,
} from "./meta.ts";
import { withSpec, withStatus } from "./workload.ts";

type DeploymentEvent = Extract<FoldedEvent, { readonly type: `Deployment${string}` }>;

const newDeploymentStatus: DeploymentStatus = {
  observedGeneration: 0,
  replicas: 0,
  updatedReplicas: 0,
  readyReplicas: 0,
  availableReplicas: 0,
  unavailableReplicas: 0,
  conditions: [],
};

export const evolveDeployment = (
  before: Deployment | undefined,
  event: DeploymentEvent,
  ref: ObjectRef,
): Deployment | undefined => {
  if (event.type === "DeploymentCreated") {
    if (before) throw present(event, ref);
    const { spec, ...meta } = event.data;
    return { kind: "Deployment", meta: createdMeta(ref, meta, event), spec, status: newDeploymentStatus };
  }
  if (!before) throw missing(event, ref);

  switch (event.type) {
    case "DeploymentTemplateChanged":
      return withSpec(before, event, { ...before.spec, template: event.data.to });
    case "DeploymentScaled":
      return withSpec(before, event, { ...before.spec, replicas: event.data.to });
    case "DeploymentStrategyChanged":
      return withSpec(before, event, { ...before.spec, strategy: event.data.to });
    case "DeploymentPaused":
      return withSpec(before, event, { ...before.spec, paused: true });
    case "DeploymentResumed":
      return withSpec(before, event, { ...before.spec, paused: false });
    case "DeploymentSpecChanged":
      return withSpec(before, event, patched(before.spec, event.data.patch));
    case "DeploymentMetadataChanged":
      return { ...before, meta: touched(patched(before.meta, event.data.patch), event, event.data.generation) };
    case "DeploymentRevisionAssigned": {
      const annotations = { ...before.meta.annotations, [REVISION]: event.data.revision };
      return { ...before, meta: { ...touched(before.meta, event), annotations } };
    }
    case "DeploymentStatusChanged":
      return withStatus(before, event, event.data);
    case "DeploymentConditionChanged":
      return withStatus(before, event, { conditions: withConditionChange(before.status.conditions, event.data) });
    case "DeploymentDeletionRequested":
      return { ...before, meta: deletionRequested(before.meta, event, event.data) };
    case "DeploymentDeleted":
      return undefined;
    default:
      return unknownEvent(event);
  }
};
