import type { Digest, Meta, Pod } from "../../../src/domain/state.ts";
import { metaOf } from "../../support/workloads.ts";

/** A pending pod of the namespace `default`. */
export const podNamed = (name: string, meta: Partial<Meta> = {}, over: Partial<Pod> = {}): Pod => ({
  kind: "Pod",
  meta: metaOf(name, meta),
  spec: "spec" as Digest,
  status: { phase: "Pending", conditions: [], initContainers: [], containers: [] },
  ...over,
});
