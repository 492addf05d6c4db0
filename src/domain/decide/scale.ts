import * as E from "fp-ts/lib/Either.js";
import { isJsonObject, type Json, type JsonObject } from "../../kubernetes/json.ts";
import { applyPatchTo } from "../../kubernetes/patch/index.ts";
import { refusal } from "../../kubernetes/refusal.ts";
import { invalid } from "../../kubernetes/validation/index.ts";
import type { Deployment, Entity, ObjectRef, ReplicaSet } from "../state.ts";
import type { PatchType } from "../write.ts";
import { accept, type Decided, staleVersion } from "./context.ts";
import { diffDeployment } from "./diff/deployment.ts";
import { diffReplicaSet } from "./diff/replica-set.ts";

/** The `autoscaling/v1 Scale` of a Deployment or ReplicaSet. */
const scaleOf = ({ meta, spec }: Deployment | ReplicaSet): JsonObject => ({
  apiVersion: "autoscaling/v1",
  kind: "Scale",
  metadata: { name: meta.name, namespace: meta.namespace, resourceVersion: String(meta.resourceVersion) },
  spec: { replicas: spec.replicas },
});

/** A PATCH of the scale: the number of replicas is taken, everything else passed over. */
export const decideScale = (ref: ObjectRef, before: Entity, patch: Json, patchType: PatchType): Decided => {
  if (before.kind !== "Deployment" && before.kind !== "ReplicaSet") {
    return E.left(refusal("NotFound", "the server could not find the requested resource"));
  }
  const patched = applyPatchTo(scaleOf(before), patchType, patch);
  if (E.isLeft(patched)) return patched;
  const { spec, metadata } = patched.right;
  const replicas = isJsonObject(spec) ? (spec.replicas ?? 0) : 0;
  const version = isJsonObject(metadata) ? (metadata.resourceVersion ?? "") : "";
  if (version !== "" && version !== String(before.meta.resourceVersion)) return E.left(staleVersion(ref));
  if (typeof replicas !== "number" || !Number.isInteger(replicas) || replicas < 0) {
    const message = `Invalid value: ${JSON.stringify(replicas)}: must be greater than or equal to 0`;
    const cause = { reason: "FieldValueInvalid", field: "spec.replicas", message };
    return E.left(invalid("Scale", "autoscaling", ref.name, [cause]));
  }
  return accept(
    ref,
    before.kind === "Deployment"
      ? diffDeployment(before, { ...before, spec: { ...before.spec, replicas } })
      : diffReplicaSet(before, { ...before, spec: { ...before.spec, replicas } }),
  );
};
