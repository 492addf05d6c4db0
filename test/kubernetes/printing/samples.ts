import type {
  ConditionStatus,
  ContainerStatus,
  Deployment,
  KubeEvent,
  Pod,
  ReplicaSet,
} from "../../../src/kubernetes/objects.ts";

/** The instant from which the ages in the recorded outputs count. */
export const nowMs = Date.parse("2026-11-20T12:48:00Z");

const template = (image: string, labels: Readonly<Record<string, string>>) => ({
  metadata: { labels, annotations: { "sim/start-ms": "300", "sim/ready-ms": "400", "sim/term-ms": "300" } },
  spec: { containers: [{ name: "web", image, ports: [{ containerPort: 8080, protocol: "TCP" }] }] },
});

export const webDeployment: Deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: {
    name: "web",
    namespace: "shop",
    creationTimestamp: "2026-11-20T12:47:38Z",
    annotations: {
      "kubectl.kubernetes.io/last-applied-configuration": "{}\n",
      "deployment.kubernetes.io/revision": "2",
    },
  },
  spec: {
    replicas: 5,
    selector: { matchLabels: { app: "web" } },
    template: template("registry.example/web:v2", { app: "web" }),
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: 1 } },
  },
  status: {
    replicas: 5,
    updatedReplicas: 5,
    readyReplicas: 5,
    availableReplicas: 5,
    conditions: [
      { type: "Available", status: "True", reason: "MinimumReplicasAvailable" },
      { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" },
    ],
  },
};

export const webReplicaSet = (hash: string, image: string, replicas: number): ReplicaSet => ({
  apiVersion: "apps/v1",
  kind: "ReplicaSet",
  metadata: {
    name: `web-${hash}`,
    namespace: "shop",
    uid: `uid-${hash}`,
    creationTimestamp: "2026-11-20T12:47:40Z",
    labels: { "pod-template-hash": hash, app: "web" },
    annotations: { "deployment.kubernetes.io/revision": "1" },
    ownerReferences: [{ apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "d", controller: true }],
  },
  spec: {
    replicas,
    selector: { matchLabels: { app: "web", "pod-template-hash": hash } },
    template: template(image, { app: "web", "pod-template-hash": hash }),
  },
  status: { replicas, readyReplicas: replicas, availableReplicas: replicas },
});

export const runningContainer: ContainerStatus = {
  name: "web",
  image: "registry.example/web:v1",
  imageID: "sim://registry.example/web:v1",
  containerID: "sim://708f5cd9/web",
  ready: true,
  started: true,
  restartCount: 0,
  state: { running: { startedAt: "2026-11-20T12:43:43Z" } },
};

const condition = (type: string, status: ConditionStatus) => ({ type, status });

export const webPod = (name: string, status: Pod["status"] = {}, spec: Partial<Pod["spec"]> = {}): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name,
    namespace: "shop",
    creationTimestamp: "2026-11-20T12:47:37Z",
    labels: { app: "web", "pod-template-hash": "cf7bb55df" },
    ownerReferences: [
      { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-cf7bb55df", uid: "uid-cf7bb55df", controller: true },
    ],
  },
  spec: {
    containers: [{ name: "web", image: "registry.example/web:v1", ports: [{ containerPort: 8080, protocol: "TCP" }] }],
    nodeName: "fake-0",
    tolerations: [
      { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
      { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
    ],
    ...spec,
  },
  status: {
    phase: "Running",
    podIP: "10.244.2.186",
    podIPs: [{ ip: "10.244.2.186" }],
    hostIP: "10.0.0.1",
    startTime: "2026-11-20T12:43:43Z",
    qosClass: "BestEffort",
    conditions: [
      condition("Initialized", "True"),
      condition("Ready", "True"),
      condition("ContainersReady", "True"),
      condition("PodScheduled", "True"),
    ],
    containerStatuses: [runningContainer],
    ...status,
  },
});

export const scaledEvent = (message: string, lastSeen: string, count = 1, firstSeen = lastSeen): KubeEvent => ({
  apiVersion: "v1",
  kind: "Event",
  metadata: { name: `web.${count}${message.length}`, namespace: "shop" },
  type: "Normal",
  reason: "ScalingReplicaSet",
  message,
  involvedObject: { kind: "Deployment", namespace: "shop", name: "web" },
  source: { component: "deployment-controller" },
  count,
  firstTimestamp: firstSeen,
  lastTimestamp: lastSeen,
});
