import { expect, test } from "vitest";
import { latencies } from "../../src/simulation/latencies.ts";
import { started, typed } from "../support/terminal.ts";

test("what a sync asks for later, others hear of later: new pods are made before an old one goes", async () => {
  const session = started();
  await typed(session, "create deployment web --image=web:1 --replicas=4");
  await typed(session, "rollout status deploy/web");
  const { seq } = session.store.head();
  await typed(session, "set image deploy/web web=web:2");
  await session.advance(500);

  const log = [...session.log(seq + 1)];
  const first = (wanted: string) => log.find(({ type }) => type === wanted);
  const [created, scaled] = [first("ReplicaSetCreated"), first("ReplicaSetScaled")];
  // One sync creates the new ReplicaSet, reports it, and takes a pod off the old one.
  expect([scaled?.at, scaled?.cause]).toEqual([created?.at, created?.cause]);
  const betweenMs = (first("PodDeletionRequested")?.at ?? 0) - (first("PodCreated")?.at ?? 0);
  expect(betweenMs).toBe(2 * latencies.requestMs);
});
