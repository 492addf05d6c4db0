import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isEndpointCurrent } from "../../../src/controllers/endpoint-slice/endpoint.ts";
import { addPods, noPods } from "../../../src/controllers/replica-set/counts.ts";
import { podOfEndpoint } from "../../../src/domain/endpoints.ts";
import { controllerOf, type Entity, isPodActive, refOf, streamOf } from "../../../src/domain/state.ts";
import { templateLabels } from "../../../src/domain/wire/template.ts";
import { matches } from "../../../src/kubernetes/selector.ts";
import { DeploymentCaches } from "../../../src/simulation/views/deployment-view.ts";
import { EndpointSliceCaches } from "../../../src/simulation/views/endpoint-slice-view.ts";
import { NamespaceCaches, OwnershipCaches } from "../../../src/simulation/views/object-views.ts";
import { ReplicaSetCaches } from "../../../src/simulation/views/replica-set-view.ts";
import { deploymentManifest, manifest, podManifest, refTo, serviceManifest } from "../../domain/api-server.ts";
import { Lab } from "../lab.ts";

const namesOf = (entities: Iterable<Entity>): readonly string[] =>
  Array.from(entities, ({ kind, meta }) => `${kind} ${meta.name} @${meta.resourceVersion}`).sort();

/** What a view of ReplicaSets says, to be compared with what a scan of the cluster says. */
const replicaSetsSeen = (view: ReplicaSetCaches, lab: Lab) =>
  Array.from(lab.all("ReplicaSet"), (replicaSet) => ({
    name: replicaSet.meta.name,
    stored: view.replicaSet("default", replicaSet.meta.name),
    counts: view.counts(replicaSet, lab.nowMs),
    active: namesOf(view.activePods(replicaSet)),
    perNode: Object.fromEntries([...view.activePodsPerNode(replicaSet)].sort()),
    strays: namesOf(view.strayPods(replicaSet)),
    relatives: namesOf(view.replicaSetsOwnedBy(controllerOf(replicaSet.meta)?.uid ?? "")),
  }));

const replicaSetsScanned = (lab: Lab) =>
  Array.from(lab.all("ReplicaSet"), (replicaSet) => {
    const { digest, hash } = replicaSet.spec.template;
    const labels = templateLabels(lab.bodies.template(digest), hash);
    const own = lab.pods().filter((pod) => isPodActive(pod) && controllerOf(pod.meta)?.uid === replicaSet.meta.uid);
    const active = own.filter(({ meta }) => matches(replicaSet.spec.selector, meta.labels));
    const perNode: Record<string, number> = {};
    for (const { nodeName = "" } of active) perNode[nodeName] = (perNode[nodeName] ?? 0) + 1;
    const owner = controllerOf(replicaSet.meta)?.uid ?? "";
    return {
      name: replicaSet.meta.name,
      stored: replicaSet,
      counts: addPods(noPods, active, replicaSet, labels, lab.nowMs),
      active: namesOf(active),
      perNode,
      strays: namesOf(own.filter((pod) => !active.includes(pod))),
      relatives: namesOf([...lab.all("ReplicaSet")].filter(({ meta }) => controllerOf(meta)?.uid === owner)),
    };
  });

const orphansScanned = (lab: Lab) => namesOf(lab.pods().filter((pod) => isPodActive(pod) && !controllerOf(pod.meta)));

const deploymentsSeen = (view: DeploymentCaches, lab: Lab) => ({
  deployments: namesOf(view.deployments("default")),
  replicaSets: namesOf(view.replicaSets("default")),
  owned: Array.from(lab.all("Deployment"), ({ meta }) => namesOf(view.replicaSetsOwnedBy(meta.uid))),
  pods: Array.from(lab.all("ReplicaSet"), ({ meta }) => namesOf(view.podsOwnedBy(meta.uid))),
});

const slicesSeen = (view: EndpointSliceCaches, lab: Lab) =>
  Array.from(lab.all("Service"), (service) => ({
    service: view.service("default", service.meta.name),
    slices: namesOf(view.slicesOf(service)),
    holding: lab.pods().map(({ meta }) => namesOf(view.slicesHolding(service, meta.name))),
    pending: [...view.pendingPods(service)].sort(),
  }));

/** The pods that any slice or selector has to do with and that the slices do not show as they are. */
const pendingScanned = (view: EndpointSliceCaches, lab: Lab) =>
  Array.from(lab.all("Service"), (service) => {
    const held = view.slicesOf(service).flatMap(({ endpoints }) => endpoints.map(podOfEndpoint));
    const names = new Set([...lab.pods().map(({ meta }) => meta.name), ...held]);
    return [...names].filter((name) => !isEndpointCurrent(view, service, name)).sort();
  });

const everything = (lab: Lab): readonly Entity[] =>
  (["Deployment", "ReplicaSet", "Pod", "Service", "EndpointSlice", "Node", "Namespace"] as const).flatMap((kind) => [
    ...lab.all<Entity["kind"]>(kind),
  ]);

type Op =
  | { readonly op: "image" | "scale" | "advance"; readonly n: number }
  | { readonly op: "selector" | "slice" | "own"; readonly n: number }
  | { readonly op: "deletePod" | "relabel" | "crash" | "fail" | "disown"; readonly n: number }
  | { readonly op: "orphan" | "service" | "node" | "deleteAll" | "minReady"; readonly n: number };

const op: fc.Arbitrary<Op> = fc.record({
  op: fc.constantFrom(
    ...(["image", "scale", "advance", "advance", "advance", "selector", "slice", "own"] as const),
    ...(["deletePod", "relabel", "crash", "fail", "disown", "orphan", "service", "node"] as const),
    ...(["deleteAll", "minReady"] as const),
  ),
  n: fc.nat({ max: 20 }),
});

const patch = (lab: Lab, kind: Entity["kind"], name: string, body: object): void => {
  if (!lab.api.has(kind, name)) return;
  lab.write({ verb: "patch", ref: refTo(kind, name), patchType: "merge", patch: JSON.parse(JSON.stringify(body)) });
};

const carryOut = (lab: Lab, { op: what, n }: Op): void => {
  const pods = lab.pods();
  const pod = pods[n % Math.max(1, pods.length)]?.meta.name ?? "none";
  const [slice] = lab.all("EndpointSlice");
  const app = n % 2 === 0 ? "web" : "stray";
  const node = `node-${(n % 3) + 1}`;
  const has = (kind: Entity["kind"], name: string): boolean => lab.api.has(kind, name);
  switch (what) {
    case "image": {
      const ports = [{ name: "http", containerPort: 8000 + (n % 2) }];
      const containers = [{ name: "web", image: `web:${n % 3}`, ports }];
      patch(lab, "Deployment", "web", { spec: { template: { spec: { containers } } } });
      break;
    }
    case "scale":
      patch(lab, "Deployment", "web", { spec: { replicas: n % 5 } });
      break;
    case "minReady":
      patch(lab, "Deployment", "web", { spec: { minReadySeconds: n } });
      break;
    case "advance":
      lab.advance(n * 400);
      break;
    case "selector":
      patch(lab, "Service", "web", { spec: { selector: { app } } });
      break;
    case "slice":
      patch(lab, "EndpointSlice", slice?.meta.name ?? "", { metadata: { labels: { odd: String(n) } } });
      break;
    case "own":
      patch(lab, "EndpointSlice", slice?.meta.name ?? "", { metadata: { ownerReferences: null } });
      break;
    case "deletePod":
      if (has("Pod", pod)) lab.write({ verb: "delete", ref: refTo("Pod", pod) });
      break;
    case "relabel":
      patch(lab, "Pod", pod, { metadata: { labels: { app } } });
      break;
    case "disown":
      patch(lab, "Pod", pod, { metadata: { ownerReferences: null } });
      break;
    case "crash":
    case "fail":
      lab.fault({ type: what, namespace: "default", pod });
      break;
    case "orphan":
      if (!has("Pod", `orphan-${n}`)) lab.create(podManifest({}, { name: `orphan-${n}`, labels: { app } }));
      break;
    case "service":
      if (has("Service", "web")) lab.write({ verb: "delete", ref: refTo("Service", "web") });
      else lab.create(serviceManifest({ ports: [{ port: 80, targetPort: "http" }] }));
      break;
    case "node":
      if (has("Node", node)) lab.write({ verb: "delete", ref: refTo("Node", node) });
      else lab.create(manifest("v1", "Node", node, {}));
      break;
    case "deleteAll":
      if (n < 4 && has("Deployment", "web")) lab.write({ verb: "delete", ref: refTo("Deployment", "web") });
  }
};

interface Views {
  readonly replicaSets: ReplicaSetCaches;
  readonly deployments: DeploymentCaches;
  readonly slices: EndpointSliceCaches;
  readonly ownership: OwnershipCaches;
  readonly namespaces: NamespaceCaches;
}

const viewsOf = (lab: Lab): Views => ({
  replicaSets: new ReplicaSetCaches(lab.bodies, lab),
  deployments: new DeploymentCaches(lab.bodies, lab),
  slices: new EndpointSliceCaches(lab.bodies, lab),
  ownership: new OwnershipCaches(lab),
  namespaces: new NamespaceCaches(lab),
});

const compare = (live: Views, lab: Lab): void => {
  const fresh = viewsOf(lab);
  const scanned = replicaSetsScanned(lab);
  expect(replicaSetsSeen(live.replicaSets, lab)).toEqual(scanned);
  expect(replicaSetsSeen(fresh.replicaSets, lab)).toEqual(scanned);
  expect(namesOf(live.replicaSets.orphanPods("default"))).toEqual(orphansScanned(lab));
  expect(namesOf(live.replicaSets.allReplicaSets())).toEqual(namesOf(lab.all("ReplicaSet")));
  expect(deploymentsSeen(live.deployments, lab)).toEqual(deploymentsSeen(fresh.deployments, lab));
  expect(slicesSeen(live.slices, lab)).toEqual(slicesSeen(fresh.slices, lab));
  expect(slicesSeen(live.slices, lab).map(({ pending }) => pending)).toEqual(pendingScanned(live.slices, lab));
  const all = everything(lab);
  expect(namesOf(live.ownership.all())).toEqual(namesOf(all));
  for (const entity of all) {
    expect(live.ownership.object(refOf(entity))).toBe(entity);
    const { uid } = entity.meta;
    const dependents = all.filter(({ meta }) => meta.ownerReferences.some((owner) => owner.uid === uid));
    expect(namesOf(live.ownership.dependentsOf(uid)), streamOf(refOf(entity))).toEqual(namesOf(dependents));
  }
  expect(namesOf(live.namespaces.namespaces())).toEqual(namesOf(lab.all("Namespace")));
  expect(namesOf(live.namespaces.contents("default"))).toEqual(
    namesOf(all.filter(({ meta }) => meta.namespace === "default")),
  );
};

describe("a view that moves along the log", () => {
  it("shows after any change what one built afresh shows, and what a scan of everything counts", () => {
    fc.assert(
      fc.property(fc.array(op, { maxLength: 25 }), fc.integer({ min: 1, max: 9 }), (ops, stride) => {
        const lab = new Lab();
        const live = viewsOf(lab);
        let changes = 0;
        lab.onChange = (change) => {
          for (const view of Object.values(live)) view.apply(change);
          // A question in between must not matter, and neither must its absence.
          changes += 1;
          if (changes % stride === 0) compare(live, lab);
        };
        lab.create(deploymentManifest({ replicas: 3 }));
        lab.create(serviceManifest({ ports: [{ port: 80, targetPort: "http" }] }));
        for (const one of ops) carryOut(lab, one);
        lab.advance(60_000);
        compare(live, lab);
      }),
      { numRuns: 40 },
    );
  });
});
