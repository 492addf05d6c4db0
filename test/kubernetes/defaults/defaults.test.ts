import { expect, test } from "vitest";
import {
  podTemplateDefaults,
  qosClass,
  withDefaults,
  withPodAdmission,
} from "../../../src/kubernetes/defaults/index.ts";
import type {
  Container,
  Deployment,
  KubeObject,
  Namespace,
  Node,
  Pod,
  PodSpec,
  Probe,
  ReplicaSet,
  Secret,
  Service,
} from "../../../src/kubernetes/objects.ts";
import { container, deployment, deploymentWith, pod, service, template, templateWith } from "../fixtures.ts";

const defaulted = <T extends KubeObject>(object: T): T => withDefaults(object) as KubeObject as T;

const defaultContainer = {
  name: "web",
  image: "nginx:1.27",
  resources: {},
  terminationMessagePath: "/dev/termination-log",
  terminationMessagePolicy: "File",
  imagePullPolicy: "IfNotPresent",
};

test("a Deployment gets the defaults of its spec and template", () => {
  expect(defaulted(deployment).spec).toEqual({
    replicas: 1,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: {
        containers: [defaultContainer],
        restartPolicy: "Always",
        terminationGracePeriodSeconds: 30,
        dnsPolicy: "ClusterFirst",
        securityContext: {},
        schedulerName: "default-scheduler",
      },
    },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } },
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
  });
});

test("explicit zeros of a Deployment are kept", () => {
  const { spec } = defaulted(deploymentWith({ replicas: 0, revisionHistoryLimit: 0, progressDeadlineSeconds: 0 }));
  expect(spec).toMatchObject({ replicas: 0, revisionHistoryLimit: 0, progressDeadlineSeconds: 0 });
});

test("each limit of a rolling update has its own default, and Recreate has none", () => {
  expect(defaulted(deploymentWith({ strategy: { rollingUpdate: { maxSurge: 0 } } })).spec.strategy).toEqual({
    type: "RollingUpdate",
    rollingUpdate: { maxSurge: 0, maxUnavailable: "25%" },
  });
  expect(defaulted(deploymentWith({ strategy: { type: "Recreate" } })).spec.strategy).toEqual({ type: "Recreate" });
});

test("what is set to nothing is not stored, what a pointer holds is", () => {
  const { spec } = defaulted(
    deploymentWith({
      paused: false,
      minReadySeconds: 0,
      template: templateWith({ args: [], stdin: false } as Partial<Container>),
    }),
  );
  expect(spec).not.toHaveProperty("paused");
  expect(spec).not.toHaveProperty("minReadySeconds");
  expect(spec.template.spec.containers[0]).toEqual(defaultContainer);
});

test("fields that nobody knows are kept", () => {
  const unknown = { ...deployment, spec: { ...deployment.spec, futureField: { a: [null, 1] } } };
  expect(defaulted(unknown).spec).toHaveProperty("futureField", { a: [null, 1] });
});

test("an object with all its defaults stays the same object", () => {
  for (const object of [deployment, pod, service, { ...deployment, kind: "ReplicaSet" }]) {
    const once = withDefaults(object);
    expect(withDefaults(once)).toBe(once);
  }
});

test("one template is defaulted once, so that its pods share a spec", () => {
  expect(podTemplateDefaults(template)).toBe(podTemplateDefaults(template));
  const { spec } = podTemplateDefaults(template);
  expect(withPodAdmission(spec)).toBe(withPodAdmission(spec));
});

test("a Deployment without a spec gets one that validation can look at", () => {
  const bare = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" } };
  expect(withDefaults(bare)).toMatchObject({ spec: { replicas: 1, template: { spec: { containers: [] } } } });
});

test.each([
  ["nginx", "Always"],
  ["nginx:latest", "Always"],
  ["localhost:5000/nginx", "Always"],
  ["nginx:1.27", "IfNotPresent"],
  ["nginx@sha256:0123456789abcdef0123456789abcdef", "IfNotPresent"],
  [" nginx", "IfNotPresent"],
])("image %j is pulled %s", (image, policy) => {
  expect(podTemplateDefaults(templateWith({ image })).spec.containers[0]?.imagePullPolicy).toBe(policy);
});

test("probes, hooks, ports and downward fields get their defaults", () => {
  const probe: Probe = { httpGet: { port: 80 } };
  const [result] = podTemplateDefaults(
    templateWith({
      readinessProbe: probe,
      lifecycle: { preStop: { httpGet: { port: 80 } } },
      ports: [{ containerPort: 80 }],
      env: [{ name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }],
    }),
  ).spec.containers;
  expect(result).toMatchObject({
    readinessProbe: {
      httpGet: { path: "/", port: 80, scheme: "HTTP" },
      timeoutSeconds: 1,
      periodSeconds: 10,
      successThreshold: 1,
      failureThreshold: 3,
    },
    lifecycle: { preStop: { httpGet: { path: "/", scheme: "HTTP" } } },
    ports: [{ containerPort: 80, protocol: "TCP" }],
    env: [{ valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "status.podIP" } } }],
  });
});

test("volumes without a source are empty directories; files of ConfigMaps may be read by all", () => {
  const { spec } = podTemplateDefaults({
    ...template,
    spec: { ...template.spec, volumes: [{ name: "a" }, { name: "b", configMap: { name: "c" } }] },
  });
  expect(spec.volumes).toEqual([
    { name: "a", emptyDir: {} },
    { name: "b", configMap: { name: "c", defaultMode: 420 } },
  ]);
});

test("quantities are stored in their canonical text", () => {
  const resources = { limits: { cpu: 0.5, memory: "1024Mi" } };
  expect(
    defaulted(deploymentWith({ template: templateWith({ resources }) })).spec.template.spec.containers[0]?.resources,
  ).toEqual({
    limits: { cpu: "500m", memory: "1Gi" },
  });
});

test("a pod gets more than its template: tolerations, priority, requests from limits", () => {
  const limited: Pod = {
    ...pod,
    spec: { containers: [{ ...container, resources: { limits: { cpu: "1" }, requests: {} } }] },
  };
  expect(defaulted(limited).spec).toMatchObject({
    containers: [{ resources: { limits: { cpu: "1" }, requests: { cpu: "1" } } }],
    tolerations: [
      { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
      { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
    ],
    priority: 0,
    enableServiceLinks: true,
    preemptionPolicy: "PreemptLowerPriority",
  });
  expect(podTemplateDefaults({ spec: limited.spec }).spec.containers[0]?.resources).not.toHaveProperty("requests.cpu");
});

test("a pod's own toleration of a node outage stands", () => {
  const own = { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 5 };
  const everything = { operator: "Exists" };
  const tolerationsOf = (tolerations: PodSpec["tolerations"]) =>
    withPodAdmission({ ...pod.spec, ...(tolerations ? { tolerations } : {}) }).tolerations;
  expect(tolerationsOf([own])).toHaveLength(2);
  expect(tolerationsOf([everything])).toEqual([everything]);
});

test.each<[string, Partial<Container>[], string]>([
  ["nothing asked for", [{}], "BestEffort"],
  ["limits equal to requests everywhere", [{ resources: { limits: { cpu: "1", memory: "1Gi" } } }], "Guaranteed"],
  ["a request only", [{ resources: { requests: { cpu: "1" } } }], "Burstable"],
  ["one container without", [{ resources: { limits: { cpu: "1", memory: "1Gi" } } }, {}], "Burstable"],
  [
    "a limit above the request",
    [{ resources: { limits: { cpu: "1", memory: "2Gi" }, requests: { cpu: "1000m", memory: "1Gi" } } }],
    "Burstable",
  ],
])("quality of service with %s is %s", (_, containers, qos) => {
  expect(qosClass({ containers: containers.map((changes) => ({ ...container, ...changes })) })).toBe(qos);
});

test("a Service's port is also the target's, and its traffic stays in the cluster", () => {
  expect(defaulted(service).spec).toEqual({
    selector: { app: "web" },
    ports: [{ port: 80, protocol: "TCP", targetPort: 80 }],
    type: "ClusterIP",
    sessionAffinity: "None",
    internalTrafficPolicy: "Cluster",
    ipFamilies: ["IPv4"],
    ipFamilyPolicy: "SingleStack",
  });
  const sticky: Service = { ...service, spec: { ...service.spec, type: "LoadBalancer", sessionAffinity: "ClientIP" } };
  expect(defaulted(sticky).spec).toMatchObject({
    externalTrafficPolicy: "Cluster",
    allocateLoadBalancerNodePorts: true,
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } },
  });
});

test("a ReplicaSet has one replica; its template has a template's defaults", () => {
  const replicaSet: ReplicaSet = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name: "web" },
    spec: deployment.spec,
  };
  expect(defaulted(replicaSet).spec).toMatchObject({ replicas: 1, template: { spec: { restartPolicy: "Always" } } });
});

test("a Secret's stringData becomes data, and wins", () => {
  const secret: Secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "s" },
    data: { a: "eA==", b: "eQ==" },
    stringData: { b: "grün" },
  };
  expect(defaulted(secret)).toEqual({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "s" },
    type: "Opaque",
    data: { a: "eA==", b: "Z3LDvG4=" },
  });
});

test("a Namespace is labelled with its name; a Node offers its capacity", () => {
  const namespace: Namespace = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "shop", labels: { team: "a" } },
  };
  expect(defaulted(namespace).metadata.labels).toEqual({ team: "a", "kubernetes.io/metadata.name": "shop" });
  const node: Node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "n" },
    status: { capacity: { cpu: "4000m" } },
  };
  expect(defaulted(node).status).toEqual({ capacity: { cpu: "4" }, allocatable: { cpu: "4" } });
});

test("Deployments and their defaults share nothing that could change both", () => {
  const before: Deployment = structuredClone(deployment);
  withDefaults(deployment);
  expect(deployment).toEqual(before);
});
