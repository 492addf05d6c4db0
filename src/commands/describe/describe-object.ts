/** The description of one object, with what belongs to it: its events, ReplicaSets, pods, endpoints. */

import type { EntityKind } from "../../domain/state.ts";
import type { Session } from "../../engine/session.ts";
import { equalIgnoreHash } from "../../kubernetes/equality.ts";
import type { Deployment, EndpointSlice, KubeObject, Pod, ReplicaSet } from "../../kubernetes/objects.ts";
import type { PrintableObject } from "../../kubernetes/printing/columns/index.ts";
import type { DescribeContext } from "../../kubernetes/printing/describe/events.ts";
import { describeGeneric } from "../../kubernetes/printing/describe/generic.ts";
import { describeEndpointSlice, describeService } from "../../kubernetes/printing/describe/network.ts";
import { describeNode } from "../../kubernetes/printing/describe/node.ts";
import {
  describeConfigMap,
  describeNamespace,
  describePodDisruptionBudget,
  describeSecret,
} from "../../kubernetes/printing/describe/plain.ts";
import { describePod } from "../../kubernetes/printing/describe/pod.ts";
import { describeDeployment, describeReplicaSet } from "../../kubernetes/printing/describe/workloads.ts";
import { SERVICE_NAME } from "../../kubernetes/well-known.ts";
import { printable } from "../objects.ts";
import { replicaSetsOf, templateOf } from "../rollout/revisions.ts";

const isA =
  <K extends EntityKind>(kind: K) =>
  (object: PrintableObject): object is Extract<PrintableObject, { readonly kind: K }> =>
    object.kind === kind;

const listed = <K extends EntityKind>(session: Session, kind: K, namespace?: string) =>
  session.list(kind, namespace).map(printable).filter(isA(kind));

const isControlledBy = (object: KubeObject, owner: KubeObject): boolean =>
  object.metadata.ownerReferences?.some(({ controller, uid }) => controller && uid === owner.metadata.uid) ?? false;

const podsOf = (session: Session, replicaSet: ReplicaSet): readonly Pod[] =>
  listed(session, "Pod", replicaSet.metadata.namespace).filter((pod) => isControlledBy(pod, replicaSet));

const splitReplicaSets = (session: Session, deployment: Deployment) => {
  const owned = replicaSetsOf(session, deployment);
  const newReplicaSet = owned.find((replicaSet) => equalIgnoreHash(templateOf(replicaSet), deployment.spec.template));
  return { newReplicaSet, oldReplicaSets: owned.filter((replicaSet) => replicaSet !== newReplicaSet) };
};

const endpointSlicesOf = (session: Session, service: KubeObject): readonly EndpointSlice[] =>
  listed(session, "EndpointSlice", service.metadata.namespace).filter(
    ({ metadata }) => metadata.labels?.[SERVICE_NAME] === service.metadata.name,
  );

const podsOn = (session: Session, node: KubeObject): readonly Pod[] =>
  listed(session, "Pod").filter(
    ({ spec, status }) =>
      spec.nodeName === node.metadata.name && status?.phase !== "Succeeded" && status?.phase !== "Failed",
  );

const contextOf = (session: Session, { kind, metadata }: KubeObject, showEvents: boolean): DescribeContext => {
  const nowMs = session.now();
  if (!showEvents) return { nowMs };
  const events = session
    .events(metadata.namespace)
    .filter(
      ({ involvedObject: { kind: about, name, uid } }) =>
        about === kind && name === metadata.name && (uid === undefined || uid === metadata.uid),
    );
  return { nowMs, events };
};

export const describeObject = (session: Session, object: PrintableObject, showEvents: boolean): string => {
  const context = contextOf(session, object, showEvents);
  switch (object.kind) {
    case "Deployment":
      return describeDeployment(object, { ...context, ...splitReplicaSets(session, object) });
    case "ReplicaSet":
      return describeReplicaSet(object, { ...context, pods: podsOf(session, object) });
    case "Pod":
      return describePod(object, context);
    case "Service":
      return describeService(object, { ...context, endpointSlices: endpointSlicesOf(session, object) });
    case "EndpointSlice":
      return describeEndpointSlice(object, context);
    case "Node":
      return describeNode(object, { ...context, pods: podsOn(session, object) });
    case "Namespace":
      return describeNamespace(object);
    case "ConfigMap":
      return describeConfigMap(object, context);
    case "Secret":
      return describeSecret(object);
    case "PodDisruptionBudget":
      return describePodDisruptionBudget(object, context);
    case "Endpoints":
    case "Event":
      return describeGeneric(object, context);
  }
};
