/**
 * Whole syncs of the Deployment controller against what Kubernetes' own did. Compared are the writes in order, the final
 * ReplicaSets, and the texts of the scaling events, which follow from the writes.
 *
 * Kubernetes works on stale copies inside one sync and so repeats an identical update now and then; a recorded write that
 * changes nothing is dropped.
 */
import { reconcileDeployment } from "../../src/controllers/deployment/sync.ts";
import type { Condition, Deployment, DeploymentSpec, Digest, ReplicaSet } from "../../src/domain/state.ts";
import type { ConditionStatus, PodPhase, StringMap } from "../../src/kubernetes/objects.ts";
import { MAX_REPLICAS } from "../../src/kubernetes/well-known.ts";
import { type Change, FakeApi } from "../support/fake-api.ts";
import { deploymentOf, digestOf, podOf, replicaSetOf, startMs } from "../support/workloads.ts";
import { conform } from "./vectors.ts";

interface RecordedCondition {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
  readonly lastUpdateAgeS: number;
  readonly lastTransitionAgeS: number;
}

interface RecordedStatus {
  readonly observedGeneration: number;
  readonly replicas: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  readonly unavailable: number;
  readonly conditions: readonly RecordedCondition[] | null;
}

interface RecordedReplicaSet {
  readonly name: string;
  readonly template: string;
  readonly annotations: StringMap;
  readonly minReadySeconds: number;
  readonly specReplicas: number;
  readonly status: { readonly replicas: number; readonly ready: number; readonly available: number };
}

type Action =
  | { readonly verb: "create" | "update"; readonly rs: RecordedReplicaSet }
  | {
      readonly verb: "update";
      readonly subresource: "" | "status";
      readonly template: string;
      readonly annotations: StringMap;
      readonly status: RecordedStatus;
    }
  | { readonly verb: "delete"; readonly name: string };

interface Row {
  readonly in: {
    readonly deployment: {
      readonly annotations: StringMap;
      readonly deleting: boolean;
      readonly generation: number;
      readonly spec: Omit<
        DeploymentSpec,
        "selector" | "template" | "progressDeadlineSeconds" | "revisionHistoryLimit"
      > & {
        readonly template: string;
        readonly progressDeadlineSeconds: number | null;
        readonly revisionHistoryLimit: number | null;
      };
      readonly status: RecordedStatus;
    };
    readonly replicaSets:
      | readonly (RecordedReplicaSet & {
          readonly ageS: number;
          readonly deleting: boolean;
          readonly observedGenLag: boolean;
          readonly replicaFailure: boolean;
        })[]
      | null;
    readonly podPhasesByRS: Readonly<Record<string, readonly PodPhase[]>>;
  };
  readonly out: {
    readonly actions: readonly (Action & { readonly resource: string })[] | null;
    readonly events: readonly string[] | null;
    readonly err: string | null;
    readonly path: string;
    readonly finalReplicaSets: readonly { readonly name: string; readonly specReplicas: number }[] | null;
  };
}

/** The recorder prints the age of a time that was never set as the longest duration there is. */
const neverAgeS = 9_223_372_036;
const deletion = { deadlineMs: startMs, graceSeconds: 0 };

const msOf = (ageS: number): number => startMs - ageS * 1000;
const ageOf = (ms: number | undefined): number => (startMs - (ms ?? startMs)) / 1000;

const conditionIn = (condition: RecordedCondition): Condition => ({
  type: condition.type,
  status: condition.status,
  reason: condition.reason,
  message: condition.message,
  lastUpdateMs: msOf(condition.lastUpdateAgeS),
  lastTransitionMs: msOf(condition.lastTransitionAgeS),
});

const deploymentIn = ({ annotations, deleting, generation, spec, status }: Row["in"]["deployment"]): Deployment => {
  const { progressDeadlineSeconds, revisionHistoryLimit, template, ...rest } = spec;
  const base = deploymentOf({
    meta: { annotations, generation, ...(deleting ? { deletion } : {}) },
    status: {
      observedGeneration: status.observedGeneration,
      replicas: status.replicas,
      updatedReplicas: status.updated,
      readyReplicas: status.ready,
      availableReplicas: status.available,
      unavailableReplicas: status.unavailable,
      conditions: (status.conditions ?? []).map(conditionIn),
    },
  });
  return {
    ...base,
    spec: {
      ...rest,
      selector: base.spec.selector,
      template: digestOf(template),
      ...(progressDeadlineSeconds === null ? {} : { progressDeadlineSeconds }),
      ...(revisionHistoryLimit === null ? {} : { revisionHistoryLimit }),
    },
  };
};

const replicaSetsIn = (row: Row): readonly ReplicaSet[] =>
  (row.in.replicaSets ?? []).map(({ name, ...rs }) => {
    const failure: Condition = {
      type: "ReplicaFailure",
      status: "True",
      reason: "FailedCreate",
      message: `quota ${name}`,
      lastTransitionMs: msOf(neverAgeS),
    };
    return replicaSetOf(name, {
      template: rs.template,
      replicas: rs.specReplicas,
      meta: {
        annotations: rs.annotations,
        createdAtMs: msOf(rs.ageS),
        generation: 2,
        ...(rs.deleting ? { deletion } : {}),
      },
      spec: { minReadySeconds: rs.minReadySeconds },
      status: {
        replicas: rs.status.replicas,
        readyReplicas: rs.status.ready,
        availableReplicas: rs.status.available,
        observedGeneration: rs.observedGenLag ? 1 : 2,
        conditions: rs.replicaFailure ? [failure] : [],
      },
    });
  });

const sorted = (map: StringMap): StringMap =>
  Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));

const deploymentOut = ({ meta, spec, status }: Deployment) => ({
  annotations: sorted(meta.annotations),
  template: String(spec.template),
  status: {
    available: status.availableReplicas,
    conditions: status.conditions.map((condition) => ({
      lastTransitionAgeS: ageOf(condition.lastTransitionMs),
      lastUpdateAgeS: ageOf(condition.lastUpdateMs),
      message: condition.message ?? "",
      reason: condition.reason ?? "",
      status: condition.status,
      type: condition.type,
    })),
    observedGeneration: status.observedGeneration,
    ready: status.readyReplicas,
    replicas: status.replicas,
    unavailable: status.unavailableReplicas,
    updated: status.updatedReplicas,
  },
});

const replicaSetOut = ({ meta, spec, status }: ReplicaSet) => ({
  name: meta.name,
  template: String(spec.template.digest),
  annotations: sorted(meta.annotations),
  minReadySeconds: spec.minReadySeconds,
  specReplicas: spec.replicas,
  status: { available: status.availableReplicas, ready: status.readyReplicas, replicas: status.replicas },
});

type Effect = { readonly verb: string; readonly object: string; readonly after?: unknown };

/** The recorded writes that changed something. */
const recordedEffects = (row: Row): readonly Effect[] => {
  const state = new Map<string, string>();
  for (const rs of replicaSetsIn(row)) state.set(rs.meta.name, JSON.stringify(replicaSetOut(rs)));
  state.set("deployment", JSON.stringify(deploymentOut(deploymentIn(row.in.deployment))));
  return (row.out.actions ?? []).flatMap((action): readonly Effect[] => {
    if ("name" in action) return [{ verb: "delete", object: action.name }];
    const [object, after] =
      "rs" in action
        ? ([
            action.rs.name,
            {
              name: action.rs.name,
              template: action.rs.template,
              annotations: sorted(action.rs.annotations),
              minReadySeconds: action.rs.minReadySeconds,
              specReplicas: action.rs.specReplicas,
              status: action.rs.status,
            },
          ] as const)
        : ([
            "deployment",
            {
              annotations: sorted(action.annotations),
              template: action.template,
              status: { ...action.status, conditions: action.status.conditions ?? [] },
            },
          ] as const);
    if (state.get(object) === JSON.stringify(after)) return [];
    state.set(object, JSON.stringify(after));
    const verb =
      "subresource" in action && action.subresource === "status" && object === "deployment" ? "status" : action.verb;
    return [{ verb, object, after }];
  });
};

const effectOf = ({ write, before, after }: Change): Effect => {
  if (after === undefined) return { verb: "delete", object: before?.meta.name ?? "" };
  if (after.kind === "ReplicaSet") {
    return { verb: before === undefined ? "create" : "update", object: after.meta.name, after: replicaSetOut(after) };
  }
  if (after.kind !== "Deployment") throw new Error(`unexpected write of a ${after.kind}`);
  const verb = write.verb === "replace" && write.subresource === "status" ? "status" : "update";
  return { verb, object: "deployment", after: deploymentOut(after) };
};

/** What the log's fold says of a change of size. */
const scalingEvent = ({ before, after }: Change): readonly string[] => {
  if (after?.kind !== "ReplicaSet") return [];
  const from = before?.kind === "ReplicaSet" ? before.spec.replicas : 0;
  const to = after.spec.replicas;
  if (from === to) return [];
  return [
    `Normal ScalingReplicaSet Scaled ${from < to ? "up" : "down"} replica set ${after.meta.name} from ${from} to ${to}`,
  ];
};

/** The recorded names, so that ties of creation times are broken alike. Go's hashes cannot be computed here. */
const hashes: Readonly<Record<string, string>> = {
  v0: "789bff5cd4",
  v1: "84c9fcd49f",
  v2: "68856dd7db",
  v3: "7556ffcb4f",
  v4: "77bc7d9964",
  v5: "5b7495dc87",
  v6: "5f56c6f84b",
  v7: "5449587f4f",
};
const hashTemplate = (template: Digest): string => hashes[template] ?? template;

const run = (row: Row) => {
  const replicaSets = replicaSetsIn(row);
  const pods = replicaSets.flatMap((rs) =>
    (row.in.podPhasesByRS[rs.meta.name] ?? []).map((phase, i) => podOf(`${rs.meta.name}-${i}`, rs, phase)),
  );
  const api = new FakeApi(deploymentIn(row.in.deployment), ...replicaSets, ...pods);
  const result = api.drive(
    reconcileDeployment(api.view(), { namespace: "default", name: "web" }, startMs, { hashTemplate }),
  );
  return {
    err: result.error ?? null,
    effects: api.changes.map(effectOf),
    events: api.changes.flatMap(scalingEvent),
    finalReplicaSets: api.replicaSets
      .map(({ meta, spec }) => ({ name: meta.name, specReplicas: spec.replicas }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
};

const recorded = (row: Row) => ({
  err: row.out.err,
  effects: recordedEffects(row),
  events: (row.out.events ?? []).filter((event) => event.includes(" ScalingReplicaSet ")),
  finalReplicaSets: row.out.finalReplicaSets ?? [],
});

/**
 * Where a share is to be taken of a Deployment that has no pods by its status, and a ReplicaSet does not say what the total was,
 * 1.20 divides by zero, and what becomes of that is cut to an int32. Later versions guard against it.
 */
const dividesByZero = (row: Row): boolean => {
  const { spec, status } = row.in.deployment;
  const active = (row.in.replicaSets ?? []).filter(({ specReplicas }) => specReplicas > 0);
  const unknownTotal = active.some(({ annotations }) => annotations[MAX_REPLICAS] === undefined);
  const proportional = row.out.path.startsWith("sync(") && active.length > 1 && spec.strategy.type === "RollingUpdate";
  return proportional && status.replicas === 0 && spec.replicas > 0 && unknownTotal;
};

/** How many rows of the repository's own copy do, and show it. */
const dividing: Readonly<Record<string, number>> = { "deployment-sync-scale-multi": 7 };

for (const file of [
  "deployment-sync",
  "deployment-sync-rolling",
  "deployment-sync-scale-multi",
  "deployment-sync-recreate",
  "deployment-sync-cleanup",
]) {
  conform<Row>(file, (row) => [run(row), recorded(row)], { mayDiffer: dividesByZero, count: dividing[file] ?? 0 });
}
