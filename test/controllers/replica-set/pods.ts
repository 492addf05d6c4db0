/** Pods of `web-1` for the ReplicaSet controller's tests. */

import type { Meta, Pod, ReplicaSet } from "../../../src/domain/state.ts";
import { podOf, replicaSetOf, startMs } from "../../support/workloads.ts";

const HASH = "5d4f";

/** `web-1`, owned by `web`: as the Deployment controller makes it. */
export const webOf = (replicas: number, fields: Parameters<typeof replicaSetOf>[1] = {}): ReplicaSet =>
  replicaSetOf("web-1", {
    replicas,
    available: 0,
    ...fields,
    spec: {
      selector: { matchLabels: { app: "web", "pod-template-hash": HASH } },
      template: { digest: replicaSetOf("any").spec.template.digest, hash: HASH },
      ...fields.spec,
    },
  });

export interface PodFields {
  readonly node?: string;
  /** When it became ready, ms; not ready without. */
  readonly readyAtMs?: number;
  readonly meta?: Partial<Meta>;
  readonly restarts?: number;
}

export const labels = { app: "web", "pod-template-hash": HASH };

/** A running pod of the owner. */
export const running = (name: string, owner: ReplicaSet, fields: PodFields = {}): Pod => {
  const { node = "node-1", readyAtMs, meta, restarts = 0 } = fields;
  const pod = podOf(name, owner, "Running", { labels, ...meta });
  const status = readyAtMs === undefined ? "False" : "True";
  return {
    ...pod,
    ...(node === "" ? {} : { nodeName: node }),
    status: {
      ...pod.status,
      conditions: [{ type: "Ready", status, lastTransitionMs: readyAtMs ?? startMs }],
      containers: [
        {
          name: "web",
          ready: readyAtMs !== undefined,
          restartCount: restarts,
          state: { is: "running", startedAtMs: 0 },
        },
      ],
    },
  };
};

/** A pod that nobody controls. */
export const orphan = (name: string, fields: PodFields = {}): Pod =>
  running(name, webOf(0), { ...fields, meta: { ownerReferences: [], ...fields.meta } });

export const terminating = (pod: Pod): Pod => ({
  ...pod,
  meta: { ...pod.meta, deletion: { deadlineMs: startMs + 30_000, graceSeconds: 30 } },
});
