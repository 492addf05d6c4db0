import { describe, expect, it } from "vitest";
import { Ledger } from "../../src/engine/ledger.ts";
import { ledgerSettingsSchema } from "../../src/engine/settings.ts";
import { openSqliteStore } from "../../src/event-store/sqlite/store.ts";
import { ObjectsProjection } from "../../src/projections/objects.ts";
import { deploymentManifest, podManifest, refTo } from "../domain/api-server.ts";
import { by, created, headOf, newPath, reopened, send, typesIn } from "./ledgers.ts";

const web = refTo("Deployment", "web");

/** A ledger that was left two seconds into a rollout of four pods. */
const leftMidway = async (): Promise<string> => {
  const path = newPath();
  const session = created(path);
  send(session, { verb: "create", object: deploymentManifest({ replicas: 4 }) });
  await session.advance(1500);
  session.close();
  return path;
};

/** What another process makes of a file, without the engine's knowledge. */
const tamper = (path: string, change: (store: ReturnType<typeof storeOf>) => void): void => {
  const store = storeOf(path);
  store.transaction(() => {
    change(store);
    return { _tag: "Right", right: undefined };
  });
  store.close();
};
const storeOf = (path: string) => {
  const opened = openSqliteStore(path);
  if (opened._tag === "Left") throw opened.left;
  return opened.right;
};

/** Another checkpoint of the version that is there. */
const saveBody = (store: ReturnType<typeof storeOf>, body: string): void => {
  store.checkpoints.save("engine", store.checkpoints.load("engine")?.version ?? 0, body);
};

describe("a process that finds no checkpoint to go on from", () => {
  it.each<[string, string, (store: ReturnType<typeof storeOf>) => void]>([
    ["of another version", "checkpoint of version 99", (store) => store.checkpoints.save("engine", 99, "{}")],
    ["that is no JSON", "checkpoint not readable", (store) => saveBody(store, "{")],
    ["of another form", "checkpoint not readable", (store) => saveBody(store, '{"headSeq": 1}')],
    [
      "of another position",
      "checkpoint of another position",
      (store) => {
        store.append([
          {
            at: store.head().at,
            actor: "import",
            cause: null,
            view: null,
            intent: null,
            writes: [
              { stream: "notes", expectedVersion: "any", events: [{ type: "WriteRefused", schema: 1, data: {} }] },
            ],
          },
        ]);
      },
    ],
  ])("but one %s starts every actor over, says so, and finishes what was begun", async (_, reason, change) => {
    const path = await leftMidway();
    tamper(path, change);
    const session = reopened(path);
    const [restarted] = [...session.log(1, undefined, { types: ["SimulationRestarted"] })];
    expect(restarted).toMatchObject({ stream: "ledger", actor: "engine", data: { reason } });
    await session.advance(60_000);
    expect(session.get(web)).toMatchObject({ status: { availableReplicas: 4 } });
    const addresses = session.list("Pod").map((pod) => Reflect.get(pod, "status").podIP);
    expect(new Set(addresses).size).toBe(4);
    session.close();
    const next = reopened(path);
    expect(typesIn(next).filter((type) => type === "SimulationRestarted")).toHaveLength(1);
    next.close();
  });
});

describe("work under the write lock that fails", () => {
  it("leaves nothing in the file, and nothing in memory", async () => {
    const path = newPath();
    created(path).close();
    const store = storeOf(path);
    const [first] = store.read("ledger", 1, 1);
    const ledger = new Ledger(store, ledgerSettingsSchema.parse(first?.data));
    const author = { ...by, cause: null, view: 0 };
    const head = store.head();
    const create = (name: string): void => {
      ledger.write({ verb: "create", object: deploymentManifest({}, { name }) }, author, ledger.now());
    };
    expect(() =>
      ledger.transact(() => {
        create("lost");
        ledger.setClock(ledger.now() + 5000);
        throw new Error("on the way");
      }),
    ).toThrow("on the way");
    ledger.refresh();
    expect(store.head()).toEqual(head);
    expect([...ledger.world.all("Deployment")]).toEqual([]);
    expect([...store.blobs.all()]).toEqual([]);
    ledger.transact(() => create("kept"));
    expect([...ledger.world.all("Deployment")].map(({ meta }) => meta.name)).toEqual(["kept"]);
    ledger.settle();
    expect(new ObjectsProjection(store.sql).rows().map(({ stream }) => stream)).toContain("Deployment/default/kept");
    expect([...store.blobs.all()]).toHaveLength(1);
    store.close();
  });
});

describe("two processes", () => {
  it("see at once what the other has written, and write on from there", async () => {
    const path = newPath();
    const left = created(path);
    const right = reopened(path);
    send(left, { verb: "create", object: podManifest() });
    expect(right.get(refTo("Pod", "one"))).toBeDefined();
    await right.advance(10_000);
    expect(left.now()).toBe(right.now());
    expect(left.get(refTo("Pod", "one"))).toMatchObject({ status: { phase: "Running" } });
    send(left, { verb: "delete", ref: refTo("Pod", "one") });
    await right.advance(10_000);
    expect(left.get(refTo("Pod", "one"))).toBeUndefined();
    expect(headOf(left)).toBe(headOf(right));
    left.close();
    right.close();
  });
});
