import { expect, test } from "vitest";
import { withDefaults } from "../../../src/kubernetes/defaults/index.ts";
import type { Container, Deployment, KubeObject, PodSpec, PodTemplate } from "../../../src/kubernetes/objects.ts";
import { invalid, validate, validateUpdate } from "../../../src/kubernetes/validation/index.ts";
import { container, deployment, deploymentWith, template, templateWith } from "../fixtures.ts";

/** The faults of an object as the API server lists them. */
const faults = (object: KubeObject): readonly string[] =>
  validate(withDefaults(object)).map(({ field, message }) => `${field}: ${message}`);

const faultsOf = (spec: object): readonly string[] =>
  faults({ ...deployment, spec: { ...deployment.spec, ...spec } } as KubeObject);
const templateFaults = (changes: object): readonly string[] =>
  faultsOf({ template: templateWith(changes as Partial<Container>) });
const podFaults = (changes: object): readonly string[] =>
  faultsOf({ template: { ...template, spec: { ...template.spec, ...changes } as PodSpec } satisfies PodTemplate });

const path = "spec.template.spec.containers[0]";

test("a good Deployment has no faults", () => {
  expect(faults(deployment)).toEqual([]);
});

test("all faults are found at once, in the API server's order", () => {
  const object = {
    ...deployment,
    metadata: { name: "Web", labels: { "a b": "c d" } },
    spec: {
      ...deployment.spec,
      replicas: -2,
      minReadySeconds: -1,
      template: { ...template, spec: { containers: [{ name: "web" }] } },
    },
  };
  expect(validate(withDefaults(object)).map(({ field }) => field)).toEqual([
    "metadata.name",
    "metadata.labels",
    "metadata.labels",
    "spec.replicas",
    "spec.template.spec.containers[0].image",
    "spec.minReadySeconds",
  ]);
});

test("a missing selector matches nothing, and so not the template either", () => {
  expect(faultsOf({ selector: undefined })).toEqual([
    "spec.selector: Required value",
    'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
  ]);
});

test("an empty selector is refused, in the same words for a ReplicaSet", () => {
  const fault = "spec.selector: Invalid value: {}: empty selector is invalid for deployment";
  expect(faultsOf({ selector: {} })).toEqual([fault]);
  expect(faults({ ...deployment, kind: "ReplicaSet", spec: { selector: {}, template } } as KubeObject)).toEqual([
    fault,
  ]);
});

test("a selector that cannot be used hides the template's faults", () => {
  const selector = { matchExpressions: [{ key: "app", operator: "Like", values: ["web"] }] };
  expect(faultsOf({ selector, template: {} })).toEqual([
    'spec.selector.matchExpressions[0].operator: Invalid value: "Like": not a valid selector operator',
    'spec.selector: Invalid value: {"matchExpressions":[{"key":"app","operator":"Like","values":["web"]}]}: invalid label selector',
  ]);
  expect(faultsOf({ selector: { matchExpressions: [{ key: "app", operator: "In" }] } })[0]).toBe(
    "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
  );
});

test.each<[string, object, string]>([
  ["replicas", { replicas: -1 }, "Invalid value: -1: must be greater than or equal to 0"],
  ["minReadySeconds", { minReadySeconds: -1 }, "Invalid value: -1: must be greater than or equal to 0"],
  ["revisionHistoryLimit", { revisionHistoryLimit: -1 }, "Invalid value: -1: must be greater than or equal to 0"],
  [
    "progressDeadlineSeconds",
    { progressDeadlineSeconds: 5, minReadySeconds: 5 },
    "Invalid value: 5: must be greater than minReadySeconds",
  ],
  ["progressDeadlineSeconds", { progressDeadlineSeconds: 0 }, "Invalid value: 0: must be greater than minReadySeconds"],
  [
    "strategy",
    { strategy: { type: "BlueGreen" } },
    'Unsupported value: {"type":"BlueGreen"}: supported values: "Recreate", "RollingUpdate"',
  ],
  [
    "strategy.rollingUpdate",
    { strategy: { type: "Recreate", rollingUpdate: {} } },
    "Forbidden: may not be specified when strategy `type` is 'Recreate'",
  ],
])("spec.%s of %j is refused", (field, spec, message) => {
  expect(faultsOf(spec)).toEqual([`spec.${field}: ${message}`]);
});

test.each<[object, readonly string[]]>([
  [{ maxSurge: 0, maxUnavailable: 0 }, ["maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0"]],
  [
    { maxSurge: "0%", maxUnavailable: "0%" },
    ['maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0'],
  ],
  [{ maxUnavailable: "101%" }, ['maxUnavailable: Invalid value: "101%": must not be greater than 100%']],
  [{ maxSurge: "200%" }, []],
  [{ maxSurge: -1 }, ["maxSurge: Invalid value: -1: must be greater than or equal to 0"]],
  [
    { maxSurge: "abc" },
    [
      "maxSurge: Invalid value: \"abc\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
    ],
  ],
])("a rolling update of %j has the faults %j", (rollingUpdate, expected) => {
  expect(faultsOf({ strategy: { rollingUpdate } })).toEqual(
    expected.map((fault) => `spec.strategy.rollingUpdate.${fault}`),
  );
});

test.each<[object, string]>([
  [{ name: "Web_1" }, `${path}.name: Invalid value: "Web_1": a lowercase RFC 1123 label must consist of`],
  [{ image: "" }, `${path}.image: Required value`],
  [
    { imagePullPolicy: "Sometimes" },
    `${path}.imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"`,
  ],
  [
    { ports: [{ containerPort: 70_000 }] },
    `${path}.ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive`,
  ],
  [{ ports: [{}] }, `${path}.ports[0].containerPort: Required value`],
  [
    { ports: [{ containerPort: 1, protocol: "HTTP" }] },
    `${path}.ports[0].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"`,
  ],
  [
    {
      ports: [
        { name: "a", containerPort: 1 },
        { name: "a", containerPort: 2 },
      ],
    },
    `${path}.ports[1].name: Duplicate value: "a"`,
  ],
  [
    {
      ports: [
        { containerPort: 1, hostPort: 9 },
        { containerPort: 2, hostPort: 9 },
      ],
    },
    `${path}.ports[1].hostPort: Duplicate value: "TCP//9"`,
  ],
  [{ env: [{ name: "1 A" }] }, `${path}.env[0].name: Invalid value: "1 A": a valid environment variable name must`],
  [{ env: [{ value: "x" }] }, `${path}.env[0].name: Required value`],
  [
    { env: [{ name: "A", value: "x", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }] },
    `${path}.env[0].valueFrom: Invalid value: "": may not be specified when \`value\` is not empty`,
  ],
  [
    { env: [{ name: "A", valueFrom: {} }] },
    `${path}.env[0].valueFrom: Invalid value: "": must specify one of: \`fieldRef\``,
  ],
  [
    { env: [{ name: "A", valueFrom: { secretKeyRef: { name: "s" } } }] },
    `${path}.env[0].valueFrom.secretKeyRef.key: Required value`,
  ],
  [{ envFrom: [{}] }, `${path}.envFrom[0]: Invalid value: "": must specify one of: \`configMapRef\` or \`secretRef\``],
  [{ volumeMounts: [{ name: "v", mountPath: "/v" }] }, `${path}.volumeMounts[0].name: Not found: "v"`],
  [
    { resources: { requests: { cpu: "2" }, limits: { cpu: "1" } } },
    `${path}.resources.requests: Invalid value: "2": must be less than or equal to cpu limit`,
  ],
  [
    { resources: { limits: { cpu: "-1" } } },
    `${path}.resources.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0`,
  ],
  [
    { resources: { limits: { gpu: "1" } } },
    `${path}.resources.limits[gpu]: Invalid value: "gpu": must be a standard resource for containers`,
  ],
  [
    { resources: { limits: { "x.y/gpu": "0.5" } } },
    `${path}.resources.limits[x.y/gpu]: Invalid value: "500m": must be an integer`,
  ],
  [{ livenessProbe: {} }, `${path}.livenessProbe: Required value: must specify a handler type`],
  [
    { livenessProbe: { exec: { command: ["x"] }, successThreshold: 2 } },
    `${path}.livenessProbe.successThreshold: Invalid value: 2: must be 1`,
  ],
  [{ readinessProbe: { exec: {} } }, `${path}.readinessProbe.exec.command: Required value`],
  [
    { readinessProbe: { httpGet: {} } },
    `${path}.readinessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive`,
  ],
  [
    { readinessProbe: { tcpSocket: { port: 1 }, httpGet: { port: 1 } } },
    `${path}.readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type`,
  ],
  [
    { readinessProbe: { tcpSocket: { port: 1 }, periodSeconds: -1 } },
    `${path}.readinessProbe.periodSeconds: Invalid value: -1: must be`,
  ],
  [
    { readinessProbe: { tcpSocket: { port: 1 }, terminationGracePeriodSeconds: 5 } },
    `${path}.readinessProbe.terminationGracePeriodSeconds: Invalid value: 5: must not be set for readinessProbes`,
  ],
  [
    { lifecycle: { preStop: { sleep: { seconds: 31 } } } },
    `${path}.lifecycle.preStop.sleep: Invalid value: 31: must be greater than 0 and less than terminationGracePeriodSeconds (30)`,
  ],
  [{ restartPolicy: "Always" }, `${path}.restartPolicy: Forbidden: may not be set for non-init containers`],
])("a container with %j is refused", (changes, fault) => {
  const found = templateFaults(changes);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(fault);
});

test.each<[object, string]>([
  [{ containers: [] }, "spec.template.spec.containers: Required value"],
  [{ containers: [container, container] }, 'spec.template.spec.containers[1].name: Duplicate value: "web"'],
  [
    { restartPolicy: "Never" },
    'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
  ],
  [
    { activeDeadlineSeconds: 5 },
    "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported",
  ],
  [
    { initContainers: [{ ...container, name: "web" }] },
    'spec.template.spec.initContainers[0].name: Duplicate value: "web"',
  ],
  [
    { initContainers: [{ ...container, name: "init", readinessProbe: { exec: { command: ["x"] } } }] },
    "spec.template.spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
  ],
  [
    { initContainers: [{ ...container, name: "init", restartPolicy: "Never" }] },
    'spec.template.spec.initContainers[0].restartPolicy: Unsupported value: "Never": supported values: "Always"',
  ],
  [
    { volumes: [{ name: "v", emptyDir: {}, configMap: { name: "c" } }] },
    "spec.template.spec.volumes[0].configMap: Forbidden: may not specify more than 1 volume type",
  ],
  [{ volumes: [{ name: "v", secret: {} }] }, "spec.template.spec.volumes[0].secret.secretName: Required value"],
  [
    { tolerations: [{ key: "a", operator: "Exists", effect: "NoSchedule", tolerationSeconds: 5 }] },
    "spec.template.spec.tolerations[0].effect: Invalid value: \"NoSchedule\": effect must be 'NoExecute' when `tolerationSeconds` is set",
  ],
  [
    { readinessGates: [{ conditionType: "a b" }] },
    'spec.template.spec.readinessGates[0].conditionType: Invalid value: "a b": name part must',
  ],
])("a pod template with %j is refused", (changes, fault) => {
  const found = podFaults(changes);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(fault);
});

test("a sidecar may have probes", () => {
  const sidecar = { ...container, name: "log", restartPolicy: "Always", readinessProbe: { exec: { command: ["x"] } } };
  expect(podFaults({ initContainers: [sidecar] })).toEqual([]);
});

test("faults of a template's labels are reported without `metadata`, as Kubernetes does", () => {
  const labels = { app: "web", x: "-y-" };
  expect(faultsOf({ template: { ...template, metadata: { labels } } })[0]).toMatch(
    /^spec\.template\.labels: Invalid value: "-y-"/,
  );
});

test("annotations may not fill more than 256 KiB", () => {
  const metadata = { name: "web", annotations: { a: "x".repeat(256 * 1024) } };
  expect(faults({ ...deployment, metadata })).toEqual([
    "metadata.annotations: Too long: may not be more than 262144 bytes",
  ]);
});

test("a name may be generated, but not be missing", () => {
  expect(faults({ ...deployment, metadata: { name: "", generateName: "web-" } })).toEqual([]);
  expect(faults({ ...deployment, metadata: { name: "" } })).toEqual([
    "metadata.name: Required value: name or generateName is required",
  ]);
});

test("owners must be complete, and only one may control", () => {
  const owner = { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "1", controller: true };
  const found = faults({
    ...deployment,
    metadata: { name: "web", ownerReferences: [owner, { ...owner, name: "api", uid: "" }] },
  });
  expect(found).toEqual([
    'metadata.ownerReferences.uid: Invalid value: "": uid must not be empty',
    expect.stringContaining(
      'Only one reference can have Controller set to true. Found "true" in references for Deployment/web and Deployment/api',
    ),
  ]);
});

test("finalizers are standard ones or have a domain", () => {
  const found = faults({ ...deployment, metadata: { name: "web", finalizers: ["orphan", "mine", "a.b/c"] } });
  expect(found).toEqual([
    'metadata.finalizers[1]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
  ]);
});

const updateFaults = (before: Deployment, after: Deployment): readonly string[] =>
  validateUpdate(withDefaults(before), withDefaults(after)).map(({ field, message }) => `${field}: ${message}`);

test("a selector stays what it was; everything else may change", () => {
  expect(updateFaults(deployment, deploymentWith({ selector: { matchLabels: { app: "web", x: "y" } } }))).toEqual([
    'spec.selector: Invalid value: {"matchLabels":{"app":"web","x":"y"}}: field is immutable',
  ]);
  expect(updateFaults(deployment, deploymentWith({ replicas: 9, template: templateWith({ image: "other" }) }))).toEqual(
    [],
  );
});

test("an object that is going takes no new finalizers", () => {
  const metadata = { name: "web", deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["a.b/c"] };
  const after = { ...metadata, finalizers: ["a.b/c", "d.e/f"] };
  expect(updateFaults({ ...deployment, metadata }, { ...deployment, metadata: after })).toEqual([
    'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"d.e/f"}',
  ]);
});

test("a refusal names the object, its faults and their fields", () => {
  const one = { reason: "FieldValueRequired", field: "spec.selector", message: "Required value" };
  const other = { ...one, field: "spec.template" };
  expect(invalid("Deployment", "apps", "web", [one])).toMatchObject({
    code: 422,
    reason: "Invalid",
    message: 'Deployment.apps "web" is invalid: spec.selector: Required value',
    details: { name: "web", group: "apps", kind: "Deployment" },
    causes: [one],
  });
  expect(invalid("Pod", "", "web", [one, other, one]).message).toBe(
    'Pod "web" is invalid: [spec.selector: Required value, spec.template: Required value]',
  );
});
