import { expect, test } from "vitest";
import { withDefaults } from "../../../src/kubernetes/defaults/index.ts";
import type { KubeObject, StoredObject } from "../../../src/kubernetes/objects.ts";
import type { FieldCause } from "../../../src/kubernetes/refusal.ts";
import {
  validate,
  validateDeploymentStatus,
  validateReplicaSetStatus,
  validateUpdate,
} from "../../../src/kubernetes/validation/index.ts";
import { container, pod, service } from "../fixtures.ts";

const texts = (causes: readonly FieldCause[]): readonly string[] =>
  causes.map(({ field, message }) => `${field}: ${message}`);
const faults = (object: object): readonly string[] => texts(validate(withDefaults(object as KubeObject)));
const updateFaults = (before: object, after: object): readonly string[] =>
  texts(validateUpdate(withDefaults(before as KubeObject), withDefaults(after as KubeObject)));

const serviceWith = (spec: object): object => ({ ...service, spec: { ...service.spec, ...spec } });

test.each<[object, readonly string[]]>([
  [{}, []],
  [{ ports: undefined }, ["spec.ports: Required value"]],
  [{ ports: undefined, clusterIP: "None" }, []],
  [
    { ports: [{ port: 0 }] },
    [
      "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
      "spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive",
    ],
  ],
  [{ ports: [{ port: 1 }, { port: 2 }] }, ["spec.ports[0].name: Required value", "spec.ports[1].name: Required value"]],
  [
    {
      ports: [
        { name: "a", port: 1 },
        { name: "a", port: 1 },
      ],
    },
    ['spec.ports[1].name: Duplicate value: "a"', 'spec.ports[1]: Duplicate value: {"port":1,"protocol":"TCP"}'],
  ],
  [
    { type: "Internal" },
    [
      'spec.type: Unsupported value: "Internal": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
    ],
  ],
  [
    { type: "NodePort", clusterIP: "None" },
    ["spec.clusterIPs[0]: Invalid value: \"None\": may not be set to 'None' for NodePort services"],
  ],
  [{ type: "ExternalName" }, ["spec.externalName: Required value"]],
  [{ type: "ExternalName", externalName: "db.example.com.", ports: undefined }, []],
  [
    { ports: [{ port: 1, nodePort: 30_000 }] },
    ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
  ],
  [
    { clusterIP: "ten" },
    ['spec.clusterIPs[0]: Invalid value: "ten": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'],
  ],
  [
    { sessionAffinity: "Cookie" },
    ['spec.sessionAffinity: Unsupported value: "Cookie": supported values: "ClientIP", "None"'],
  ],
  [{ selector: { app: "-" } }, [expect.stringContaining('spec.selector: Invalid value: "-": a valid label must')]],
])("a Service with %j has the faults %j", (spec, expected) => {
  expect(faults(serviceWith(spec))).toEqual(expected);
});

test("a Service's name begins with a letter", () => {
  expect(faults({ ...service, metadata: { name: "1bad" } })[0]).toMatch(
    /^metadata\.name: Invalid value: "1bad": a DNS-1035 label/,
  );
});

test("an allocated cluster IP stays", () => {
  const allocated = serviceWith({ clusterIP: "10.96.0.1" });
  expect(updateFaults(allocated, serviceWith({ clusterIP: "10.96.0.2" }))).toEqual([
    'spec.clusterIPs[0]: Invalid value: ["10.96.0.2"]: may not change once set',
  ]);
  expect(updateFaults(service, allocated)).toEqual([]);
  expect(updateFaults(allocated, serviceWith({ type: "ExternalName", externalName: "a.b" }))).toEqual([]);
});

const podWith = (spec: object): object => ({ ...pod, spec: { ...pod.spec, ...spec } });

test("a pod's image must not have blanks at its ends, though a template's may", () => {
  expect(faults(podWith({ containers: [{ ...container, image: " nginx" }] }))).toEqual([
    'spec.containers[0].image: Invalid value: " nginx": must not have leading or trailing whitespace',
  ]);
});

test("a pod may run to completion", () => {
  expect(faults(podWith({ restartPolicy: "Never", activeDeadlineSeconds: 5 }))).toEqual([]);
  expect(faults(podWith({ activeDeadlineSeconds: 0 }))).toEqual([
    "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive",
  ]);
});

test.each<[string, object, object, readonly string[]]>([
  ["its image", {}, { containers: [{ ...container, image: "nginx:2" }] }, []],
  [
    "another toleration in place of its own",
    {},
    { tolerations: [{ operator: "Exists" }] },
    ["spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds"],
  ],
  ["a shorter deadline", { activeDeadlineSeconds: 9 }, { activeDeadlineSeconds: 5 }, []],
  [
    "a longer deadline",
    { activeDeadlineSeconds: 5 },
    { activeDeadlineSeconds: 9 },
    ["spec.activeDeadlineSeconds: Invalid value: 9: must be less than or equal to previous value"],
  ],
  [
    "no deadline any more",
    { activeDeadlineSeconds: 5 },
    {},
    ["spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value"],
  ],
  [
    "a container more",
    {},
    { containers: [container, { ...container, name: "b" }] },
    ["spec.containers: Forbidden: pod updates may not add or remove containers"],
  ],
  [
    "an environment",
    {},
    { containers: [{ ...container, env: [{ name: "A", value: "1" }] }] },
    [
      expect.stringMatching(
        /^spec: Forbidden: pod updates may not change fields other than `spec\.containers\[\*\]\.image`,/,
      ),
    ],
  ],
])("of a pod, changed to have %s, the update has the faults it should", (_, before, after, expected) => {
  expect(updateFaults(podWith(before), podWith(after))).toEqual(expected);
});

test("tolerations may be added to those that a pod has", () => {
  const stored = withDefaults(pod) as Extract<StoredObject, { kind: "Pod" }>;
  const tolerations = [...(stored.spec.tolerations ?? []), { key: "gpu", operator: "Exists" }];
  expect(updateFaults(stored, { ...stored, spec: { ...stored.spec, tolerations } })).toEqual([]);
});

const budget = (spec: object): object => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: "web" },
  spec,
});

test.each<[object, readonly string[]]>([
  [{ minAvailable: "50%", selector: {} }, []],
  [
    { minAvailable: 1, maxUnavailable: 1 },
    ['spec: Invalid value: {"maxUnavailable":1,"minAvailable":1}: minAvailable and maxUnavailable cannot be both set'],
  ],
  [{ maxUnavailable: "150%" }, ['spec.maxUnavailable: Invalid value: "150%": must not be greater than 100%']],
  [{ minAvailable: -1 }, ["spec.minAvailable: Invalid value: -1: must be greater than or equal to 0"]],
  [
    { unhealthyPodEvictionPolicy: "Never" },
    ['spec.unhealthyPodEvictionPolicy: Unsupported value: "Never": supported values: "AlwaysAllow", "IfHealthyBudget"'],
  ],
])("a PodDisruptionBudget of %j has the faults %j", (spec, expected) => {
  expect(faults(budget(spec))).toEqual(expected);
});

const configMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" } };
const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" } };

test("keys of a ConfigMap are file names, each in one of its parts", () => {
  expect(faults({ ...configMap, data: { "a b": "", x: "1" }, binaryData: { x: "eA==" } })).toEqual([
    expect.stringContaining('data[a b]: Invalid value: "a b": a valid config key must consist of'),
    'data[x]: Invalid value: "x": duplicate of key present in binaryData',
  ]);
});

test("a ConfigMap holds one MiB", () => {
  expect(faults({ ...configMap, data: { a: "x".repeat(1024 * 1024) } })).toEqual([]);
  expect(faults({ ...configMap, data: { a: "x".repeat(1024 * 1024), b: "x" } })).toEqual([
    ": Too long: may not be more than 1048576 bytes",
  ]);
});

test("a TLS Secret has a certificate and a key", () => {
  expect(faults({ ...secret, type: "kubernetes.io/tls", stringData: { "tls.crt": "x" } })).toEqual([
    "data[tls.key]: Required value",
  ]);
});

test("what is marked immutable stays, with the mark; a Secret keeps its type", () => {
  const fixed = { ...configMap, immutable: true, data: { a: "1" } };
  expect(updateFaults(fixed, { ...fixed, data: { a: "2" } })).toEqual([
    "data: Forbidden: field is immutable when `immutable` is set",
  ]);
  expect(updateFaults(fixed, { ...fixed, immutable: false })).toEqual([
    "immutable: Forbidden: field is immutable when `immutable` is set",
  ]);
  expect(updateFaults({ ...configMap, data: { a: "1" } }, fixed)).toEqual([]);
  expect(updateFaults(secret, { ...secret, type: "x" })).toEqual(['type: Invalid value: "x": field is immutable']);
});

test("a Namespace's name is a label, and it lies in no namespace", () => {
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "a.b", namespace: "c" } };
  expect(faults(namespace)).toContain('metadata.name: Invalid value: "a.b": must not contain dots');
  expect(faults(namespace)).toContain("metadata.namespace: Forbidden: not allowed on this type");
});

test("a Node's taints have an effect and are set once", () => {
  const taint = { key: "a", effect: "NoSchedule" };
  const node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "n" },
    spec: { taints: [taint, taint, { key: "b", effect: "Go" }] },
  };
  expect(faults(node)).toEqual([
    'spec.taints[1]: Duplicate value: {"effect":"NoSchedule","key":"a"}',
    'spec.taints[2].effect: Unsupported value: "Go": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
  ]);
});

test("a Deployment's status counts no more pods of a kind than pods, and its collisions only grow", () => {
  const found = validateDeploymentStatus(
    { collisionCount: 2 },
    { replicas: 1, updatedReplicas: 2, readyReplicas: 1, availableReplicas: 2, collisionCount: 1 },
  );
  expect(texts(found)).toEqual([
    "status.updatedReplicas: Invalid value: 2: cannot be greater than status.replicas",
    "status.availableReplicas: Invalid value: 2: cannot be greater than status.replicas",
    "status.availableReplicas: Invalid value: 2: cannot be greater than readyReplicas",
    "status.collisionCount: Invalid value: 1: cannot be decremented",
  ]);
  expect(texts(validateDeploymentStatus({}, { unavailableReplicas: -1 }))).toEqual([
    "status.unavailableReplicas: Invalid value: -1: must be greater than or equal to 0",
  ]);
});

test("a ReplicaSet's status counts no more pods of a kind than pods", () => {
  expect(texts(validateReplicaSetStatus({ replicas: 1, fullyLabeledReplicas: 2 }))).toEqual([
    "status.fullyLabeledReplicas: Invalid value: 2: cannot be greater than status.replicas",
  ]);
  expect(validateReplicaSetStatus({ replicas: 2, readyReplicas: 2, availableReplicas: 1 })).toEqual([]);
});
