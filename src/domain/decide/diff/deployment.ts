import { createPatch } from "rfc6902";
import { REVISION } from "../../../kubernetes/well-known.ts";
import type { DomainEvent } from "../../events.ts";
import type { Deployment, DeploymentSpec, DeploymentStatus, Meta } from "../../state.ts";
import { conditionChanges, metadataPatch, sameJson } from "./meta.ts";

type Next = { readonly meta: Meta; readonly spec: DeploymentSpec };

/** Fields without an event of their own. */
const otherSpec = ({ replicas: _1, template: _2, strategy: _3, paused: _4, ...rest }: DeploymentSpec) => rest;

/**
 * An update of the main resource. The generation rises by one when the spec or (a peculiarity of Deployments) an
 * annotation changed; labels alone do not raise it.
 */
export const diffDeployment = (before: Deployment, next: Next): readonly DomainEvent[] => {
  const events: DomainEvent[] = [];
  const generation = before.meta.generation + 1;
  const from = before.spec;
  const to = next.spec;
  if (from.template !== to.template) {
    events.push({ type: "DeploymentTemplateChanged", data: { from: from.template, to: to.template, generation } });
  }
  if (from.replicas !== to.replicas) {
    events.push({ type: "DeploymentScaled", data: { from: from.replicas, to: to.replicas, generation } });
  }
  if (!sameJson(from.strategy, to.strategy)) {
    events.push({ type: "DeploymentStrategyChanged", data: { from: from.strategy, to: to.strategy, generation } });
  }
  if (from.paused !== to.paused) {
    events.push({ type: to.paused ? "DeploymentPaused" : "DeploymentResumed", data: { generation } });
  }
  const patch = createPatch(otherSpec(from), otherSpec(to));
  if (patch.length > 0) events.push({ type: "DeploymentSpecChanged", data: { patch, generation } });

  const metaPatch = metadataPatch(before.meta, next.meta);
  if (metaPatch.length > 0) {
    const raises = !sameJson(before.meta.annotations, next.meta.annotations);
    events.push({ type: "DeploymentMetadataChanged", data: { patch: metaPatch, ...(raises ? { generation } : {}) } });
  }
  return events;
};

const counters = [
  "observedGeneration",
  "replicas",
  "updatedReplicas",
  "readyReplicas",
  "availableReplicas",
  "unavailableReplicas",
  "collisionCount",
] as const;

const changedCounts = (from: DeploymentStatus, to: DeploymentStatus): Partial<DeploymentStatus> =>
  Object.fromEntries(
    counters.flatMap((name) => (from[name] === to[name] || to[name] === undefined ? [] : [[name, to[name]]])),
  );

/**
 * An update of `/status`: status and annotations are taken, and the generation stays. This is how the controller writes
 * the revision annotation.
 */
export const diffDeploymentStatus = (before: Deployment, next: Deployment): readonly DomainEvent[] => {
  const events: DomainEvent[] = [];
  const { [REVISION]: revisionBefore, ...annotationsBefore } = before.meta.annotations;
  const { [REVISION]: revision, ...annotations } = next.meta.annotations;
  if (revision !== undefined && revision !== revisionBefore) {
    const from = revisionBefore === undefined ? {} : { from: revisionBefore };
    events.push({ type: "DeploymentRevisionAssigned", data: { revision, ...from } });
  }
  const patch = metadataPatch({ ...before.meta, annotations: annotationsBefore }, { ...before.meta, annotations });
  if (patch.length > 0) events.push({ type: "DeploymentMetadataChanged", data: { patch } });

  const changes = conditionChanges(before.status.conditions, next.status.conditions);
  const counts = {
    ...changedCounts(before.status, next.status),
    ...(changes ? {} : { conditions: next.status.conditions }),
  };
  if (Object.keys(counts).length > 0) events.push({ type: "DeploymentStatusChanged", data: counts });
  for (const data of changes ?? []) events.push({ type: "DeploymentConditionChanged", data });
  return events;
};
