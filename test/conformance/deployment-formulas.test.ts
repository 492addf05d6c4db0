import * as E from "fp-ts/lib/Either.js";
import {
  lastRevision,
  maxRevision,
  setDeploymentAnnotationsTo,
  setNewReplicaSetAnnotations,
} from "../../src/controllers/deployment/annotations.ts";
import { newRSNewReplicas } from "../../src/controllers/deployment/formulas.ts";
import {
  deploymentComplete,
  deploymentProgressing,
  deploymentTimedOut,
  hasProgressDeadline,
} from "../../src/controllers/deployment/progress.ts";
import {
  findActiveOrLatest,
  findNewReplicaSet,
  findOldReplicaSets,
  isActive,
} from "../../src/controllers/deployment/replica-sets.ts";
import { getReplicaSetFraction, getReplicaSetProportion } from "../../src/controllers/deployment/scaling.ts";
import type { DeploymentSpec, DeploymentStatus } from "../../src/domain/state.ts";
import { maxSurge, maxUnavailable, minAvailable, resolveFenceposts } from "../../src/kubernetes/int-or-percent.ts";
import type { IntOrPercent, StringMap } from "../../src/kubernetes/objects.ts";
import { MAX_REPLICAS, REVISION } from "../../src/kubernetes/well-known.ts";
import { deploymentOf, digestOf, replicaSetOf, rolling, startMs, templateNamed } from "../support/workloads.ts";
import { conform } from "./vectors.ts";

const sorted = (map: StringMap | null): readonly (readonly [string, string])[] =>
  Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));

interface Limits {
  readonly desired: number;
  readonly maxSurge: IntOrPercent | null;
  readonly maxUnavailable: IntOrPercent | null;
  readonly surge: number;
  readonly unavailable: number;
  readonly err: string | null;
  readonly "MaxSurge()"?: number;
  readonly "MaxUnavailable()"?: number;
  readonly "MinAvailable()"?: number;
}

// The texts of errors are Go's own; compared is that there is one.
conform<Limits>("resolve-fenceposts", (row) => {
  const [surge, unavailable] = [row.maxSurge ?? undefined, row.maxUnavailable ?? undefined];
  const resolved = resolveFenceposts(surge, unavailable, row.desired);
  if (E.isLeft(resolved) || row.err !== null) return [E.isLeft(resolved), row.err !== null];
  const { spec } = deploymentOf({ spec: { replicas: row.desired, strategy: rolling(surge ?? 0, unavailable ?? 0) } });
  return [
    [resolved.right.maxSurge, resolved.right.maxUnavailable, maxSurge(spec), maxUnavailable(spec), minAvailable(spec)],
    [row.surge, row.unavailable, row["MaxSurge()"], row["MaxUnavailable()"], row["MinAvailable()"]],
  ];
});

interface NewReplicas {
  readonly desired: number;
  readonly newSize: number;
  readonly oldSizes: readonly number[] | null;
  readonly strategy: DeploymentSpec["strategy"];
  readonly result: number;
}

conform<NewReplicas>("new-rs-new-replicas", ({ desired, newSize, oldSizes, strategy, result }) => {
  const deployment = deploymentOf({ spec: { replicas: desired, strategy } });
  const all = [...(oldSizes ?? []), newSize].map((replicas, i) => replicaSetOf(`web-${i}`, { replicas }));
  return [newRSNewReplicas(deployment, all, newSize), result];
});

interface Proportion {
  readonly desired: number;
  readonly maxSurge: IntOrPercent;
  readonly maxUnavailable: IntOrPercent;
  readonly deploymentStatusReplicas: number;
  readonly rsReplicas: number;
  readonly rsMaxReplicasAnnotation: number | null;
  readonly toAdd: number;
  readonly added: number;
  readonly fraction: number;
  readonly result: number;
}

conform<Proportion>("get-proportion", (row) => {
  const deployment = deploymentOf({
    spec: { replicas: row.desired, strategy: rolling(row.maxSurge, row.maxUnavailable) },
    status: { replicas: row.deploymentStatusReplicas },
  });
  const before = row.rsMaxReplicasAnnotation;
  const annotations = before === null ? {} : { [MAX_REPLICAS]: String(before) };
  const replicaSet = replicaSetOf("web-1", { replicas: row.rsReplicas, meta: { annotations } });
  const fraction = getReplicaSetFraction(deployment, replicaSet);
  const proportion = getReplicaSetProportion(deployment, replicaSet, row.toAdd, row.added);
  return [
    [fraction, proportion],
    [row.fraction, row.result],
  ];
});

interface Counts {
  readonly available: number;
  readonly observedGeneration: number;
  readonly ready: number;
  readonly replicas: number;
  readonly updated: number;
}

interface Predicates {
  readonly desired: number;
  readonly generation: number;
  readonly progressDeadlineSeconds: number | null;
  readonly progressingCondition: { readonly ageSeconds: number; readonly reason: string } | null;
  readonly oldStatus: Counts;
  readonly newStatus: Counts;
  readonly complete: boolean;
  readonly progressing: boolean;
  readonly timedOut: boolean;
  readonly hasProgressDeadline: boolean;
}

const statusOf = (counts: Counts, conditions: DeploymentStatus["conditions"]): DeploymentStatus => ({
  observedGeneration: counts.observedGeneration,
  replicas: counts.replicas,
  updatedReplicas: counts.updated,
  readyReplicas: counts.ready,
  availableReplicas: counts.available,
  unavailableReplicas: 0,
  conditions,
});

conform<Predicates>("deployment-complete-progressing-timedout", (row) => {
  const nowMs = startMs;
  const { progressingCondition: condition, progressDeadlineSeconds: deadline } = row;
  const atMs = startMs - (condition?.ageSeconds ?? 0) * 1000;
  const conditions =
    condition === null
      ? []
      : [
          {
            type: "Progressing",
            status: "True" as const,
            reason: condition.reason,
            lastUpdateMs: atMs,
            lastTransitionMs: atMs,
          },
        ];
  const { progressDeadlineSeconds: _, ...withoutDeadline } = deploymentOf().spec;
  const spec = {
    ...withoutDeadline,
    replicas: row.desired,
    ...(deadline === null ? {} : { progressDeadlineSeconds: deadline }),
  };
  const base = deploymentOf({ meta: { generation: row.generation } });
  const deployment = { ...base, spec, status: statusOf(row.oldStatus, []) };
  const status = statusOf(row.newStatus, conditions);
  return [
    [
      deploymentComplete(deployment, status),
      deploymentProgressing(deployment, status),
      deploymentTimedOut(deployment, status, nowMs),
      hasProgressDeadline(deployment),
    ],
    [row.complete, row.progressing, row.timedOut, row.hasProgressDeadline],
  ];
});

interface NewAndOld {
  readonly deploymentTemplate: number;
  readonly replicaSets:
    | readonly { name: string; ageSeconds: number; revision: string; specReplicas: number; template: number }[]
    | null;
  readonly new: string | null;
  readonly allOld: readonly string[];
  readonly oldWithPods: readonly string[];
  readonly activeOrLatest: string | null;
  readonly maxRevisionOfOld: number;
  readonly "lastRevision(all)": number;
}

conform<NewAndOld>("find-new-old-rs", (row) => {
  const deployment = deploymentOf({ spec: { template: digestOf(`v${row.deploymentTemplate}`) } });
  const all = (row.replicaSets ?? []).map(({ name, ageSeconds, revision, specReplicas, template }) =>
    replicaSetOf(name, {
      template: `v${template}`,
      replicas: specReplicas,
      revision: Number(revision),
      meta: { createdAtMs: startMs - ageSeconds * 1000, annotations: { [REVISION]: revision } },
    }),
  );
  const newRS = findNewReplicaSet({ template: templateNamed }, deployment, all);
  const oldRSs = findOldReplicaSets(all, newRS);
  const names = (replicaSets: typeof oldRSs) => replicaSets.map(({ meta }) => meta.name);
  return [
    [
      newRS?.meta.name ?? null,
      names(oldRSs),
      names(oldRSs.filter(isActive)),
      findActiveOrLatest({ newRS, oldRSs })?.meta.name ?? null,
      maxRevision(oldRSs),
      lastRevision(all),
    ],
    [row.new, row.allOld, row.oldWithPods, row.activeOrLatest, row.maxRevisionOfOld, row["lastRevision(all)"]],
  ];
});

interface Annotations {
  readonly deploymentAnnotations: StringMap;
  readonly rsAnnotations: StringMap | null;
  readonly desired: number;
  readonly maxSurge: IntOrPercent;
  readonly newRevision: string;
  readonly exists: boolean;
  readonly revHistoryLimitInChars: number;
  readonly changed: boolean;
  readonly rsAnnotationsAfter: StringMap | null;
  readonly "SetDeploymentAnnotationsTo(rs).deploymentAnnotations": StringMap | null;
}

conform<Annotations>("set-new-rs-annotations", (row) => {
  const deployment = deploymentOf({
    meta: { annotations: row.deploymentAnnotations },
    spec: { replicas: row.desired, strategy: rolling(row.maxSurge, 0) },
  });
  const current = row.rsAnnotations ?? {};
  const { newRevision, exists, revHistoryLimitInChars: limit } = row;
  const update = setNewReplicaSetAnnotations(deployment, current, newRevision, exists, limit);
  const back = setDeploymentAnnotationsTo(
    deployment,
    replicaSetOf("web-1", { meta: { annotations: update.annotations } }),
  );
  return [
    [update.changed, sorted(update.annotations), sorted(back)],
    [row.changed, sorted(row.rsAnnotationsAfter), sorted(row["SetDeploymentAnnotationsTo(rs).deploymentAnnotations"])],
  ];
});
