import * as E from "fp-ts/lib/Either.js";
import { createPatch } from "rfc6902";
import { withDefaults } from "../../kubernetes/defaults/index.ts";
import { isJsonObject, type Json, type JsonObject } from "../../kubernetes/json.ts";
import { resourceTypeOf } from "../../kubernetes/kinds.ts";
import type { KubeObject, StoredObject } from "../../kubernetes/objects.ts";
import { applyPatchTo } from "../../kubernetes/patch/index.ts";
import { type Refusal, refusal } from "../../kubernetes/refusal.ts";
import { decodeObject } from "../../kubernetes/schema/decode.ts";
import { invalid, validate, validateUpdate } from "../../kubernetes/validation/index.ts";
import type { DomainEvent } from "../events.ts";
import type { Entity, Meta, ObjectRef } from "../state.ts";
import { admitContent, admitDeploymentSpec, admitMeta, admitPodSpec, admitReplicaSetSpec } from "../wire/admit.ts";
import { render } from "../wire/render.ts";
import type { PatchType, Subresource, Write } from "../write.ts";
import { accept, type DecideContext, type Decided, existing, isReleased, otherUid, staleVersion } from "./context.ts";
import { diffDeployment, diffDeploymentStatus } from "./diff/deployment.ts";
import { diffEndpointSlice } from "./diff/endpoint-slice.ts";
import { metadataPatch } from "./diff/meta.ts";
import { diffPod } from "./diff/pod.ts";
import { diffReplicaSet, diffReplicaSetStatus } from "./diff/replica-set.ts";

const precondition = (entity: Entity, ref: ObjectRef, metadata: KubeObject["metadata"]): Refusal | undefined => {
  const { resourceVersion, uid } = metadata;
  if (uid !== undefined && uid !== "" && uid !== entity.meta.uid) return otherUid(ref, uid, entity.meta.uid);
  const stale =
    resourceVersion !== undefined && resourceVersion !== "" && resourceVersion !== String(entity.meta.resourceVersion);
  return stale ? staleVersion(ref) : undefined;
};

/** Changes of a kind that has no fields of its own in the event catalogue. */
const plainEvents = (
  before: Entity,
  meta: Meta,
  spec: { readonly before: object; readonly after: object },
): readonly DomainEvent[] => {
  const events: DomainEvent[] = [];
  const raises = before.kind === "PodDisruptionBudget" ? { generation: before.meta.generation + 1 } : {};
  const patch = createPatch(spec.before, spec.after);
  if (patch.length > 0) {
    switch (before.kind) {
      case "Service":
      case "Namespace":
      case "PodDisruptionBudget":
        events.push({ type: `${before.kind}SpecChanged`, data: { patch, ...raises } });
        break;
      case "Node":
        events.push({ type: "NodeSpecChanged", data: { patch } });
        break;
      default:
        throw new Error(`a ${before.kind} has no plain spec`);
    }
  }
  const metaPatch = metadataPatch(before.meta, meta);
  if (metaPatch.length > 0) {
    switch (before.kind) {
      case "Service":
      case "Namespace":
      case "PodDisruptionBudget":
      case "Node":
      case "ConfigMap":
      case "Secret":
        events.push({ type: `${before.kind}MetadataChanged`, data: { patch: metaPatch } });
        break;
      default:
        throw new Error(`a ${before.kind} has no plain metadata`);
    }
  }
  return events;
};

/** The events that lead from the stored entity to the wire object as it should become. */
const diffObject = (ctx: DecideContext, before: Entity, object: StoredObject): readonly DomainEvent[] => {
  const { bodies } = ctx;
  const meta: Meta = { ...before.meta, ...admitMeta(object) };
  switch (object.kind) {
    case "Deployment":
      return before.kind === object.kind
        ? diffDeployment(before, { meta, spec: admitDeploymentSpec(object, bodies) })
        : [];
    case "ReplicaSet":
      return before.kind === object.kind
        ? diffReplicaSet(before, { meta, spec: admitReplicaSetSpec(object, bodies) })
        : [];
    case "Pod":
      return before.kind === object.kind ? diffPod(before, { meta, spec: admitPodSpec(object.spec, bodies).spec }) : [];
    case "EndpointSlice":
      return before.kind === object.kind
        ? diffEndpointSlice(before, { ...before, meta, ports: object.ports ?? [], endpoints: object.endpoints })
        : [];
    case "ConfigMap":
    case "Secret": {
      if (before.kind !== object.kind) return [];
      const events = plainEvents(before, meta, { before: {}, after: {} });
      const to = admitContent(object, bodies);
      if (before.content === to) return events;
      return [...events, { type: `${before.kind}ContentChanged`, data: { from: before.content, to } }];
    }
    case "Node":
    case "Service":
    case "Namespace":
    case "PodDisruptionBudget":
      return "spec" in before
        ? plainEvents(before, meta, { before: before.spec as object, after: object.spec ?? {} })
        : [];
  }
};

/** An object that was only waiting for its last finalizer goes with the update that removes it. */
const withEnd = (
  before: Entity,
  finalizers: readonly string[],
  events: readonly DomainEvent[],
): readonly DomainEvent[] =>
  isReleased(before.meta, finalizers) ? [...events, { type: `${before.kind}Deleted`, data: {} }] : events;

const updateTo = (ctx: DecideContext, ref: ObjectRef, before: Entity, submitted: KubeObject): Decided => {
  const refused = precondition(before, ref, submitted.metadata);
  if (refused) return E.left(refused);
  const old = render(before, ctx.bodies);
  const decoded = decodeObject(submitted, "keep");
  if (E.isLeft(decoded)) return decoded;
  const object = withDefaults(decoded.right);
  const causes = [...validate(object), ...validateUpdate(old, object)];
  if (causes.length > 0) return E.left(invalid(ref.kind, resourceTypeOf(ref.kind).group, ref.name, causes));
  return accept(ref, withEnd(before, object.metadata.finalizers ?? [], diffObject(ctx, before, object)));
};

/** A PUT of the whole object. */
export const decideUpdate = (ctx: DecideContext, ref: ObjectRef, submitted: KubeObject): Decided => {
  const before = existing(ctx, ref);
  return E.isLeft(before) ? before : updateTo(ctx, ref, before.right, submitted);
};

/** The `autoscaling/v1 Scale` of a Deployment or ReplicaSet. */
const scaleOf = (entity: Entity): JsonObject | undefined =>
  entity.kind === "Deployment" || entity.kind === "ReplicaSet"
    ? {
        apiVersion: "autoscaling/v1",
        kind: "Scale",
        metadata: {
          name: entity.meta.name,
          namespace: entity.meta.namespace,
          resourceVersion: String(entity.meta.resourceVersion),
        },
        spec: { replicas: entity.spec.replicas },
      }
    : undefined;

const decideScale = (ref: ObjectRef, before: Entity, patch: Json, patchType: PatchType): Decided => {
  const scale = scaleOf(before);
  if (!scale || (before.kind !== "Deployment" && before.kind !== "ReplicaSet")) {
    return E.left(refusal("NotFound", "the server could not find the requested resource"));
  }
  const patched = applyPatchTo(scale, patchType, patch);
  if (E.isLeft(patched)) return patched;
  const { spec, metadata } = patched.right;
  const replicas = isJsonObject(spec) ? (spec.replicas ?? 0) : 0;
  const version = isJsonObject(metadata) ? metadata.resourceVersion : undefined;
  if (version !== String(before.meta.resourceVersion)) return E.left(staleVersion(ref));
  if (typeof replicas !== "number" || !Number.isInteger(replicas) || replicas < 0) {
    const message = `Invalid value: ${JSON.stringify(replicas)}: must be greater than or equal to 0`;
    const cause = { reason: "FieldValueInvalid", field: "spec.replicas", message };
    return E.left(invalid("Scale", "autoscaling", ref.name, [cause]));
  }
  const events =
    before.kind === "Deployment"
      ? diffDeployment(before, { ...before, spec: { ...before.spec, replicas } })
      : diffReplicaSet(before, { ...before, spec: { ...before.spec, replicas } });
  return accept(ref, events);
};

/** A PATCH of the object as it is stored now, or of its scale. */
export const decidePatch = (
  ctx: DecideContext,
  ref: ObjectRef,
  patchType: PatchType,
  patch: Json,
  subresource?: Subresource,
): Decided => {
  const before = existing(ctx, ref);
  if (E.isLeft(before)) return before;
  if (subresource === "scale") return decideScale(ref, before.right, patch, patchType);
  const object = render(before.right, ctx.bodies);
  const patched = applyPatchTo(object, patchType, patch);
  if (E.isLeft(patched)) return patched;
  return updateTo(ctx, ref, before.right, patched.right);
};

/** A controller's PUT. Its resourceVersion must be the stored one. */
export const decideReplace = (
  ctx: DecideContext,
  ref: ObjectRef,
  { entity, subresource }: Extract<Write, { readonly verb: "replace" }>,
): Decided => {
  const stored = existing(ctx, ref, entity.meta.uid);
  if (E.isLeft(stored)) return stored;
  const before = stored.right;
  if (before.meta.resourceVersion !== entity.meta.resourceVersion) return E.left(staleVersion(ref));
  const isStatus = subresource === "status";
  switch (entity.kind) {
    case "Deployment":
      if (before.kind !== entity.kind) break;
      return accept(ref, isStatus ? diffDeploymentStatus(before, entity) : diffDeployment(before, entity));
    case "ReplicaSet":
      if (before.kind !== entity.kind) break;
      return accept(ref, isStatus ? diffReplicaSetStatus(before, entity) : diffReplicaSet(before, entity));
    case "Pod":
      if (before.kind !== entity.kind) break;
      return accept(ref, diffPod(before, entity));
    case "EndpointSlice":
      if (before.kind !== entity.kind) break;
      return accept(ref, diffEndpointSlice(before, entity));
  }
  throw new Error(`the object at ${ref.kind} ${ref.name} is a ${before.kind}`);
};
