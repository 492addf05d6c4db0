import * as E from "fp-ts/lib/Either.js";
import { addPods, noPods } from "../../src/controllers/replica-set/counts.ts";
import { podsToDelete } from "../../src/controllers/replica-set/deletion-ranking.ts";
import { slowStartBatch } from "../../src/controllers/replica-set/slow-start.ts";
import { calculateStatus } from "../../src/controllers/replica-set/status.ts";
import { isPodAvailable, type Pod } from "../../src/domain/state.ts";
import type { Answer, Write } from "../../src/domain/write.ts";
import type { PodPhase } from "../../src/kubernetes/objects.ts";
import { refusal } from "../../src/kubernetes/refusal.ts";
import { POD_DELETION_COST } from "../../src/kubernetes/well-known.ts";
import { podOf, replicaSetOf, startMs, uidOf } from "../support/workloads.ts";
import { conform } from "./vectors.ts";

const owner = replicaSetOf("web-1");
/** Ages in the vectors are whole seconds plus 0.3. */
const sinceMs = (ageSeconds: number): number => startMs - ageSeconds * 1000 - 300;

interface SlowStartRow {
  readonly count: number;
  readonly failAfterNCalls: number;
  readonly calls: number;
  readonly successes: number;
  readonly err: boolean;
}

const anyWrite: Write = { verb: "delete", ref: { kind: "Pod", namespace: "default", name: "any" } };

conform<SlowStartRow>("slow-start-batch", ({ count, failAfterNCalls, ...recorded }) => {
  let calls = 0;
  const answer = (): Answer => {
    calls++;
    const isRefused = failAfterNCalls >= 0 && calls > failAfterNCalls;
    return isRefused ? E.left(refusal("InternalError", "boom")) : E.right(owner);
  };
  const sync = slowStartBatch(count, anyWrite);
  let step = sync.next();
  while (!step.done) step = sync.next("writes" in step.value ? step.value.writes.map(answer) : []);
  return [
    [calls, step.value.successes, step.value.refusal !== undefined],
    [recorded.calls, recorded.successes, recorded.err],
  ];
});

interface StatusRow {
  readonly minReadySeconds: number;
  readonly specReplicas: number;
  readonly manageErr: boolean;
  readonly hadFailureCond: boolean;
  readonly pods: readonly {
    readonly hasReadyCondition: boolean;
    readonly ready: boolean;
    readonly "readyAgeS+0.3": number;
    readonly templateLabelsMatch: boolean;
    readonly IsPodAvailable: boolean;
  }[];
  readonly replicas: number;
  readonly fullyLabeled: number;
  readonly ready: number;
  readonly available: number;
  readonly conditions: readonly Readonly<Record<"type" | "status" | "reason" | "message", string>>[];
}

const oldFailure = {
  type: "ReplicaFailure",
  status: "True",
  reason: "FailedCreate",
  message: "old",
  lastTransitionMs: 0,
} as const;

conform<StatusRow>("pod-available-and-rs-status", (row) => {
  const pods = row.pods.map((recorded, i): Pod => {
    const labels = recorded.templateLabelsMatch ? { app: "web" } : { app: "other" };
    const pod = podOf(`web-1-${i}`, owner, "Running", { labels });
    const lastTransitionMs = sinceMs(recorded["readyAgeS+0.3"]);
    const condition = { type: "Ready", status: recorded.ready ? "True" : "False", lastTransitionMs } as const;
    return recorded.hasReadyCondition ? { ...pod, status: { ...pod.status, conditions: [condition] } } : pod;
  });
  const replicaSet = replicaSetOf("web-1", {
    replicas: row.specReplicas,
    spec: { minReadySeconds: row.minReadySeconds },
    status: { conditions: row.hadFailureCond ? [oldFailure] : [] },
  });
  const counts = addPods(noPods, pods, replicaSet, { app: "web" }, startMs);
  const status = calculateStatus(replicaSet, counts, row.manageErr ? "boom" : undefined, startMs);
  return [
    {
      available: pods.map((pod) => isPodAvailable(pod, row.minReadySeconds, startMs)),
      counts: [status.replicas, status.fullyLabeledReplicas, status.readyReplicas, status.availableReplicas],
      conditions: status.conditions.map(({ lastTransitionMs: _, ...condition }) => condition),
    },
    {
      available: row.pods.map(({ IsPodAvailable }) => IsPodAvailable),
      counts: [row.replicas, row.fullyLabeled, row.ready, row.available],
      conditions: row.conditions,
    },
  ];
});

interface RecordedPod {
  readonly name: string;
  readonly uid: string;
  readonly node: string;
  readonly phase: PodPhase;
  readonly ready: boolean;
  readonly restarts: number;
  readonly deletionCost: string;
  readonly "createdAgeS+0.3": number;
  readonly "readyTransitionAgeS+0.3": number;
}

interface DeletionRow {
  readonly pods: readonly RecordedPod[];
  readonly otherRelatedPods: readonly RecordedPod[] | null;
  readonly diff: number;
  /** Whether the controller looked at the order at all: it does not when every pod goes. */
  readonly sorted: boolean;
  readonly orderAfterSort: readonly string[];
  readonly deleted: readonly string[];
  /** Pods that Kubernetes itself leaves in any order. */
  readonly ties: readonly (readonly string[])[];
}

const recordedPod = (recorded: RecordedPod): Pod => {
  const annotations = recorded.deletionCost === "" ? {} : { [POD_DELETION_COST]: recorded.deletionCost };
  const pod = podOf(recorded.name, owner, recorded.phase, {
    uid: uidOf(recorded.uid),
    createdAtMs: sinceMs(recorded["createdAgeS+0.3"]),
    annotations,
  });
  const lastTransitionMs = sinceMs(recorded["readyTransitionAgeS+0.3"]);
  const run = { name: "web", ready: recorded.ready, restartCount: recorded.restarts };
  return {
    ...pod,
    ...(recorded.node === "" ? {} : { nodeName: recorded.node }),
    status: {
      ...pod.status,
      conditions: [{ type: "Ready", status: recorded.ready ? "True" : "False", lastTransitionMs }],
      containers: [{ ...run, state: { is: "waiting", reason: "any" } }],
    },
  };
};

conform<DeletionRow>("pods-to-delete", (row) => {
  const activePodsPerNode = new Map<string, number>();
  for (const { node } of [...row.pods, ...(row.otherRelatedPods ?? [])]) {
    activePodsPerNode.set(node, (activePodsPerNode.get(node) ?? 0) + 1);
  }
  const pods = row.pods.map(recordedPod);
  const named = (name: string): string => row.ties.find((tie) => tie.includes(name))?.join("|") ?? name;
  const ranked = (count: number): readonly string[] =>
    podsToDelete(pods, count, { nowMs: startMs, activePodsPerNode }).map(({ meta }) => named(meta.name));
  return [
    { order: row.sorted ? ranked(pods.length) : "not asked for", deleted: [...ranked(row.diff)].sort() },
    { order: row.sorted ? row.orderAfterSort.map(named) : "not asked for", deleted: row.deleted.map(named).sort() },
  ];
});
