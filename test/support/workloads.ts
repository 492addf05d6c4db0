/** Entities with sensible defaults, for tests that care about a few of their fields. */
import type {
  Deployment,
  DeploymentSpec,
  DeploymentStatus,
  Digest,
  Meta,
  Pod,
  ReplicaSet,
  ReplicaSetSpec,
  ReplicaSetStatus,
  Uid,
} from "../../src/domain/state.ts";
import type { PodPhase, PodTemplate } from "../../src/kubernetes/objects.ts";
import { REVISION } from "../../src/kubernetes/well-known.ts";

/** A manual clock's start. */
export const startMs = Date.UTC(2026, 0, 1);

export const uidOf = (name: string): Uid => `uid-${name}` as Uid;

/** A template by a readable name, such as `v1`. */
export const digestOf = (name: string): Digest => name as Digest;

export const templateNamed = (name: string): PodTemplate => ({
  metadata: { labels: { app: "web" } },
  spec: { containers: [{ name: "web", image: `web:${name}` }] },
});

export const metaOf = (name: string, over: Partial<Meta> = {}): Meta => ({
  name,
  namespace: "default",
  uid: uidOf(name),
  resourceVersion: 1,
  generation: 1,
  createdAtMs: startMs,
  labels: {},
  annotations: {},
  ownerReferences: [],
  finalizers: [],
  ...over,
});

export interface DeploymentFields {
  readonly meta?: Partial<Meta>;
  readonly spec?: Partial<DeploymentSpec>;
  readonly status?: Partial<DeploymentStatus>;
}

/** `web`, 3 replicas of template `v1`, rolling with 25% and 25%, as Kubernetes defaults it. */
export const deploymentOf = ({ meta, spec, status }: DeploymentFields = {}): Deployment => ({
  kind: "Deployment",
  meta: metaOf("web", meta),
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: "web" } },
    template: digestOf("v1"),
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
    minReadySeconds: 0,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    paused: false,
    ...spec,
  },
  status: {
    observedGeneration: 0,
    replicas: 0,
    updatedReplicas: 0,
    readyReplicas: 0,
    availableReplicas: 0,
    unavailableReplicas: 0,
    conditions: [],
    ...status,
  },
});

/** Limits of a rolling update, as in a Deployment's spec. */
export const rolling = (maxSurge: number | string, maxUnavailable: number | string): DeploymentSpec["strategy"] => ({
  type: "RollingUpdate",
  rollingUpdate: { maxSurge, maxUnavailable },
});

export interface ReplicaSetFields {
  readonly template?: string;
  readonly replicas?: number;
  /** Pods that exist, are ready and available; the size unless given. */
  readonly available?: number;
  readonly revision?: number;
  readonly meta?: Partial<Meta>;
  readonly spec?: Partial<ReplicaSetSpec>;
  readonly status?: Partial<ReplicaSetStatus>;
}

/** A ReplicaSet that `web` owns: size 0 unless given. */
export const replicaSetOf = (name: string, fields: ReplicaSetFields = {}): ReplicaSet => {
  const { template = "v1", replicas = 0, available = replicas, revision, meta, spec, status } = fields;
  return {
    kind: "ReplicaSet",
    meta: metaOf(name, {
      labels: { app: "web" },
      annotations: revision === undefined ? {} : { [REVISION]: String(revision) },
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "Deployment",
          name: "web",
          uid: uidOf("web"),
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      ...meta,
    }),
    spec: {
      replicas,
      minReadySeconds: 0,
      selector: { matchLabels: { app: "web" } },
      template: { digest: digestOf(template) },
      ...spec,
    },
    status: {
      observedGeneration: meta?.generation ?? 1,
      replicas: available,
      fullyLabeledReplicas: available,
      readyReplicas: available,
      availableReplicas: available,
      conditions: [],
      ...status,
    },
  };
};

export const podOf = (name: string, owner: ReplicaSet, phase: PodPhase, meta: Partial<Meta> = {}): Pod => ({
  kind: "Pod",
  meta: metaOf(name, {
    labels: { app: "web" },
    ownerReferences: [
      {
        apiVersion: "apps/v1",
        kind: "ReplicaSet",
        name: owner.meta.name,
        uid: owner.meta.uid,
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
    ...meta,
  }),
  spec: digestOf("pod"),
  status: { phase, conditions: [], initContainers: [], containers: [] },
});
