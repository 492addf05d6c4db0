import { REVISION } from "../../kubernetes/well-known.ts";
import type { FoldedEvent } from "../events.ts";
import type { Deployment, DeploymentSpec, DeploymentStatus, ObjectRef } from "../state.ts";
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

  const withSpec = (change: Partial<DeploymentSpec>, generation: number): Deployment => ({
    ...before,
    meta: touched(before.meta, event, generation),
    spec: { ...before.spec, ...change },
  });
  const withStatus = (change: Partial<DeploymentStatus>): Deployment => ({
    ...before,
    meta: touched(before.meta, event),
    status: { ...before.status, ...change },
  });

  switch (event.type) {
    case "DeploymentTemplateChanged":
      return withSpec({ template: event.data.to }, event.data.generation);
    case "DeploymentScaled":
      return withSpec({ replicas: event.data.to }, event.data.generation);
    case "DeploymentStrategyChanged":
      return withSpec({ strategy: event.data.to }, event.data.generation);
    case "DeploymentPaused":
      return withSpec({ paused: true }, event.data.generation);
    case "DeploymentResumed":
      return withSpec({ paused: false }, event.data.generation);
    case "DeploymentSpecChanged":
      return { ...withSpec({}, event.data.generation), spec: patched(before.spec, event.data.patch) };
    case "DeploymentMetadataChanged":
      return { ...before, meta: touched(patched(before.meta, event.data.patch), event, event.data.generation) };
    case "DeploymentRevisionAssigned": {
      const annotations = { ...before.meta.annotations, [REVISION]: event.data.revision };
      return { ...before, meta: { ...touched(before.meta, event), annotations } };
    }
    case "DeploymentStatusChanged":
      return withStatus(event.data);
    case "DeploymentConditionChanged":
      return withStatus({ conditions: withConditionChange(before.status.conditions, event.data) });
    case "DeploymentDeletionRequested":
      return { ...before, meta: deletionRequested(before.meta, event, event.data) };
    case "DeploymentDeleted":
      return undefined;
    default:
      return unknownEvent(event);
  }
};
