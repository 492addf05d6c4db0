import { describe, expect, test } from "vitest";
import { describeDeployment, describeReplicaSet } from "../../../src/kubernetes/printing/describe/workloads.ts";
import { nowMs, scaledEvent, webDeployment, webPod, webReplicaSet } from "./samples.ts";

const old = webReplicaSet("cf7bb55df", "registry.example/web:v1", 0);
const current = webReplicaSet("7f4946d47b", "registry.example/web:v2", 5);

describe("describeDeployment", () => {
  test("prints what kubectl prints", () => {
    const events = [
      scaledEvent(
        "(combined from similar events): Scaled down replica set web-cf7bb55df to 0",
        "2026-11-20T12:47:58Z",
        8,
        "2026-11-20T12:47:57Z",
      ),
      scaledEvent("Scaled up replica set web-cf7bb55df to 5", "2026-11-20T12:47:53Z"),
    ];
    expect(describeDeployment(webDeployment, { oldReplicaSets: [old], newReplicaSet: current, events, nowMs })).toBe(
      `Name:                   web
Namespace:              shop
CreationTimestamp:      Fri, 20 Nov 2026 12:47:38 +0000
Labels:                 <none>
Annotations:            deployment.kubernetes.io/revision: 2
Selector:               app=web
Replicas:               5 desired | 5 updated | 5 total | 5 available | 0 unavailable
StrategyType:           RollingUpdate
MinReadySeconds:        0
RollingUpdateStrategy:  25% max unavailable, 1 max surge
Pod Template:
  Labels:       app=web
  Annotations:  sim/ready-ms: 400
                sim/start-ms: 300
                sim/term-ms: 300
  Containers:
   web:
    Image:         registry.example/web:v2
    Port:          8080/TCP
    Host Port:     0/TCP
    Environment:   <none>
    Mounts:        <none>
  Volumes:         <none>
  Node-Selectors:  <none>
  Tolerations:     <none>
Conditions:
  Type           Status  Reason
  ----           ------  ------
  Available      True    MinimumReplicasAvailable
  Progressing    True    NewReplicaSetAvailable
OldReplicaSets:  web-cf7bb55df (0/0 replicas created)
NewReplicaSet:   web-7f4946d47b (5/5 replicas created)
Events:
  Type    Reason             Age              From                   Message
  ----    ------             ----             ----                   -------
  Normal  ScalingReplicaSet  7s               deployment-controller  Scaled up replica set web-cf7bb55df to 5
  Normal  ScalingReplicaSet  2s (x8 over 3s)  deployment-controller  (combined from similar events): Scaled down replica set web-cf7bb55df to 0
`,
    );
  });

  test("leaves out what a Recreate deployment without ReplicaSets does not have", () => {
    const recreate = { ...webDeployment, spec: { ...webDeployment.spec, strategy: { type: "Recreate" as const } } };
    const text = describeDeployment(recreate, { oldReplicaSets: [], nowMs });
    expect(text).toContain("StrategyType:       Recreate\n");
    expect(text).not.toMatch(/RollingUpdateStrategy|ReplicaSets:|Events:/);
    expect(describeDeployment(recreate, { oldReplicaSets: [], events: [], nowMs })).toMatch(/\nEvents: +<none>\n$/);
    expect(describeDeployment(recreate, { oldReplicaSets: [], newReplicaSet: current, nowMs })).toContain(
      "OldReplicaSets:  <none>\nNewReplicaSet:   web-7f4946d47b",
    );
  });

  test("puts long and many-lined annotations below their key, and cuts them", () => {
    const annotations = { long: "x".repeat(200), lines: "one\ntwo\n", short: "1" };
    const annotated = { ...webDeployment, metadata: { ...webDeployment.metadata, annotations } };
    expect(describeDeployment(annotated, { oldReplicaSets: [], nowMs })).toContain(
      `Annotations:            lines:
                          one
                          two
                        long:
                          ${"x".repeat(138)}...
                        short: 1
`,
    );
  });
});

describe("describeReplicaSet", () => {
  test("counts the phases of its pods and names its owner", () => {
    const pods = [webPod("a"), webPod("b", { phase: "Pending" }), webPod("c", { phase: "Failed" })];
    const conditions = [{ type: "ReplicaFailure", status: "True", reason: "FailedCreate" }] as const;
    const failing = { ...current, status: { replicas: 3, conditions } };
    expect(describeReplicaSet(failing, { pods, events: [], nowMs })).toBe(`Name:           web-7f4946d47b
Namespace:      shop
Selector:       app=web,pod-template-hash=7f4946d47b
Labels:         app=web
                pod-template-hash=7f4946d47b
Annotations:    deployment.kubernetes.io/revision: 1
Controlled By:  Deployment/web
Replicas:       3 current / 5 desired
Pods Status:    1 Running / 1 Waiting / 0 Succeeded / 1 Failed
Pod Template:
  Labels:       app=web
                pod-template-hash=7f4946d47b
  Annotations:  sim/ready-ms: 400
                sim/start-ms: 300
                sim/term-ms: 300
  Containers:
   web:
    Image:         registry.example/web:v2
    Port:          8080/TCP
    Host Port:     0/TCP
    Environment:   <none>
    Mounts:        <none>
  Volumes:         <none>
  Node-Selectors:  <none>
  Tolerations:     <none>
Conditions:
  Type             Status  Reason
  ----             ------  ------
  ReplicaFailure   True    FailedCreate
Events:            <none>
`);
  });
});
