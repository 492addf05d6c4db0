import { describe, expect, test } from "vitest";
import { describePod } from "../../../src/kubernetes/printing/describe/pod.ts";
import { printPodTemplate } from "../../../src/kubernetes/printing/describe/pod-template.ts";
import { nowMs, runningContainer, webDeployment, webPod } from "./samples.ts";

describe("printPodTemplate", () => {
  test("keeps its tabs, as rollout history --revision does", () => {
    expect(printPodTemplate(webDeployment.spec.template)).toBe(
      [
        "Pod Template:",
        "  Labels:\tapp=web",
        "  Annotations:\tsim/ready-ms: 400",
        "\tsim/start-ms: 300",
        "\tsim/term-ms: 300",
        "  Containers:",
        "   web:",
        "    Image:\tregistry.example/web:v2",
        "    Port:\t8080/TCP",
        "    Host Port:\t0/TCP",
        "    Environment:\t<none>",
        "    Mounts:\t<none>",
        "  Volumes:\t<none>",
        "  Node-Selectors:\t<none>",
        "  Tolerations:\t<none>",
        "",
      ].join("\n"),
    );
  });

  test("shows what containers run, need, are told and mount", () => {
    const template = {
      metadata: { labels: { app: "web" } },
      spec: {
        initContainers: [{ name: "wait", image: "busybox", command: ["sh", "-c"], args: ["sleep 1\nexit 0"] }],
        containers: [
          {
            name: "web",
            image: "web:1",
            ports: [{ containerPort: 80 }, { containerPort: 53, hostPort: 5353, protocol: "UDP" }],
            resources: { requests: { memory: "64Mi", cpu: "0.5" }, limits: { cpu: 1 } },
            livenessProbe: {
              httpGet: { path: "/live", port: "http", scheme: "HTTPS" },
              timeoutSeconds: 1,
              periodSeconds: 10,
            },
            readinessProbe: { exec: { command: ["cat", "/ready"] }, initialDelaySeconds: 5, failureThreshold: 3 },
            startupProbe: { tcpSocket: { port: 80 }, successThreshold: 1 },
            envFrom: [
              { configMapRef: { name: "settings" } },
              { prefix: "DB_", secretRef: { name: "db", optional: true } },
            ],
            env: [
              { name: "MODE", value: "fast\nloud" },
              { name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
              { name: "CPU", valueFrom: { resourceFieldRef: { resource: "requests.cpu", divisor: "1m" } } },
              { name: "MEMORY", valueFrom: { resourceFieldRef: { resource: "limits.memory" } } },
              { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } },
            ],
            volumeMounts: [
              { name: "data", mountPath: "/data" },
              { name: "conf", mountPath: "/conf", readOnly: true, subPath: "a" },
            ],
          },
        ],
        volumes: [
          { name: "data", emptyDir: {} },
          { name: "conf", configMap: { name: "settings", optional: true } },
          { name: "odd", quobyte: {} },
        ],
        nodeSelector: { disk: "ssd" },
        tolerations: [{ operator: "Exists" }, { key: "a", value: "b", effect: "NoSchedule" }],
      },
    };
    expect(printPodTemplate(template).replaceAll("\t", "~").split("\n")).toEqual([
      "Pod Template:",
      "  Labels:~app=web",
      "  Init Containers:",
      "   wait:",
      "    Image:~busybox",
      "    Port:~<none>",
      "    Host Port:~<none>",
      "    Command:",
      "      sh",
      "      -c",
      "    Args:",
      "      sleep 1",
      "      exit 0",
      "    Environment:~<none>",
      "    Mounts:~<none>",
      "  Containers:",
      "   web:",
      "    Image:~web:1",
      "    Ports:~80/TCP, 53/UDP",
      "    Host Ports:~0/TCP, 5353/UDP",
      "    Limits:",
      "      cpu:~1",
      "    Requests:",
      "      cpu:~500m",
      "      memory:~64Mi",
      "    Liveness:~http-get https://:http/live delay=0s timeout=1s period=10s #success=0 #failure=0",
      "    Readiness:~exec [cat /ready] delay=5s timeout=0s period=0s #success=0 #failure=3",
      "    Startup:~tcp-socket :80 delay=0s timeout=0s period=0s #success=1 #failure=0",
      "    Environment Variables from:",
      "      settings~ConfigMap~Optional: false",
      "      db~Secret with prefix 'DB_'~Optional: true",
      "    Environment:",
      "      MODE:~fast",
      "      ~loud",
      "      IP:~ (v1:status.podIP)",
      "      CPU:~500 (requests.cpu)",
      "      MEMORY:~node allocatable (limits.memory)",
      "      PASSWORD:~<set to the key 'password' in secret 'db'>~Optional: false",
      "    Mounts:",
      '      /conf from conf (ro,path="a")',
      "      /data from data (rw)",
      "  Volumes:",
      "   data:",
      "    Type:~EmptyDir (a temporary directory that shares a pod's lifetime)",
      "    Medium:~",
      "    SizeLimit:~<unset>",
      "   conf:",
      "    Type:~ConfigMap (a volume populated by a ConfigMap)",
      "    Name:~settings",
      "    Optional:~true",
      "   odd:",
      "    Type:~quobyte",
      "  Node-Selectors:~disk=ssd",
      "  Tolerations:~op=Exists",
      "~a=b:NoSchedule",
      "",
    ]);
  });
});

describe("describePod", () => {
  test("prints what kubectl prints", () => {
    const pod = webPod("web-cf7bb55df-h8xbz");
    expect(describePod(pod, { events: [], nowMs })).toBe(
      `Name:         web-cf7bb55df-h8xbz
Namespace:    shop
Node:         fake-0/10.0.0.1
Start Time:   Fri, 20 Nov 2026 12:43:43 +0000
Labels:       app=web
              pod-template-hash=cf7bb55df
Annotations:  <none>
Status:       Running
IP:           10.244.2.186
IPs:
  IP:           10.244.2.186
Controlled By:  ReplicaSet/web-cf7bb55df
Containers:
  web:
    Container ID:   sim://708f5cd9/web
    Image:          registry.example/web:v1
    Image ID:       sim://registry.example/web:v1
    Port:           8080/TCP
    Host Port:      0/TCP
    State:          Running
      Started:      Fri, 20 Nov 2026 12:43:43 +0000
    Ready:          True
    Restart Count:  0
    Environment:    <none>
    Mounts:         <none>
Conditions:
  Type              Status
  Initialized       True 
  Ready             True 
  ContainersReady   True 
  PodScheduled      True 
Volumes:            <none>
QoS Class:          BestEffort
Node-Selectors:     <none>
Tolerations:        node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
                    node.kubernetes.io/unreachable:NoExecute op=Exists for 300s
Events:             <none>
`,
    );
  });

  test("of a pod that is being deleted says since when, and with how much grace", () => {
    const pod = webPod("web", { reason: "Preempted", message: "made room" });
    const metadata = { ...pod.metadata, deletionTimestamp: "2026-11-20T12:47:48Z", deletionGracePeriodSeconds: 30 };
    const text = describePod({ ...pod, metadata }, { nowMs });
    expect(text).toContain("Status:                    Terminating (lasts 12s)\nTermination Grace Period:  30s\n");
    expect(text).toContain("Reason:                    Preempted\nMessage:                   made room\n");
  });

  test("shows states, earlier ends, gates and fields resolved from the pod", () => {
    const crashed = {
      ...runningContainer,
      ready: false,
      restartCount: 2,
      state: { waiting: { reason: "CrashLoopBackOff" } },
      lastState: { terminated: { exitCode: 137, signal: 9, reason: "OOMKilled", finishedAt: "2026-11-20T12:47:00Z" } },
    };
    const env = ["metadata.name", "metadata.labels['app']", "status.podIPs", "metadata.labels"].map(
      (fieldPath, index) => ({
        name: `F${index}`,
        valueFrom: { fieldRef: { fieldPath } },
      }),
    );
    const pod = webPod(
      "web-1",
      { containerStatuses: [crashed], startTime: "", podIPs: [] },
      { containers: [{ name: "web", env }], readinessGates: [{ conditionType: "lb" }], nodeName: "" },
    );
    const text = describePod(pod, { nowMs });
    expect(text).toContain(`    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
      Signal:       9
      Started:      Mon, 01 Jan 0001 00:00:00 +0000
      Finished:     Fri, 20 Nov 2026 12:47:00 +0000
    Ready:          False
    Restart Count:  2
    Environment:
      F0:  web-1 (v1:metadata.name)
      F1:  web (v1:metadata.labels['app'])
      F2:   (v1:status.podIPs)
      F3:  app="web"
pod-template-hash="cf7bb55df" (v1:metadata.labels)
`);
    expect(text).toContain("Readiness Gates:\n  Type  Status\n  lb    <none> \nConditions:\n");
    expect(text).toMatch(/Node: +<none>\n/);
    expect(text).toMatch(/IPs: +<none>\n/);
  });
});
