import { describe, expect, it } from "vitest";
import type { DomainEvent } from "../../../src/domain/events.ts";
import type { ReplicaSet } from "../../../src/domain/state.ts";
import type { OwnerReference } from "../../../src/kubernetes/objects.ts";
import { REVISION, REVISION_HISTORY } from "../../../src/kubernetes/well-known.ts";
import { startMs } from "../api-server.ts";
import { digest, fold, uid } from "./fold.ts";

const spec = {
  replicas: 2,
  minReadySeconds: 0,
  selector: { matchLabels: { app: "web" } },
  template: { digest: digest("v1"), hash: "abc" },
};
const created: DomainEvent = { type: "ReplicaSetCreated", data: { uid, spec } };
const replicaSet = (...events: readonly DomainEvent[]): ReplicaSet => fold("ReplicaSet", created, ...events);

const owner = (name: string): OwnerReference => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  name,
  uid: `uid-${name}`,
  controller: true,
});

describe("a ReplicaSet", () => {
  it("takes a new size, template or other spec with a new generation", () => {
    const template = { digest: digest("v2"), hash: "def" };
    expect(replicaSet({ type: "ReplicaSetScaled", data: { from: 2, to: 0, generation: 2 } })).toMatchObject({
      spec: { ...spec, replicas: 0 },
      meta: { generation: 2 },
    });
    expect(
      replicaSet({ type: "ReplicaSetTemplateChanged", data: { from: spec.template, to: template, generation: 2 } })
        .spec,
    ).toEqual({ ...spec, template });
    const patch = [{ op: "replace", path: "/minReadySeconds", value: 4 }] as const;
    expect(replicaSet({ type: "ReplicaSetSpecChanged", data: { patch, generation: 2 } }).spec.minReadySeconds).toBe(4);
  });

  it("carries its revision, and the former ones, as annotations", () => {
    const first: DomainEvent = { type: "ReplicaSetRevisionAssigned", data: { revision: "1" } };
    const second: DomainEvent = {
      type: "ReplicaSetRevisionAssigned",
      data: { revision: "3", from: "1", history: "1" },
    };
    const third: DomainEvent = { type: "ReplicaSetRevisionAssigned", data: { revision: "4", from: "3" } };
    expect(replicaSet(first).meta).toMatchObject({ annotations: { [REVISION]: "1" }, generation: 1 });
    expect(replicaSet(first, second, third).meta.annotations).toEqual({ [REVISION]: "4", [REVISION_HISTORY]: "1" });
  });

  it("is adopted by one owner, and released by that one alone", () => {
    const adopted = replicaSet(
      { type: "ReplicaSetAdopted", data: { owner: owner("web") } },
      { type: "ReplicaSetAdopted", data: { owner: { ...owner("shop"), controller: false } } },
    );
    expect(adopted.meta.ownerReferences.map(({ name }) => name)).toEqual(["web", "shop"]);
    expect(adopted.meta.generation).toBe(1);
    const released = replicaSet(
      { type: "ReplicaSetAdopted", data: { owner: owner("web") } },
      { type: "ReplicaSetAdopted", data: { owner: { ...owner("shop"), controller: false } } },
      { type: "ReplicaSetReleased", data: { owner: owner("web") } },
    );
    expect(released.meta.ownerReferences.map(({ name }) => name)).toEqual(["shop"]);
  });

  it("keeps of its status what an event does not name", () => {
    const failure = { type: "ReplicaFailure", status: "True", reason: "FailedCreate", lastTransitionMs: 1 } as const;
    const { status, meta } = replicaSet(
      { type: "ReplicaSetStatusChanged", data: { replicas: 2, observedGeneration: 1 } },
      { type: "ReplicaSetConditionChanged", data: failure },
      { type: "ReplicaSetStatusChanged", data: { readyReplicas: 1 } },
    );
    expect(status).toEqual({
      observedGeneration: 1,
      replicas: 2,
      fullyLabeledReplicas: 0,
      readyReplicas: 1,
      availableReplicas: 0,
      conditions: [failure],
    });
    expect(meta.generation).toBe(1);
  });

  it("changes its metadata, waits for its finalizers, and goes", () => {
    const labelled = replicaSet({
      type: "ReplicaSetMetadataChanged",
      data: { patch: [{ op: "add", path: "/labels/a", value: "1" }] },
    });
    expect(labelled.meta).toMatchObject({ labels: { a: "1" }, generation: 1, resourceVersion: 2 });
    const data = { deadlineMs: startMs, graceSeconds: 0, finalizers: ["foregroundDeletion"], generation: 2 };
    const going = replicaSet({ type: "ReplicaSetDeletionRequested", data });
    expect(going.meta).toMatchObject({ finalizers: ["foregroundDeletion"], generation: 2 });
    expect(() => replicaSet({ type: "ReplicaSetDeleted", data: {} })).toThrow("nothing is left");
  });
});
