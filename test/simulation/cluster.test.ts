import { describe, expect, it } from "vitest";
import { isPodReady } from "../../src/domain/state.ts";
import type { Propagation } from "../../src/domain/write.ts";
import { REVISION } from "../../src/kubernetes/well-known.ts";
import { deploymentManifest, manifest, podManifest, refTo, serviceManifest } from "../domain/api-server.ts";
import { Lab } from "./lab.ts";

const withDeployment = (): Lab => {
  const lab = new Lab();
  lab.create(deploymentManifest({ replicas: 2 }));
  lab.create(serviceManifest());
  lab.advance(30_000);
  return lab;
};
const remove = (lab: Lab, propagation: Propagation): void =>
  lab.write({ verb: "delete", ref: refTo("Deployment", "web"), propagation });

/** `10.0 Pod` for each object of these kinds that went, in order. */
const ends = (lab: Lab): readonly string[] =>
  lab.log.flatMap(({ event }) => (/^(Deployment|ReplicaSet|Pod)Deleted$/.test(event.type) ? [event.type] : []));

const count = (lab: Lab) => [[...lab.all("Deployment")].length, [...lab.all("ReplicaSet")].length, lab.pods().length];

describe("a Deployment", () => {
  it("comes to rest with its pods ready behind its Service", () => {
    const lab = withDeployment();
    expect(lab.pods().filter(isPodReady)).toHaveLength(2);
    expect(lab.api.get("Deployment", "web").status).toMatchObject({ observedGeneration: 1, availableReplicas: 2 });
    const [slice] = lab.all("EndpointSlice");
    expect(slice?.endpoints.map(({ conditions }) => conditions.ready)).toEqual([true, true]);
    const seq = lab.headSeq();
    lab.advance(86_400_000);
    expect(lab.headSeq()).toBe(seq);
  });

  it("deleted in the background goes first, its ReplicaSet and pods after it", () => {
    const lab = withDeployment();
    remove(lab, "Background");
    lab.advance(60_000);
    expect(ends(lab)).toEqual(["DeploymentDeleted", "ReplicaSetDeleted", "PodDeleted", "PodDeleted"]);
  });

  it("deleted in the foreground goes last, when its pods have had their grace", () => {
    const lab = withDeployment();
    lab.behave({ selector: {}, behaviour: { stopMs: 8000 } });
    remove(lab, "Foreground");
    lab.advance(7000);
    expect(count(lab)).toEqual([1, 1, 2]);
    lab.advance(60_000);
    expect(ends(lab)).toEqual(["PodDeleted", "PodDeleted", "ReplicaSetDeleted", "DeploymentDeleted"]);
  });

  it("deleted without its ReplicaSet leaves it to the next Deployment, which goes on with its revision", () => {
    const lab = withDeployment();
    const pods = lab.pods().map(({ meta }) => meta.uid);
    remove(lab, "Orphan");
    lab.advance(60_000);
    expect(count(lab)).toEqual([0, 1, 2]);
    lab.create(deploymentManifest({ replicas: 2 }));
    lab.advance(60_000);
    expect(count(lab)).toEqual([1, 1, 2]);
    expect(lab.pods().map(({ meta }) => meta.uid)).toEqual(pods);
    expect(lab.api.get("Deployment", "web").meta.annotations[REVISION]).toBe("1");
  });
});

describe("a pod", () => {
  it("deleted in the foreground still has its grace", () => {
    const lab = new Lab();
    lab.behave({ selector: {}, behaviour: { stopMs: 8000 } });
    lab.create(podManifest());
    lab.advance(10_000);
    lab.write({ verb: "delete", ref: refTo("Pod", "one"), propagation: "Foreground" });
    lab.advance(60_000);
    expect(lab.life().slice(5)).toEqual([
      "10.0 DeletionRequested 30",
      "10.0 MetadataChanged",
      "18.0 ContainerTerminated web 0 Completed",
      "18.0 Deleted",
    ]);
  });

  it("on a node that is removed is cleared away after 40 s, and replaced", () => {
    const lab = withDeployment();
    const [pod] = lab.pods();
    lab.write({ verb: "delete", ref: refTo("Node", pod?.nodeName ?? "") });
    lab.advance(39_000);
    expect(lab.pods()).toContain(pod);
    lab.advance(30_000);
    expect(lab.pods()).toHaveLength(2);
    expect(lab.pods().every((other) => isPodReady(other) && other.nodeName !== pod?.nodeName)).toBe(true);
  });

  it("stays where its node is back in time", () => {
    const lab = withDeployment();
    const [pod] = lab.pods();
    lab.write({ verb: "delete", ref: refTo("Node", pod?.nodeName ?? "") });
    lab.advance(20_000);
    lab.create(manifest("v1", "Node", pod?.nodeName ?? "", {}));
    lab.advance(60_000);
    expect(lab.pods()).toContain(pod);
  });

  it("is cleared away with a removed node also by a simulation that starts over", () => {
    const lab = withDeployment();
    const [pod] = lab.pods();
    lab.write({ verb: "delete", ref: refTo("Node", pod?.nodeName ?? "") });
    lab.restart();
    lab.advance(60_000);
    expect(lab.pods()).not.toContain(pod);
  });
});

describe("a namespace", () => {
  it("goes when everything in it has gone", () => {
    const lab = new Lab();
    lab.create(manifest("v1", "Namespace", "shop", {}));
    for (const object of [deploymentManifest({ replicas: 2 }, { namespace: "shop" }), serviceManifest()]) {
      lab.create({ ...object, metadata: { ...object.metadata, namespace: "shop" } });
    }
    lab.advance(30_000);
    lab.write({ verb: "delete", ref: refTo("Namespace", "shop") });
    lab.advance(500);
    expect(lab.api.wire(lab.api.get("Namespace", "shop"))).toMatchObject({ status: { phase: "Terminating" } });
    lab.advance(60_000);
    expect(lab.api.has("Namespace", "shop")).toBe(false);
    expect(count(lab)).toEqual([0, 0, 0]);
    expect([...lab.all("EndpointSlice"), ...lab.all("Service")]).toEqual([]);
  });
});

describe("a simulation", () => {
  it("that is loaded anew after every step does what one that runs through does", () => {
    const runs = [false, true].map((reloads) => {
      const lab = new Lab();
      const step = (ms: number): void => {
        if (reloads) lab.reload();
        lab.advance(ms);
      };
      lab.behave({ selector: { image: "web:2" }, behaviour: { crashAfterMs: 9000 } });
      lab.create(deploymentManifest({ replicas: 3, minReadySeconds: 4 }));
      lab.create(serviceManifest());
      for (let i = 0; i < 20; i++) step(700);
      const containers = [{ name: "web", image: "web:2" }];
      const patch = { spec: { template: { spec: { containers } } } };
      lab.write({ verb: "patch", ref: refTo("Deployment", "web"), patchType: "merge", patch });
      for (let i = 0; i < 60; i++) step(900);
      lab.fault({ type: "node", node: "node-2", up: false });
      for (let i = 0; i < 30; i++) step(20_000);
      return lab.log;
    });
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[0]?.length).toBeGreaterThan(300);
  });
});
