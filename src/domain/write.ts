/**
 * What can be asked of the API server. `decide` answers each write with the events it becomes, or a refusal.
 * People and clients send wire objects (JSON); controllers and kubelets send entities, drafts and facts, so that
 * a rollout of thousands of pods parses nothing.
 */
import type { Either } from "fp-ts/lib/Either.js";
import type { Json } from "../kubernetes/json.ts";
import type { KubeObject } from "../kubernetes/objects.ts";
import type { Refusal } from "../kubernetes/refusal.ts";
import type { NodeFact, PodFact } from "./events.ts";
import type { Deployment, EndpointSlice, Entity, Meta, ObjectRef, Pod, ReplicaSet, Uid } from "./state.ts";

export type Propagation = "Background" | "Foreground" | "Orphan";
/** The only subresource that people write through; controllers write status with `replace`. */
export type Subresource = "scale";
export type PatchType = "json" | "merge" | "strategic";

/** The metadata a client may choose; the server adds the rest. One of `name` and `generateName` is set. */
export type DraftMeta = Pick<Meta, "namespace"> &
  Partial<Pick<Meta, "name" | "generateName" | "labels" | "annotations" | "ownerReferences" | "finalizers">>;

/** An object that a controller wants created. */
export type Draft =
  | { readonly kind: "ReplicaSet"; readonly meta: DraftMeta; readonly spec: ReplicaSet["spec"] }
  | { readonly kind: "Pod"; readonly meta: DraftMeta; readonly template: ReplicaSet["spec"]["template"] }
  | {
      readonly kind: "EndpointSlice";
      readonly meta: DraftMeta;
      readonly addressType: string;
      readonly ports: EndpointSlice["ports"];
      readonly endpoints: EndpointSlice["endpoints"];
    };

export type Write =
  | { readonly verb: "create"; readonly object: KubeObject }
  /** Replaces the object; a `metadata.resourceVersion` in it is a precondition. */
  | { readonly verb: "update"; readonly object: KubeObject }
  | {
      readonly verb: "patch";
      readonly ref: ObjectRef;
      readonly patchType: PatchType;
      readonly patch: Json;
      readonly subresource?: Subresource;
    }
  | {
      readonly verb: "delete";
      readonly ref: ObjectRef;
      /** Precondition: the object must still be this one. */
      readonly uid?: Uid;
      readonly propagation?: Propagation;
      readonly graceSeconds?: number;
    }
  | { readonly verb: "createDraft"; readonly draft: Draft }
  /**
   * A controller's update: the entity as it should become. Its resourceVersion is the precondition; on `status` only status
   * (and, as the real API server has it, annotations) are taken, otherwise everything but status.
   */
  | {
      readonly verb: "replace";
      readonly entity: Deployment | ReplicaSet | Pod | EndpointSlice;
      readonly subresource?: "status";
    }
  /** Removes finalizers or owner references, as the garbage collector does. */
  | {
      readonly verb: "strip";
      readonly ref: ObjectRef;
      readonly uid: Uid;
      readonly finalizer?: string;
      readonly owners?: readonly string[];
    }
  | { readonly verb: "bind"; readonly ref: ObjectRef; readonly uid: Uid; readonly node: string }
  | { readonly verb: "reportUnschedulable"; readonly ref: ObjectRef; readonly uid: Uid; readonly message: string }
  | { readonly verb: "report"; readonly ref: ObjectRef; readonly uid: Uid; readonly facts: readonly PodFact[] }
  | { readonly verb: "reportNode"; readonly ref: ObjectRef; readonly facts: readonly NodeFact[] };

/** The object after the write. A deleted object answers with its last state. */
export type Answer = Either<Refusal, Entity>;
