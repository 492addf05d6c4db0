/**
 * The catalogue of events: every fact that the log can hold, in the past tense.
 * Data is self-sufficient and small: a transition is tens of bytes, a template is a digest.
 * An event that raises `metadata.generation` carries the new value; several events of one commit carry the same. (Events of
 * endpoints are many and small: a slice's generation is the number of commits that changed its endpoints or ports.)
 */
import type { Operation } from "rfc6902";
import type { JsonObject } from "../kubernetes/json.ts";
import type { Endpoint, EndpointPort, OwnerReference, StringMap } from "../kubernetes/objects.ts";
import type { RecordedOwners } from "./owners.ts";
import type {
  Condition,
  ConfigMap,
  Deletion,
  DeploymentSpec,
  DeploymentStatus,
  Digest,
  PodDisruptionBudget,
  ReplicaSetSpec,
  ReplicaSetStatus,
  Service,
  Strategy,
  TemplateRef,
  TerminatedState,
  Uid,
} from "./state.ts";

/** RFC 6902 operations against the stored form of an object's metadata or spec. */
export type Patch = readonly Operation[];

/** What every `…Created` event says of the object's metadata; empty parts are left out. */
export interface CreatedMeta extends RecordedOwners {
  readonly uid: Uid;
  readonly labels?: StringMap;
  readonly annotations?: StringMap;
  readonly finalizers?: readonly string[];
  readonly generateName?: string;
}

/** Fields of the metadata that a MetadataChanged patch may touch, at these top-level paths. */
export interface PatchableMeta {
  readonly labels: StringMap;
  readonly annotations: StringMap;
  readonly ownerReferences: readonly OwnerReference[];
  readonly finalizers: readonly string[];
}

interface Raised {
  readonly generation: number;
}

/** A condition was set (fields that stayed as they were are left out) or, with `removed`, taken away. */
export type ConditionChange =
  | ({ readonly type: string } & Partial<Omit<Condition, "type">>)
  | { readonly type: string; readonly removed: true };

/** Only the first request raises the generation; a later one changes the grace or the word on dependents. */
export interface DeletionRequested extends Deletion, Partial<Raised> {
  /** What becomes of dependents, where it is not `Background`. */
  readonly propagation?: "Foreground" | "Orphan";
  /** The finalizers from now on, where the request changed them. */
  readonly finalizers?: readonly string[];
}

interface DeploymentEvents {
  readonly DeploymentCreated: CreatedMeta & { readonly spec: DeploymentSpec };
  readonly DeploymentTemplateChanged: Raised & { readonly from: Digest; readonly to: Digest };
  readonly DeploymentScaled: Raised & { readonly from: number; readonly to: number };
  readonly DeploymentStrategyChanged: Raised & { readonly from: Strategy; readonly to: Strategy };
  readonly DeploymentPaused: Raised;
  readonly DeploymentResumed: Raised;
  readonly DeploymentMetadataChanged: Partial<Raised> & { readonly patch: Patch };
  readonly DeploymentSpecChanged: Raised & { readonly patch: Patch };
  readonly DeploymentRevisionAssigned: { readonly revision: string; readonly from?: string };
  readonly DeploymentStatusChanged: Partial<DeploymentStatus>;
  readonly DeploymentConditionChanged: ConditionChange;
  readonly DeploymentDeletionRequested: DeletionRequested;
  readonly DeploymentDeleted: Record<never, never>;
}

interface ReplicaSetEvents {
  readonly ReplicaSetCreated: CreatedMeta & { readonly spec: ReplicaSetSpec };
  readonly ReplicaSetScaled: Raised & { readonly from: number; readonly to: number };
  /** `history` is the new value of the revision-history annotation, where it changed. */
  readonly ReplicaSetRevisionAssigned: { readonly revision: string; readonly from?: string; readonly history?: string };
  readonly ReplicaSetTemplateChanged: Raised & { readonly from: TemplateRef; readonly to: TemplateRef };
  readonly ReplicaSetMetadataChanged: { readonly patch: Patch };
  readonly ReplicaSetSpecChanged: Raised & { readonly patch: Patch };
  readonly ReplicaSetStatusChanged: Partial<ReplicaSetStatus>;
  readonly ReplicaSetConditionChanged: ConditionChange;
  readonly ReplicaSetAdopted: { readonly owner: OwnerReference };
  readonly ReplicaSetReleased: { readonly owner: OwnerReference };
  readonly ReplicaSetDeletionRequested: DeletionRequested;
  readonly ReplicaSetDeleted: Record<never, never>;
}

interface PodEvents {
  readonly PodCreated: CreatedMeta & { readonly spec: Digest; readonly nodeName?: string };
  readonly PodScheduled: { readonly node: string };
  readonly PodUnschedulable: { readonly message: string };
  /** The kubelet accepted the pod: sandbox and address exist, containers may start. */
  readonly PodStarted: { readonly podIP: string; readonly initialized: boolean };
  readonly PodInitContainerStarted: { readonly container: string };
  readonly PodInitContainerCompleted: { readonly container: string; readonly initialized: boolean };
  readonly PodInitContainerFailed: { readonly container: string; readonly exitCode: number };
  readonly PodImagePullFailed: {
    readonly container: string;
    readonly reason: string;
    readonly message: string;
    /** It is an init container. */
    readonly init?: true;
  };
  /** `phase` comes with the start that makes every container run. */
  readonly PodContainerStarted: { readonly container: string; readonly phase?: "Running" };
  /** One of several containers is ready while the pod is not yet. */
  readonly PodContainerReady: { readonly container: string };
  readonly PodReady: Record<never, never>;
  /** These containers are no longer ready. None: the pod's node is silent, and its containers are as they were last seen. */
  readonly PodUnready: { readonly containers: readonly string[] };
  readonly PodContainerTerminated: { readonly container: string } & Pick<TerminatedState, "exitCode" | "reason">;
  /** The container waits `delayMs` before its next start. */
  readonly PodBackOff: { readonly container: string; readonly delayMs: number };
  readonly PodSucceeded: Record<never, never>;
  readonly PodFailed: { readonly reason?: string; readonly message?: string };
  readonly PodAdopted: { readonly owner: OwnerReference };
  readonly PodReleased: { readonly owner: OwnerReference };
  readonly PodMetadataChanged: { readonly patch: Patch };
  readonly PodSpecChanged: { readonly from: Digest; readonly to: Digest };
  readonly PodDeletionRequested: DeletionRequested;
  readonly PodDeleted: Record<never, never>;
}

interface EndpointSliceEvents {
  readonly EndpointSliceCreated: CreatedMeta & {
    readonly addressType: string;
    readonly ports: readonly EndpointPort[];
    readonly endpoints: readonly Endpoint[];
  };
  readonly EndpointSliceMetadataChanged: { readonly patch: Patch };
  readonly EndpointSlicePortsChanged: { readonly from: readonly EndpointPort[]; readonly to: readonly EndpointPort[] };
  /** With `pod`, the endpoint's target is this pod of the slice's namespace; without conditions, none of them holds. */
  readonly EndpointAdded:
    | {
        readonly pod: { readonly name: string; readonly uid: string };
        readonly endpoint: Omit<Endpoint, "targetRef" | "conditions"> & Partial<Pick<Endpoint, "conditions">>;
      }
    | { readonly endpoint: Endpoint };
  /** Only conditions changed, these; or more, and the endpoint is now as in `to`. Its target stays. */
  readonly EndpointChanged:
    | { readonly pod: string; readonly conditions: Partial<Endpoint["conditions"]> }
    | { readonly pod: string; readonly to: Omit<Endpoint, "targetRef"> };
  readonly EndpointRemoved: { readonly pod: string };
  readonly EndpointSliceDeletionRequested: DeletionRequested;
  readonly EndpointSliceDeleted: Record<never, never>;
}

interface NodeEvents {
  readonly NodeCreated: CreatedMeta & { readonly spec: JsonObject; readonly capacity: StringMap };
  readonly NodeReady: Record<never, never>;
  readonly NodeNotReady: { readonly reason: string; readonly message: string };
  readonly NodeMetadataChanged: { readonly patch: Patch };
  readonly NodeSpecChanged: { readonly patch: Patch };
  readonly NodeDeletionRequested: DeletionRequested;
  readonly NodeDeleted: Record<never, never>;
}

/** Kinds without a life of their own: created, changed, deleted. */
interface PlainSpecs {
  readonly Service: { readonly spec: Service["spec"] };
  readonly Namespace: { readonly spec: JsonObject };
  readonly PodDisruptionBudget: { readonly spec: PodDisruptionBudget["spec"] };
  readonly ConfigMap: { readonly content: ConfigMap["content"] };
  readonly Secret: { readonly content: ConfigMap["content"] };
}
type SpecKind = "Service" | "Namespace" | "PodDisruptionBudget";
type ContentKind = "ConfigMap" | "Secret";
export type PlainKind = keyof PlainSpecs;

type PlainEvents = { readonly [K in PlainKind as `${K}Created`]: CreatedMeta & PlainSpecs[K] } & {
  readonly [K in PlainKind as `${K}MetadataChanged`]: { readonly patch: Patch };
} & { readonly [K in SpecKind as `${K}SpecChanged`]: Partial<Raised> & { readonly patch: Patch } } & {
  readonly [K in ContentKind as `${K}ContentChanged`]: { readonly from: Digest; readonly to: Digest };
} & { readonly [K in PlainKind as `${K}DeletionRequested`]: DeletionRequested } & {
  readonly [K in PlainKind as `${K}Deleted`]: Record<never, never>;
};

/** Facts about the ledger and its simulation; they change no object. */
interface BookkeepingEvents {
  readonly LedgerInitialized: {
    readonly seed: number;
    readonly clock: "wall" | "manual";
    readonly version: string;
    readonly startMs: number;
    /** This ledger is a redacted copy of one that had this head. */
    readonly redactedFrom?: { readonly seq: number; readonly hash: string };
  };
  readonly ScenarioStarted: { readonly name: string; readonly seed: number; readonly version: string };
  /** The checkpoint was missing or unreadable: every actor starts over with a full resync. */
  readonly SimulationRestarted: { readonly reason: string };
  /** These bodies were deleted for good; the events that name them stay. */
  readonly BodiesRedacted: {
    readonly digests: readonly Digest[];
    readonly reason: string;
    /** What may still be known of them, in their own form. */
    readonly outlines: Readonly<Record<string, JsonObject>>;
  };
  readonly FaultInjected: { readonly fault: JsonObject };
  /** Pods that match `selector` behave like this from now on. */
  readonly BehaviourSet: { readonly selector: object; readonly behaviour: object };
  /** A controller, kubelet or scheduler met a refusal. */
  readonly WriteRefused: {
    readonly verb: string;
    readonly object: string;
    readonly code: number;
    readonly reason: string;
    readonly message: string;
  };
}

export type EventCatalogue = DeploymentEvents &
  ReplicaSetEvents &
  PodEvents &
  EndpointSliceEvents &
  NodeEvents &
  PlainEvents &
  BookkeepingEvents;

export type EventType = keyof EventCatalogue;

export type DomainEventOf<T extends EventType> = T extends EventType
  ? { readonly type: T; readonly data: EventCatalogue[T] }
  : never;

/** A fact, not yet recorded. */
export type DomainEvent = DomainEventOf<EventType>;

/** Facts that a kubelet reports about one of its pods. */
export type PodFact = DomainEventOf<
  | "PodStarted"
  | "PodInitContainerStarted"
  | "PodInitContainerCompleted"
  | "PodInitContainerFailed"
  | "PodImagePullFailed"
  | "PodContainerStarted"
  | "PodContainerReady"
  | "PodReady"
  | "PodUnready"
  | "PodContainerTerminated"
  | "PodBackOff"
  | "PodSucceeded"
  | "PodFailed"
>;

/** Facts that the node lifecycle reports. */
export type NodeFact = DomainEventOf<"NodeReady" | "NodeNotReady">;

/** An event as the fold sees it: the fact, when it happened, and the end of its commit (the object's resourceVersion). */
export type FoldedEvent = DomainEvent & { readonly at: number; readonly resourceVersion: number };
