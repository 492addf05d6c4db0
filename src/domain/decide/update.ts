import * as E from "fp-ts/lib/Either.js";
import { withDefaults } from "../../kubernetes/defaults/index.ts";
import type { Json } from "../../kubernetes/json.ts";
import { resourceTypeOf } from "../../kubernetes/kinds.ts";
import type { KubeObject, StoredObject } from "../../kubernetes/objects.ts";
import { applyPatchTo } from "../../kubernetes/patch/index.ts";
import { type Refusal, refusal } from "../../kubernetes/refusal.ts";
import { decodeObject } from "../../kubernetes/schema/decode.ts";
import { invalid, validate, validateUpdate } from "../../kubernetes/validation/index.ts";
import type { DomainEvent } from "../events.ts";
import { type Entity, type ObjectRef, ofKind } from "../state.ts";
import { admitMeta } from "../wire/admit.ts";
import { render } from "../wire/render.ts";
import type { PatchType, Subresource, Write } from "../write.ts";
import {
  accept,
  type DecideContext,
  type Decided,
  existing,
  forbidden,
  gone,
  isReleased,
  otherUid,
  staleVersion,
} from "./context.ts";
import { diffDeployment, diffDeploymentStatus } from "./diff/deployment.ts";
import { diffEndpointSlice } from "./diff/endpoint-slice.ts";
import { sameJson } from "./diff/meta.ts";
import { diffObject } from "./diff/object.ts";
import { diffPod } from "./diff/pod.ts";
import { diffReplicaSet, diffReplicaSetStatus } from "./diff/replica-set.ts";
import { decideScale } from "./scale.ts";
import { allocate, keepAllocated } from "./service.ts";

const precondition = (entity: Entity, ref: ObjectRef, metadata: KubeObject["metadata"]): Refusal | undefined => {
  const { resourceVersion, uid } = metadata;
  if (uid !== undefined && uid !== "" && uid !== entity.meta.uid) return otherUid(ref, uid, entity.meta.uid);
  const stale =
    resourceVersion !== undefined && resourceVersion !== "" && resourceVersion !== String(entity.meta.resourceVersion);
  return stale ? staleVersion(ref) : undefined;
};

/** A patch may have given the object another type, or none. */
const typeMismatch = (ref: ObjectRef, { kind, apiVersion }: KubeObject): Refusal | undefined => {
  if (kind === ref.kind && apiVersion === resourceTypeOf(kind).apiVersion) return undefined;
  const version = String(apiVersion).replace(/^.*\//, "");
  return refusal(
    "BadRequest",
    `${kind} in version "${version}" cannot be handled as a ${ref.kind}: unknown conversion`,
  );
};

/** Name and namespace of the object are those of the request; a patch may have given it others, or none. */
const nameMismatch = (ref: ObjectRef, object: StoredObject): Refusal | undefined => {
  const { name = "", namespace = "" }: Partial<KubeObject["metadata"]> = object.metadata ?? {};
  if (name === "") {
    const message = `the name of the object (${ref.name} based on URL) was undeterminable: name must be provided`;
    return refusal("BadRequest", message);
  }
  if (name !== ref.name) {
    const message = `the name of the object (${name}) does not match the name on the URL (${ref.name})`;
    return refusal("BadRequest", message);
  }
  if (ref.namespace === "" || namespace === "" || namespace === ref.namespace) return undefined;
  const message = `the namespace of the object (${namespace}) does not match the namespace on the request (${ref.namespace})`;
  return refusal("BadRequest", message);
};

/** People may label a slice; its endpoints, which nothing here could validate, are its controller's. */
const endpointsRefusal = (ref: ObjectRef, old: StoredObject, object: StoredObject): Refusal | undefined => {
  if (old.kind !== "EndpointSlice" || object.kind !== "EndpointSlice") return undefined;
  const body = ({ addressType, ports, endpoints }: Partial<typeof old>): object => ({ addressType, ports, endpoints });
  if (sameJson(body(old), body(object))) return undefined;
  return forbidden(ref.kind, ref.name, "its endpoints are kept by their controller");
};

const updateTo = (ctx: DecideContext, ref: ObjectRef, before: Entity, submitted: KubeObject): Decided => {
  const mistyped = typeMismatch(ref, submitted);
  if (mistyped) return E.left(mistyped);
  const decoded = decodeObject(submitted, "keep");
  if (E.isLeft(decoded)) return decoded;
  const old = render(before, ctx.bodies);
  const refused =
    nameMismatch(ref, decoded.right) ??
    precondition(before, ref, decoded.right.metadata) ??
    endpointsRefusal(ref, old, decoded.right);
  if (refused) return E.left(refused);
  const object = keepAllocated(before, withDefaults(decoded.right));
  const causes = [...validate(object), ...validateUpdate(old, object)];
  if (causes.length > 0) return E.left(invalid(ref.kind, resourceTypeOf(ref.kind).group, ref.name, causes));
  const allocated = allocate(ctx, object);
  if (E.isLeft(allocated)) return allocated;
  const meta = { ...before.meta, ...admitMeta(object, before.meta.finalizers, ctx.bodies) };
  const events = diffObject(before, allocated.right, meta, ctx.bodies);
  return accept(ref, isReleased(before.meta, meta.finalizers) ? [...events, gone(before)] : events);
};

/** A PUT of the whole object. */
export const decideUpdate = (ctx: DecideContext, ref: ObjectRef, submitted: KubeObject): Decided => {
  const before = existing(ctx, ref);
  return E.isLeft(before) ? before : updateTo(ctx, ref, before.right, submitted);
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
  return accept(ref, subresource === "status" ? diffStatus(before, entity) : diffEntity(before, entity));
};

type Replaceable = Extract<Write, { readonly verb: "replace" }>["entity"];

const diffStatus = (before: Entity, entity: Replaceable): readonly DomainEvent[] => {
  switch (entity.kind) {
    case "Deployment":
      return diffDeploymentStatus(ofKind(before, entity.kind), entity);
    case "ReplicaSet":
      return diffReplicaSetStatus(ofKind(before, entity.kind), entity);
    case "Pod":
    case "EndpointSlice":
      throw new Error(`controllers write no status of a ${entity.kind}`);
  }
};

const diffEntity = (before: Entity, entity: Replaceable): readonly DomainEvent[] => {
  switch (entity.kind) {
    case "Deployment":
      return diffDeployment(ofKind(before, entity.kind), entity);
    case "ReplicaSet":
      return diffReplicaSet(ofKind(before, entity.kind), entity);
    case "Pod":
      return diffPod(ofKind(before, entity.kind), entity);
    case "EndpointSlice":
      return diffEndpointSlice(ofKind(before, entity.kind), entity);
  }
};
