/** Every kind of event in a few words, without what its type and its object say already. */
import type { BodySource } from "../../domain/bodies.ts";
import { addedEndpoint, podOfEndpoint } from "../../domain/endpoints.ts";
import type { CreatedMeta, EventCatalogue, EventType, Patch } from "../../domain/events.ts";
import { ownersOf } from "../../domain/owners.ts";
import type { Deletion, Digest, ReplicaSetSpec, TemplateRef } from "../../domain/state.ts";
import type { Json, JsonObject } from "../../kubernetes/json.ts";
import type { Endpoint, OwnerReference } from "../../kubernetes/objects.ts";
import { shortDuration } from "../format.ts";
import {
  conditionText,
  countsText,
  imagesOf,
  patchText,
  podSpecChange,
  strategyText,
  templateChange,
} from "./changes.ts";

type Summaries = { readonly [T in EventType]: (data: EventCatalogue[T], bodies: BodySource) => string };

const nothing = (): string => "";
const patched = ({ patch }: { readonly patch: Patch }): string => patchText(patch);
const moved = ({ from, to }: { readonly from?: string | number; readonly to: string | number }): string =>
  from === undefined ? String(to) : `${from} → ${to}`;
const short = (digest: Digest): string => digest.slice(0, 8);
const content = ({ from, to }: { readonly from: Digest; readonly to: Digest }): string =>
  `${short(from)} → ${short(to)}`;

const ownerText = ({ kind, name }: OwnerReference): string => `${kind.toLowerCase()}/${name}`;
const taken = ({ owner }: { readonly owner: OwnerReference }): string => `by ${ownerText(owner)}`;
const letGo = ({ owner }: { readonly owner: OwnerReference }): string => `from ${ownerText(owner)}`;

const withOwner = (created: CreatedMeta): string => {
  const owner = ownersOf(created).find(({ controller }) => controller === true);
  return owner ? `for ${ownerText(owner)}` : "";
};

const workload = (replicas: number, template: Digest, bodies: BodySource): string =>
  `${replicas} ${replicas === 1 ? "replica" : "replicas"}, image ${imagesOf(bodies.template(template).spec)}`;

const templates = (from: Digest, to: Digest, bodies: BodySource): string =>
  templateChange(bodies.template(from), bodies.template(to));

const deletion = ({
  graceSeconds,
  propagation,
}: Pick<Deletion, "graceSeconds"> & { readonly propagation?: string }): string =>
  [...(propagation ? [propagation] : []), ...(graceSeconds > 0 ? [`grace ${graceSeconds}s`] : [])].join(", ");

const endpointState = ({ ready, serving, terminating }: Endpoint["conditions"]): string =>
  terminating ? (serving ? "terminating, serving" : "terminating") : ready ? "ready" : "not ready";

const endpointText = (name: string, { addresses, conditions }: Omit<Endpoint, "targetRef">): string =>
  [name, ...addresses, endpointState(conditions)].filter((part) => part !== "").join(" ");

const addedText = (added: EventCatalogue["EndpointAdded"]): string => {
  const endpoint = addedEndpoint(added, "");
  return endpointText(podOfEndpoint(endpoint), endpoint);
};

/** Where only conditions changed, each of them says itself: `web-x terminating, not ready`. */
const changedText = (changed: EventCatalogue["EndpointChanged"]): string => {
  if ("to" in changed) return endpointText(changed.pod, changed.to);
  const { ready, serving, terminating } = changed.conditions;
  const words = [
    ...(terminating === undefined ? [] : [terminating ? "terminating" : "not terminating"]),
    ...(ready === undefined ? [] : [ready ? "ready" : "not ready"]),
    ...(serving === undefined || serving === ready ? [] : [serving ? "serving" : "not serving"]),
  ];
  return `${changed.pod} ${words.join(", ")}`;
};

const faultText = (fault: JsonObject): string => {
  const { type, pod, node, up } = fault;
  if (typeof node === "string") return `node ${node} ${up === true ? "up" : "down"}`;
  return [type, ...(typeof pod === "string" ? [`pod/${pod}`] : [])].join(" ");
};

const fieldsText = (fields: object): string =>
  Object.entries(fields)
    .map(
      ([name, value]: readonly [string, Json]) =>
        `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
    )
    .join(", ");

const summaries: Summaries = {
  DeploymentCreated: ({ spec }, bodies) => workload(spec.replicas, spec.template, bodies),
  DeploymentTemplateChanged: ({ from, to }, bodies) => templates(from, to, bodies),
  DeploymentScaled: moved,
  DeploymentStrategyChanged: ({ from, to }) => `${strategyText(from)} → ${strategyText(to)}`,
  DeploymentPaused: nothing,
  DeploymentResumed: nothing,
  DeploymentMetadataChanged: patched,
  DeploymentSpecChanged: patched,
  DeploymentRevisionAssigned: ({ from, revision }) => moved({ ...(from === undefined ? {} : { from }), to: revision }),
  DeploymentStatusChanged: countsText,
  DeploymentConditionChanged: conditionText,
  DeploymentDeletionRequested: deletion,
  DeploymentDeleted: nothing,

  ReplicaSetCreated: ({ spec }: { readonly spec: ReplicaSetSpec }, bodies) =>
    workload(spec.replicas, spec.template.digest, bodies),
  ReplicaSetScaled: moved,
  ReplicaSetRevisionAssigned: ({ from, revision }) => moved({ ...(from === undefined ? {} : { from }), to: revision }),
  ReplicaSetTemplateChanged: ({ from, to }: { readonly from: TemplateRef; readonly to: TemplateRef }, bodies) =>
    templates(from.digest, to.digest, bodies),
  ReplicaSetMetadataChanged: patched,
  ReplicaSetSpecChanged: patched,
  ReplicaSetStatusChanged: countsText,
  ReplicaSetConditionChanged: conditionText,
  ReplicaSetAdopted: taken,
  ReplicaSetReleased: letGo,
  ReplicaSetDeletionRequested: deletion,
  ReplicaSetDeleted: nothing,

  PodCreated: withOwner,
  PodScheduled: ({ node }) => `on ${node}`,
  PodUnschedulable: ({ message }) => message,
  PodStarted: ({ podIP, initialized }) => (initialized ? podIP : `${podIP}, not initialized`),
  PodInitContainerStarted: ({ container }) => container,
  PodInitContainerCompleted: ({ container }) => container,
  PodInitContainerFailed: ({ container, exitCode }) => `${container} exit ${exitCode}`,
  PodImagePullFailed: ({ container, reason, message }) => `${container} ${reason}: ${message}`,
  PodContainerStarted: ({ container }) => container,
  PodContainerReady: ({ container }) => container,
  PodReady: nothing,
  PodUnready: ({ containers }) => containers.join(", "),
  PodContainerTerminated: ({ container, exitCode }) => `${container} exit ${exitCode}`,
  PodBackOff: ({ container, delayMs }) => `${container} waits ${shortDuration(delayMs)}`,
  PodSucceeded: nothing,
  PodFailed: ({ reason, message }) => [reason, message].filter((part) => part !== undefined).join(": "),
  PodAdopted: taken,
  PodReleased: letGo,
  PodMetadataChanged: patched,
  PodSpecChanged: ({ from, to }, bodies) => podSpecChange(bodies.podSpec(from), bodies.podSpec(to)),
  PodDeletionRequested: deletion,
  PodDeleted: nothing,

  EndpointSliceCreated: ({ endpoints }) => `${endpoints.length} endpoints`,
  EndpointSliceMetadataChanged: patched,
  EndpointSlicePortsChanged: ({ from, to }) => `${from.length} → ${to.length} ports`,
  EndpointAdded: addedText,
  EndpointChanged: changedText,
  EndpointRemoved: ({ pod }) => pod,
  EndpointSliceDeletionRequested: deletion,
  EndpointSliceDeleted: nothing,

  NodeCreated: ({ capacity }) => fieldsText(capacity),
  NodeReady: nothing,
  NodeNotReady: ({ reason }) => reason,
  NodeMetadataChanged: patched,
  NodeSpecChanged: patched,
  NodeDeletionRequested: deletion,
  NodeDeleted: nothing,

  ServiceCreated: ({ spec }) => fieldsText(spec.selector ?? {}),
  ServiceMetadataChanged: patched,
  ServiceSpecChanged: patched,
  ServiceDeletionRequested: deletion,
  ServiceDeleted: nothing,
  NamespaceCreated: nothing,
  NamespaceMetadataChanged: patched,
  NamespaceSpecChanged: patched,
  NamespaceDeletionRequested: deletion,
  NamespaceDeleted: nothing,
  PodDisruptionBudgetCreated: ({ spec: { minAvailable, maxUnavailable } }) =>
    minAvailable === undefined ? `maxUnavailable ${maxUnavailable ?? ""}` : `minAvailable ${minAvailable}`,
  PodDisruptionBudgetMetadataChanged: patched,
  PodDisruptionBudgetSpecChanged: patched,
  PodDisruptionBudgetDeletionRequested: deletion,
  PodDisruptionBudgetDeleted: nothing,
  ConfigMapCreated: nothing,
  ConfigMapMetadataChanged: patched,
  ConfigMapContentChanged: content,
  ConfigMapDeletionRequested: deletion,
  ConfigMapDeleted: nothing,
  SecretCreated: nothing,
  SecretMetadataChanged: patched,
  SecretContentChanged: content,
  SecretDeletionRequested: deletion,
  SecretDeleted: nothing,

  LedgerInitialized: ({ seed, clock, redactedFrom }) =>
    `seed ${seed}, ${clock} clock${redactedFrom ? `, redacted copy of ${redactedFrom.seq}:${redactedFrom.hash}` : ""}`,
  ScenarioStarted: ({ name, seed }) => `${name}, seed ${seed}`,
  SimulationRestarted: ({ reason }) => reason,
  BodiesRedacted: ({ digests, reason }) =>
    `${digests.length} ${digests.length === 1 ? "body" : "bodies"}${reason === "" ? "" : `: ${reason}`}`,
  FaultInjected: ({ fault }) => faultText(fault),
  BehaviourSet: ({ selector, behaviour }) => `${fieldsText(selector)}: ${fieldsText(behaviour)}`,
  WriteRefused: ({ verb, object, code, reason, message }) => `${verb} ${object}: ${code} ${reason}: ${message}`,
};

/** Every type of event there is. */
export const eventTypes: readonly string[] = Object.keys(summaries);

export const isEventType = (type: string): type is EventType => Object.hasOwn(summaries, type);

/** The event in a few words: `5 → 3`, `image nginx:1.14 → 1.15`, `web exit 1`; empty where its type says it all. */
export const summaryOf = <T extends EventType>(
  event: { readonly type: T; readonly data: EventCatalogue[T] },
  bodies: BodySource,
): string => summaries[event.type](event.data, bodies);
