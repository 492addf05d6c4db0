import { describe, expect, it } from "vitest";
import type { DomainEvent } from "../../src/domain/events.ts";
import type { Digest, Uid } from "../../src/domain/state.ts";
import { refOfStream, World } from "../../src/domain/world.ts";
import { ApiServer, deploymentManifest, podManifest, refTo, serviceManifest } from "./api-server.ts";

const podOf = (name: string, owner: Uid) =>
  podManifest(
    {},
    {
      name,
      ownerReferences: [{ apiVersion: "v1", kind: "Service", name: "web", uid: owner, controller: true }],
    },
  );

describe("a world", () => {
  it("knows its objects by name, kind and uid until they are gone", () => {
    const api = new ApiServer();
    api.create(deploymentManifest());
    const web = api.get("Deployment", "web");
    expect(api.world.byUid(web.meta.uid)).toBe(web);
    expect([...api.world.all("Deployment")]).toEqual([web]);
    expect(api.world.count("Deployment")).toBe(1);
    api.accepted({ verb: "delete", ref: refTo("Deployment", "web") });
    expect(api.world.byUid(web.meta.uid)).toBeUndefined();
    expect([...api.world.all("Deployment")]).toEqual([]);
    expect(api.world.get(refTo("Deployment", "web"))).toBeUndefined();
  });

  it("remembers of a name how long its stream is and how often it was created", () => {
    const api = new ApiServer();
    for (let i = 0; i < 3; i++) {
      api.create(podManifest());
      api.accepted({ verb: "delete", ref: refTo("Pod", "one") });
    }
    expect(api.world.record("Pod/default/one")).toEqual({ version: 6, creations: 3, children: 0 });
    expect(api.world.record("Pod/default/two")).toEqual({ version: 0, creations: 0, children: 0 });
  });

  it("counts what an object ever controlled, and begins anew when another one takes its name", () => {
    const api = new ApiServer();
    const children = (): number => api.world.record("Service/default/web").children;
    api.create(serviceManifest());
    const { uid } = api.get("Service", "web").meta;
    api.create(podOf("a", uid));
    api.accepted({ verb: "delete", ref: refTo("Pod", "a") });
    api.create(podOf("b", uid));
    api.create(podOf("c", "somebody" as Uid));
    expect(children()).toBe(2);
    api.accepted({ verb: "delete", ref: refTo("Service", "web") });
    api.create(serviceManifest());
    expect(children()).toBe(0);
  });

  it("names the streams that changed since it was last asked, owners of new objects included", () => {
    const api = new ApiServer();
    api.create(serviceManifest());
    api.world.takeTouched();
    api.create(podOf("a", api.get("Service", "web").meta.uid));
    expect([...api.world.takeTouched()].sort()).toEqual(["Pod/default/a", "Service/default/web"]);
    expect([...api.world.takeTouched()]).toEqual([]);
  });

  it("asks the past about names that it does not hold", () => {
    const asked: string[] = [];
    const world = new World((stream) => {
      asked.push(stream);
      return stream === "Pod/default/old" ? { version: 4, creations: 2, children: 0 } : undefined;
    });
    expect(world.record("Pod/default/old").creations).toBe(2);
    expect(world.record("Pod/default/new").creations).toBe(0);
    expect(asked).toEqual(["Pod/default/old", "Pod/default/new"]);
  });

  it("lets go of objects that are gone, and of nothing else", () => {
    const asked: string[] = [];
    const world = new World((stream) => {
      asked.push(stream);
      return undefined;
    });
    const apply = (stream: string, event: DomainEvent): void => {
      world.apply(stream, { ...event, at: 0, resourceVersion: 1 });
    };
    const created: DomainEvent = { type: "ConfigMapCreated", data: { uid: "u" as Uid, content: "d" as Digest } };
    for (const name of ["gone", "kept"]) apply(`ConfigMap/default/${name}`, created);
    apply("ConfigMap/default/gone", { type: "ConfigMapDeleted", data: {} });
    apply("ledger", { type: "SimulationRestarted", data: { reason: "test" } });
    world.forgetGone(world.takeTouched());
    asked.length = 0;
    expect(world.record("ConfigMap/default/kept").version).toBe(1);
    expect(world.record("ledger").version).toBe(1);
    expect(world.record("ConfigMap/default/gone").version).toBe(0);
    expect(asked).toEqual(["ConfigMap/default/gone"]);
  });

  it("takes the name of a stream apart, if it is an object's", () => {
    expect(refOfStream("Pod/default/one")).toEqual({ kind: "Pod", namespace: "default", name: "one" });
    expect(refOfStream("Node//node-1")).toEqual({ kind: "Node", namespace: "", name: "node-1" });
    expect(refOfStream("ledger")).toBeUndefined();
    expect(refOfStream("refusals/kubelet:node-1")).toBeUndefined();
  });
});
