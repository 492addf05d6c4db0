import { existsSync, readFileSync } from "node:fs";
import * as E from "fp-ts/lib/Either.js";
import { describe, expect, it } from "vitest";
import type { RecordedEvent } from "../../src/event-store/port.ts";
import { deploymentManifest, podManifest, refTo } from "../domain/api-server.ts";
import { by, created, headOf, newPath, reopened, send, typesIn } from "./ledgers.ts";

const web = refTo("Deployment", "web");

/** Every byte of a ledger's file, and of what SQLite keeps beside it. */
const bytesOf = (path: string): string =>
  [path, `${path}-wal`].map((file) => (existsSync(file) ? readFileSync(file).toString("base64") : "")).join("|");

describe("a request", () => {
  it("answers with the object as the server has it now, and is recorded with who sent it and why", () => {
    const session = created();
    const answer = send(session, { verb: "create", object: deploymentManifest({ replicas: 2 }) });
    expect(answer).toMatchObject({ kind: "Deployment", metadata: { generation: 1 }, spec: { replicas: 2 } });
    expect(session.get(web)).toEqual(answer);
    const [recorded] = [...session.log(headOf(session))];
    expect(recorded).toMatchObject({
      type: "DeploymentCreated",
      stream: "Deployment/default/web",
      version: 1,
      actor: "user:alice",
      cause: null,
      commit: { intent: { command: "rollout test" } },
    });
    expect(answer.metadata.resourceVersion).toBe(String(recorded?.seq));
  });

  it("that changes nothing answers with the object and records nothing", () => {
    const session = created();
    const answer = send(session, { verb: "create", object: deploymentManifest() });
    const head = headOf(session);
    expect(send(session, { verb: "update", object: deploymentManifest() })).toEqual(answer);
    expect(headOf(session)).toBe(head);
  });

  it("that deletes answers with what was there last", () => {
    const session = created();
    const answer = send(session, { verb: "create", object: deploymentManifest() });
    expect(send(session, { verb: "delete", ref: web })).toEqual(answer);
    expect(session.get(web)).toBeUndefined();
  });

  it("that gives a name again goes on with its stream, under another uid", () => {
    const session = created();
    const uids = [1, 2, 3].map(() => {
      const { uid } = send(session, { verb: "create", object: deploymentManifest() }).metadata;
      send(session, { verb: "delete", ref: web });
      return uid;
    });
    expect(new Set(uids).size).toBe(3);
    expect(Array.from(session.store.read("Deployment/default/web"), ({ version }) => version)).toEqual([
      1, 2, 3, 4, 5, 6,
    ]);
  });

  it("on trial answers with what would be, defaults and all, and leaves no trace", () => {
    const session = created();
    const write = { verb: "create", object: deploymentManifest({ replicas: 2 }) } as const;
    const head = headOf(session);
    const tried = session.request(write, { ...by, dryRun: true });
    expect(E.isRight(tried) && tried.right).toMatchObject({ spec: { replicas: 2, progressDeadlineSeconds: 600 } });
    expect([headOf(session), session.get(web)]).toEqual([head, undefined]);
    send(session, write);
    const scaled = session.request(
      { verb: "patch", ref: web, patchType: "merge", patch: { spec: { replicas: 7 } } },
      { ...by, dryRun: true },
    );
    expect(E.isRight(scaled) && scaled.right).toMatchObject({ spec: { replicas: 7 }, metadata: { generation: 2 } });
    expect(session.get(web)).toMatchObject({ spec: { replicas: 2 } });
  });

  it("of a person that is refused leaves every byte of the file as it was", () => {
    const path = newPath();
    const session = created(path);
    send(session, { verb: "create", object: deploymentManifest() });
    const before = bytesOf(path);
    for (const write of [
      { verb: "create", object: deploymentManifest() },
      { verb: "create", object: deploymentManifest({ replicas: -1 }, { name: "other" }) },
      { verb: "delete", ref: refTo("Pod", "nobody") },
    ] as const) {
      expect(E.isLeft(session.request(write, by))).toBe(true);
      expect(E.isLeft(session.request(write, { ...by, dryRun: true }))).toBe(true);
    }
    expect(bytesOf(path)).toBe(before);
    session.close();
  });

  it("of a part of the cluster that is refused is a fact of the history", async () => {
    const session = created();
    send(session, { verb: "create", object: { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } } });
    send(session, { verb: "create", object: deploymentManifest({ replicas: 2 }, { namespace: "shop" }) });
    send(session, { verb: "delete", ref: refTo("Namespace", "shop") });
    await session.advance(60_000);
    const refused = [...session.log(1, undefined, { types: ["WriteRefused"] })];
    expect(refused[0]).toMatchObject({
      stream: "refusals/controller:deployment",
      actor: "controller:deployment",
      data: { verb: "createDraft", code: 403, reason: "Forbidden" },
    });
    expect(session.get(refTo("Namespace", "shop"))).toBeUndefined();
  });
});

describe("reading", () => {
  it("lists the objects of a kind by namespace and name, of one namespace or of all", () => {
    const session = created();
    send(session, { verb: "create", object: { apiVersion: "v1", kind: "Namespace", metadata: { name: "a-shop" } } });
    for (const [name, namespace] of [
      ["b", "default"],
      ["a", "default"],
      ["c", "a-shop"],
    ] as const) {
      send(session, { verb: "create", object: podManifest({}, { name, namespace }) });
    }
    const names = (namespace?: string) => session.list("Pod", namespace).map(({ metadata }) => metadata.name);
    expect(names()).toEqual(["c", "a", "b"]);
    expect(names("default")).toEqual(["a", "b"]);
    expect(session.list("Node").map(({ metadata }) => metadata.name)).toEqual(["node-1", "node-2", "node-3"]);
  });

  it("finds Kubernetes events in what happened, and more of them as it goes on", async () => {
    const session = created();
    send(session, { verb: "create", object: podManifest() });
    await session.advance(500);
    expect(session.events("default").map(({ reason }) => reason)).toEqual(["Scheduled"]);
    await session.advance(60_000);
    expect(session.events().map(({ reason }) => reason)).toEqual(["Scheduled", "Pulled", "Created", "Started"]);
    expect(session.events("shop")).toEqual([]);
    await session.advance(3_600_000);
    expect(session.events()).toEqual([]);
  });

  it("the log lets no time pass and takes a filter", async () => {
    const session = created();
    send(session, { verb: "create", object: podManifest() });
    const head = headOf(session);
    expect([...session.log(2, 3)].map(({ seq }) => seq)).toEqual([2, 3]);
    expect([...session.log(1, undefined, { types: ["NodeCreated"] })]).toHaveLength(3);
    expect(headOf(session)).toBe(head);
  });

  it("digests equal histories alike, wherever and whenever they were recorded", async () => {
    const digests = await Promise.all(
      [":memory:", newPath()].map(async (path) => {
        const session = created(path, { seed: 7 });
        send(session, { verb: "create", object: deploymentManifest() });
        await session.advance(30_000);
        const digest = session.digest();
        session.close();
        return digest;
      }),
    );
    expect(digests[0]).toBe(digests[1]);
    expect(created(":memory:", { seed: 8 }).digest()).not.toBe(created(":memory:", { seed: 9 }).digest());
  });
});

describe("faults, behaviours and notes", () => {
  it("are recorded, and a fault must have something to befall", async () => {
    const session = created();
    send(session, { verb: "create", object: podManifest() });
    const head = headOf(session);
    expect(session.injectFault({ type: "crash", namespace: "default", pod: "two" }, by)).toMatchObject({
      left: { message: 'pods "two" not found' },
    });
    expect(session.injectFault({ type: "node", node: "node-9", up: false }, by)).toMatchObject({
      left: { message: 'nodes "node-9" not found' },
    });
    expect(headOf(session)).toBe(head);
    session.setBehaviour({ selector: { image: "web:1" }, behaviour: { startMs: 30_000 } }, by);
    session.injectFault({ type: "node", node: "node-1", up: false }, by);
    session.note({ type: "ScenarioStarted", data: { name: "test", seed: 1, version: "0" } }, by);
    const added = [...session.log(head + 1)].map(({ type, actor, stream }) => [type, actor, stream]);
    expect(added).toEqual([
      ["BehaviourSet", "user:alice", "behaviours"],
      ["FaultInjected", "user:alice", "faults"],
      ["ScenarioStarted", "user:alice", "ledger"],
    ]);
  });

  it("hold for the processes to come", async () => {
    const path = newPath();
    const session = created(path);
    session.setBehaviour({ selector: { image: "web:1" }, behaviour: { startMs: 30_000 } }, by);
    session.close();
    const next = reopened(path);
    send(next, { verb: "create", object: podManifest() });
    await next.advance(29_000);
    expect(typesIn(next)).not.toContain("PodContainerStarted");
    await next.advance(2000);
    expect(typesIn(next)).toContain("PodContainerStarted");
    next.close();
  });
});

describe("a subscription", () => {
  it("hears every event once it is recorded, in order, until it ends", async () => {
    const session = created();
    const before = headOf(session);
    const heard: RecordedEvent[] = [];
    const end = session.subscribe((event) => heard.push(event));
    send(session, { verb: "create", object: deploymentManifest() });
    await session.advance(30_000);
    end();
    expect(heard).toEqual([...session.log(before + 1)]);
    const count = heard.length;
    send(session, { verb: "delete", ref: web });
    expect(heard).toHaveLength(count);
  });

  it("may read, and write, when it hears of something", () => {
    const session = created();
    const seen: unknown[] = [];
    session.subscribe(({ type }) => {
      if (type !== "DeploymentCreated") return;
      seen.push(session.get(web)?.kind);
      send(session, { verb: "create", object: podManifest() });
    });
    send(session, { verb: "create", object: deploymentManifest() });
    expect(seen).toEqual(["Deployment"]);
    expect(session.get(refTo("Pod", "one"))).toBeDefined();
  });

  it("hears nothing of what is refused or tried", () => {
    const session = created();
    const heard: RecordedEvent[] = [];
    session.subscribe((event) => heard.push(event));
    session.request({ verb: "delete", ref: web }, by);
    session.request({ verb: "create", object: deploymentManifest() }, { ...by, dryRun: true });
    expect(heard).toEqual([]);
  });
});
