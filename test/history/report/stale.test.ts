import { expect, test } from "vitest";
import { BodyStore } from "../../../src/engine/bodies.ts";
import type { RecordedEvent, View } from "../../../src/event-store/port.ts";
import { lossOf } from "../../../src/history/report/causes.ts";
import { Meanwhile } from "../../../src/history/report/meanwhile.ts";
import { blameText } from "../../../src/history/report/words.ts";
import { HistoryFold } from "../../../src/history/timeline/fold.ts";
import { deploymentManifest, openShell } from "../../support/shell.ts";

/**
 * One of two pods crashes; a moment later the Deployment is scaled to one. The controller that does it has read the log up to
 * here, counted in events before or after the crash.
 */
const scaledOn = async (viewOf: (crashSeq: number) => View) => {
  const shell = openShell();
  shell.create(deploymentManifest("web", { replicas: 2 }));
  await shell.type("advance 10s");
  await shell.type(`fault crash pod/${shell.session.list("Pod")[0]?.metadata.name}`);
  await shell.type("advance 100ms");
  await shell.type("scale deploy/web --replicas=1");
  await shell.type("advance 10s");
  const recorded = [...shell.session.log()];
  const crashSeq = recorded.find(({ type }) => type === "PodContainerTerminated")?.seq ?? 0;
  const log = recorded.map(
    (event): RecordedEvent => (event.type === "ReplicaSetScaled" ? { ...event, view: viewOf(crashSeq) } : event),
  );
  const bodies = new BodyStore(shell.session.store.blobs);
  const fold = new HistoryFold({ namespace: "default", name: "web", templateOf: (digest) => bodies.template(digest) });
  for (const event of log) fold.apply(event);
  const history = fold.finish(shell.session.now());
  if (!history) throw new Error("no history");
  const meanwhile = new Meanwhile(history, () => "");
  for (const event of log) meanwhile.apply(event);
  return { log, history, meanwhile };
};

test("a controller that had not read the crash decides on a stale view: how far it was behind, and what it took for true", async () => {
  const { meanwhile } = await scaledOn((crashSeq) => crashSeq - 1);
  const decision = meanwhile.stale.find(({ what }) => what.startsWith("ReplicaSetScaled"));
  expect(decision).toMatchObject({
    actor: "controller:deployment",
    behind: { ms: expect.any(Number), first: expect.stringMatching(/^ReplicaSetStatusChanged rs\/web-/) },
    believed: { available: 2, inTruth: 1 },
  });
  expect(decision?.behind?.ms).toBeGreaterThan(90);
});

test("a view may be behind for one kind only", async () => {
  const { meanwhile } = await scaledOn((crashSeq) => ({ Deployment: crashSeq + 1000, ReplicaSet: crashSeq - 1 }));
  expect(meanwhile.stale[0]?.believed).toEqual({ available: 2, inTruth: 1 });
});

test("one that had read all of it decides on what is true", async () => {
  const { meanwhile } = await scaledOn((crashSeq) => crashSeq + 1000);
  expect(meanwhile.stale.filter(({ what }) => what.startsWith("ReplicaSetScaled"))).toEqual([]);
});

test("where nobody knows what it had read, nothing is said", async () => {
  const { meanwhile, history } = await scaledOn(() => null);
  expect(meanwhile.stale.filter(({ what }) => what.startsWith("ReplicaSetScaled"))).toEqual([]);
  expect(history.replicaSets[0]?.scalings[0]).not.toHaveProperty("believed");
});

test("a pod that is taken away on a stale view says so", async () => {
  const { log, history } = await scaledOn((crashSeq) => crashSeq - 1);
  const [replicaSet] = history.replicaSets;
  const request = log.find(({ type, actor }) => type === "PodDeletionRequested" && actor === "controller:replicaset");
  if (!replicaSet || !request) throw new Error("no pod was taken away");
  const name = request.stream.split("/")[2] ?? "";
  const loss = lossOf({ name, atMs: request.at, seq: request.seq, replicaSet }, (seq) => {
    const commit = log.find((event) => event.seq === seq)?.commit.firstSeq;
    return log.filter((event) => event.commit.firstSeq === commit);
  });
  expect(loss).toMatchObject({ cause: { type: "scale-down" }, origin: { actor: "user:test" } });
  expect(blameText({ ...loss, losses: [loss] })).toMatch(
    /^user:test scaled down, which took pods of rs\/web-\w+ from 2 to 1, believing 2 available where 1 were$/,
  );
});
