import { describe, expect, test } from "vitest";
import type { Node } from "../../../src/kubernetes/objects.ts";
import { describeGeneric } from "../../../src/kubernetes/printing/describe/generic.ts";
import { describeNode } from "../../../src/kubernetes/printing/describe/node.ts";
import {
  describeConfigMap,
  describeNamespace,
  describePodDisruptionBudget,
  describeSecret,
} from "../../../src/kubernetes/printing/describe/plain.ts";
import { nowMs, scaledEvent, webPod } from "./samples.ts";

const metadata = { name: "x", namespace: "shop" };

describe("describeNode", () => {
  const node: Node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "n1", creationTimestamp: "2026-11-20T12:00:00Z" },
    spec: {
      taints: [
        { key: "b", effect: "NoSchedule" },
        { key: "a", value: "1", effect: "NoExecute" },
      ],
    },
    status: {
      conditions: [
        {
          type: "Ready",
          status: "True",
          lastTransitionTime: "2026-11-20T12:00:05Z",
          reason: "KubeletReady",
          message: "ok",
        },
      ],
      addresses: [{ type: "InternalIP", address: "10.0.0.1" }],
      capacity: { cpu: "4", memory: "8Gi", pods: "110" },
      allocatable: { cpu: "2", memory: "1Gi" },
      nodeInfo: { kubeletVersion: "v1.32.0" },
    },
  };
  const resources = { requests: { cpu: "250m", memory: "64Mi" }, limits: { cpu: "1" } };
  const pods = [
    webPod(
      "web-1",
      {},
      {
        containers: [
          { name: "web", resources },
          { name: "side", resources },
        ],
      },
    ),
    webPod(
      "web-2",
      {},
      {
        containers: [{ name: "web", resources }],
        initContainers: [{ name: "init", resources: { requests: { cpu: 1 } } }],
      },
    ),
    webPod("done", { phase: "Succeeded" }),
  ];

  test("adds up what the running pods ask for", () => {
    const text = describeNode(node, { pods, events: [], nowMs });
    expect(text).toContain(`Taints:             a=1:NoExecute
                    b:NoSchedule
Unschedulable:      false
`);
    expect(text).toContain(`Capacity:
  cpu:     4
  memory:  8Gi
  pods:    110
Allocatable:
  cpu:     2
  memory:  1Gi
`);
    expect(text).toContain(`Non-terminated Pods:          (2 in total)
  Namespace                   Name     CPU Requests  CPU Limits  Memory Requests  Memory Limits  Age
  ---------                   ----     ------------  ----------  ---------------  -------------  ---
  shop                        web-1    500m (25%)    2 (100%)    128Mi (12%)      0 (0%)         23s
  shop                        web-2    1 (50%)       1 (50%)     64Mi (6%)        0 (0%)         23s
Allocated resources:
  (Total limits may be over 100 percent, i.e., overcommitted.)
  Resource           Requests     Limits
  --------           --------     ------
  cpu                1500m (75%)  3 (150%)
  memory             192Mi (18%)  0 (0%)
  ephemeral-storage  0 (0%)       0 (0%)
Events:              <none>
`);
  });

  test("lets sidecars count beside the containers, other init containers only while they need more", () => {
    const initContainers = [
      { name: "first", resources: { requests: { cpu: "100m" } } },
      { name: "proxy", restartPolicy: "Always", resources: { requests: { cpu: "50m" } } },
      { name: "second", resources: { requests: { cpu: "400m" } } },
    ];
    const pod = webPod(
      "web",
      {},
      { initContainers, containers: [{ name: "web", resources: { requests: { cpu: "300m" } } }] },
    );
    expect(describeNode(node, { pods: [pod], nowMs })).toMatch(/web +450m \(22%\)/);
  });
});

describe("plain descriptions", () => {
  test("a ConfigMap shows its texts, and of binary data the size", () => {
    const configMap = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata,
      data: { b: "two\nlines", a: "1" },
      binaryData: { c: "AAEC" },
    } as const;
    expect(describeConfigMap(configMap, { events: [], nowMs })).toBe(`Name:         x
Namespace:    shop
Labels:       <none>
Annotations:  <none>

Data
====
a:
----
1

b:
----
two
lines


BinaryData
====
c: 3 bytes

Events:  <none>
`);
  });

  test("a Secret shows sizes only", () => {
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata,
      type: "Opaque",
      data: { password: "czNjcjN0", user: "YQ==" },
    } as const;
    const text = describeSecret(secret);
    expect(text).toContain("\nType:  Opaque\n\nData\n====\npassword:  6 bytes\nuser:      1 bytes\n");
    expect(text).not.toContain("czNjcjN0");
  });

  test("a Namespace has neither quotas nor limit ranges", () => {
    expect(
      describeNamespace({
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "shop" },
        status: { phase: "Active" },
      }),
    ).toBe(
      `Name:         shop
Labels:       <none>
Annotations:  <none>
Status:       Active

No resource quota.

No LimitRange resource.
`,
    );
  });

  test("a PodDisruptionBudget shows what it allows now", () => {
    const budget = {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata,
      spec: { maxUnavailable: 1, selector: { matchLabels: { app: "web" } } },
      status: { disruptionsAllowed: 1, currentHealthy: 3, desiredHealthy: 2, expectedPods: 3 },
    } as const;
    expect(describePodDisruptionBudget(budget, { events: [], nowMs })).toBe(`Name:             x
Namespace:        shop
Max unavailable:  1
Selector:         app=web
Status:
    Allowed disruptions:  1
    Current:              3
    Desired:              2
    Total:                3
Events:                   <none>
`);
  });

  test("a kind without words of its own is spelled out field by field", () => {
    const event = { ...scaledEvent("Scaled up", "2026-11-20T12:47:53Z"), series: null, related: ["a", { apiURL: 1 }] };
    expect(describeGeneric(event, { nowMs })).toBe(`Name:             web.19
Namespace:        shop
Labels:           <none>
Annotations:      <none>
API Version:      v1
Count:            1
First Timestamp:  2026-11-20T12:47:53Z
Involved Object:
  Kind:          Deployment
  Name:          web
  Namespace:     shop
Kind:            Event
Last Timestamp:  2026-11-20T12:47:53Z
Message:         Scaled up
Metadata:
Reason:  ScalingReplicaSet
Related:
  a
  API URL:  1
Series:     <nil>
Source:
  Component:  deployment-controller
Type:         Normal
`);
  });
});
