import type { Digest, Meta, Pod, Uid } from "../../../src/domain/state.ts";
import { startMs } from "../../domain/api-server.ts";

/** A pending pod of the namespace `default`. */
export const podNamed = (name: string, meta: Partial<Meta> = {}, over: Partial<Pod> = {}): Pod => ({
  kind: "Pod",
  meta: {
    name,
    namespace: "default",
    uid: `uid-${name}` as Uid,
    resourceVersion: 1,
    generation: 1,
    createdAtMs: startMs,
    labels: {},
    annotations: {},
    ownerReferences: [],
    finalizers: [],
    ...meta,
  },
  spec: "spec" as Digest,
  status: { phase: "Pending", conditions: [], initContainers: [], containers: [] },
  ...over,
});
