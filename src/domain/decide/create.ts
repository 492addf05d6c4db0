import * as E from "fp-ts/lib/Either.js";
import { withDefaults, withPodAdmission } from "../../kubernetes/defaults/index.ts";
import { resourceTypeOf } from "../../kubernetes/kinds.ts";
import type { KubeObject, StoredObject } from "../../kubernetes/objects.ts";
import { type Refusal, refusal } from "../../kubernetes/refusal.ts";
import { decodeObject } from "../../kubernetes/schema/decode.ts";
import { invalid, validate, validateBeyondTemplate } from "../../kubernetes/validation/index.ts";
import { NAMESPACE_FINALIZER } from "../../kubernetes/well-known.ts";
import type { Bodies } from "../bodies.ts";
import { drawSuffix, drawUid } from "../draw.ts";
import type { CreatedMeta, DomainEvent, PatchableMeta } from "../events.ts";
import { recordedOwners } from "../owners.ts";
import { type EntityKind, type ObjectRef, refOf, streamOf, type Uid } from "../state.ts";
import {
  admitContent,
  admitDeploymentSpec,
  admitMeta,
  admitNamespaceSpec,
  admitPodSpec,
  admitReplicaSetSpec,
} from "../wire/admit.ts";
import type { Draft } from "../write.ts";
import { accept, alreadyExists, type DecideContext, type Decided, namespaceOf, namespaceRefusal } from "./context.ts";
import { allocate } from "./service.ts";

/** Kubernetes cuts the base so that a generated name keeps within 63 characters. */
const maxGeneratedBase = 58;
/** The API server's own bound on tries for a free generated name (1.31 and later). */
const maxNameAttempts = 8;

interface Naming {
  readonly name: string | undefined;
  readonly generateName: string | undefined;
  readonly ownerReferences: PatchableMeta["ownerReferences"];
}

/** The name asked for, or a generated one that no object ever had: pods must not come back under an old name. */
const nameFor = (ctx: DecideContext, kind: EntityKind, namespace: string, meta: Naming): string | undefined => {
  if (meta.name) return meta.name;
  const base = (meta.generateName ?? "").slice(0, maxGeneratedBase);
  const owner = meta.ownerReferences.find((reference) => reference.controller === true);
  const ownerEntity = owner && ctx.world.byUid(owner.uid as Uid);
  const ordinal = ownerEntity ? ctx.world.record(streamOf(refOf(ownerEntity))).children : ctx.headSeq;
  for (let attempt = 0; attempt < maxNameAttempts; attempt++) {
    const name = base + drawSuffix(ctx.seed, "name", owner?.uid ?? `${kind}/${namespace}/${base}`, ordinal, attempt);
    if (ctx.world.record(streamOf({ kind, namespace, name })).creations === 0) return name;
  }
  return undefined;
};

const createdMeta = (ctx: DecideContext, ref: ObjectRef, meta: PatchableMeta, generateName?: string): CreatedMeta => {
  const nth = ctx.world.record(streamOf(ref)).creations + 1;
  const { ownerReferences, ...others } = meta;
  const kept = Object.entries(others).filter(([, value]) => Object.keys(value).length > 0);
  return {
    uid: drawUid(ctx.seed, ref.kind, ref.namespace, ref.name, nth),
    ...Object.fromEntries(kept),
    ...recordedOwners(ownerReferences),
    ...(generateName === undefined ? {} : { generateName }),
  };
};

const createdEvent = (object: StoredObject, meta: CreatedMeta, bodies: Bodies): DomainEvent => {
  switch (object.kind) {
    case "Deployment":
      return { type: "DeploymentCreated", data: { ...meta, spec: admitDeploymentSpec(object, bodies) } };
    case "ReplicaSet":
      return { type: "ReplicaSetCreated", data: { ...meta, spec: admitReplicaSetSpec(object, bodies) } };
    case "Pod":
      return { type: "PodCreated", data: { ...meta, ...admitPodSpec(object.spec, bodies) } };
    case "Service":
      return { type: "ServiceCreated", data: { ...meta, spec: object.spec } };
    case "EndpointSlice": {
      const { addressType, ports, endpoints } = object;
      return { type: "EndpointSliceCreated", data: { ...meta, addressType, ports: ports ?? [], endpoints } };
    }
    case "Node": {
      const spec = { ...object.spec };
      return { type: "NodeCreated", data: { ...meta, spec, capacity: object.status?.capacity ?? defaultCapacity } };
    }
    case "Namespace":
      return { type: "NamespaceCreated", data: { ...meta, spec: admitNamespaceSpec(object) } };
    case "ConfigMap":
      return { type: "ConfigMapCreated", data: { ...meta, content: admitContent(object, bodies) } };
    case "Secret":
      return { type: "SecretCreated", data: { ...meta, content: admitContent(object, bodies) } };
    case "PodDisruptionBudget":
      return { type: "PodDisruptionBudgetCreated", data: { ...meta, spec: object.spec ?? {} } };
  }
};

/** What a node brings when its manifest does not say. */
export const defaultCapacity = { cpu: "8", memory: "16Gi", pods: "110" };

/** Where the object goes, in the API server's order: the namespace has its say before a name is generated. */
const place = (ctx: DecideContext, kind: EntityKind, namespace: string, meta: Naming): E.Either<Refusal, ObjectRef> => {
  const asked = meta.name || meta.generateName || "";
  const missing = namespaceRefusal(ctx, kind, namespace, asked);
  if (missing) return E.left(missing);
  const name = nameFor(ctx, kind, namespace, meta);
  if (name === undefined) return E.left(alreadyExists({ kind, namespace, name: asked }));
  const ref: ObjectRef = { kind, namespace, name };
  return ctx.world.get(ref) ? E.left(alreadyExists(ref)) : E.right(ref);
};

/** A POST: defaults, validation, name, then the namespace's and the name's say, in the API server's order. */
export const decideCreate = (ctx: DecideContext, submitted: KubeObject): Decided => {
  if (submitted.metadata.resourceVersion) {
    return E.left(refusal("BadRequest", "resourceVersion should not be set on objects to be created"));
  }
  const decoded = decodeObject(submitted, "keep");
  if (E.isLeft(decoded)) return decoded;
  const object = withDefaults(decoded.right);
  const { kind, metadata } = object;
  const { name, generateName } = metadata;
  const namespace = namespaceOf(object);
  const missing = namespaceRefusal(ctx, kind, namespace, name || generateName || "");
  if (missing) return E.left(missing);
  const causes = validate(object);
  if (causes.length > 0) return E.left(invalid(kind, resourceTypeOf(kind).group, name, causes));

  const meta = admitMeta(object, [NAMESPACE_FINALIZER], ctx.bodies);
  const placed = place(ctx, kind, namespace, { name, generateName, ownerReferences: meta.ownerReferences });
  if (E.isLeft(placed)) return placed;
  const ref = placed.right;
  const named = { ...object, metadata: { ...metadata, name: ref.name } };
  const allocated = allocate(ctx, named);
  if (E.isLeft(allocated)) return allocated;
  return accept(ref, [createdEvent(allocated.right, createdMeta(ctx, ref, meta, generateName), ctx.bodies)]);
};

const draftEvent = (ctx: DecideContext, draft: Draft, meta: CreatedMeta): DomainEvent => {
  switch (draft.kind) {
    case "ReplicaSet":
      return { type: "ReplicaSetCreated", data: { ...meta, spec: draft.spec } };
    case "Pod": {
      const spec = withPodAdmission(ctx.bodies.template(draft.template.digest).spec);
      return { type: "PodCreated", data: { ...meta, ...admitPodSpec(spec, ctx.bodies) } };
    }
    case "EndpointSlice": {
      const { addressType, ports, endpoints } = draft;
      return { type: "EndpointSliceCreated", data: { ...meta, addressType, ports, endpoints } };
    }
  }
};

/** A draft comes from a template that was validated when it was written: what is left is what only a pod is asked. */
const draftRefusal = (ctx: DecideContext, draft: Draft, name: string): Refusal | undefined => {
  if (draft.kind !== "Pod") return undefined;
  const causes = validateBeyondTemplate(ctx.bodies.template(draft.template.digest).spec);
  return causes.length > 0 ? invalid("Pod", "", name, causes) : undefined;
};

/** A controller's POST. */
export const decideCreateDraft = (ctx: DecideContext, draft: Draft): Decided => {
  const { namespace, generateName, name } = draft.meta;
  const { labels = {}, annotations = {}, ownerReferences = [], finalizers = [] } = draft.meta;
  const meta: PatchableMeta = { labels, annotations, ownerReferences, finalizers };
  const placed = place(ctx, draft.kind, namespace, { name, generateName, ownerReferences });
  if (E.isLeft(placed)) return placed;
  const refused = draftRefusal(ctx, draft, placed.right.name);
  if (refused) return E.left(refused);
  return accept(placed.right, [draftEvent(ctx, draft, createdMeta(ctx, placed.right, meta, generateName))]);
};
