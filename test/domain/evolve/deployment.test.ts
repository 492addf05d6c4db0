import { describe, expect, it } from "vitest";
import type { DomainEvent } from "../../../src/domain/events.ts";
import type { Deployment } from "../../../src/domain/state.ts";
import { REVISION } from "../../../src/kubernetes/well-known.ts";
import { startMs } from "../api-server.ts";
import { type Commit, commit, digest, fold, secondsOn, uid } from "./fold.ts";

const strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } as const;
const spec = {
  replicas: 3,
  selector: { matchLabels: { app: "web" } },
  template: digest("v1"),
  strategy,
  minReadySeconds: 0,
  paused: false,
};
const created: DomainEvent = { type: "DeploymentCreated", data: { uid, labels: { a: "1" }, spec } };
const deployment = (...commits: readonly (DomainEvent | Commit)[]): Deployment =>
  fold("Deployment", created, ...commits);

describe("a Deployment", () => {
  it("begins at generation 1 with an empty status, in whole seconds", () => {
    expect(fold("Deployment", commit(1999, created))).toEqual({
      kind: "Deployment",
      meta: {
        name: "one",
        namespace: "default",
        uid,
        resourceVersion: 1,
        generation: 1,
        createdAtMs: secondsOn(1),
        labels: { a: "1" },
        annotations: {},
        ownerReferences: [],
        finalizers: [],
      },
      spec,
      status: {
        observedGeneration: 0,
        replicas: 0,
        updatedReplicas: 0,
        readyReplicas: 0,
        availableReplicas: 0,
        unavailableReplicas: 0,
        conditions: [],
      },
    });
  });

  it.each<[DomainEvent, Partial<Deployment["spec"]>]>([
    [
      { type: "DeploymentTemplateChanged", data: { from: digest("v1"), to: digest("v2"), generation: 2 } },
      { template: digest("v2") },
    ],
    [{ type: "DeploymentScaled", data: { from: 3, to: 5, generation: 2 } }, { replicas: 5 }],
    [
      { type: "DeploymentStrategyChanged", data: { from: strategy, to: { type: "Recreate" }, generation: 2 } },
      { strategy: { type: "Recreate" } },
    ],
    [{ type: "DeploymentPaused", data: { generation: 2 } }, { paused: true }],
    [{ type: "DeploymentResumed", data: { generation: 2 } }, { paused: false }],
    [
      {
        type: "DeploymentSpecChanged",
        data: { patch: [{ op: "replace", path: "/minReadySeconds", value: 9 }], generation: 2 },
      },
      { minReadySeconds: 9 },
    ],
  ])("at $type takes the change, and the generation that comes with it", (event, change) => {
    const changed = deployment(event);
    expect(changed.spec).toEqual({ ...spec, ...change });
    expect(changed.meta).toMatchObject({ generation: 2, resourceVersion: 2 });
  });

  it("has the resourceVersion of its last commit's end", () => {
    const { meta } = deployment(
      commit(
        0,
        { type: "DeploymentScaled", data: { from: 3, to: 5, generation: 2 } },
        { type: "DeploymentPaused", data: { generation: 2 } },
      ),
    );
    expect(meta).toMatchObject({ generation: 2, resourceVersion: 3 });
  });

  it("raises its generation for metadata only where the event says so", () => {
    const label: DomainEvent = {
      type: "DeploymentMetadataChanged",
      data: { patch: [{ op: "add", path: "/labels/b", value: "2" }] },
    };
    expect(deployment(label).meta).toMatchObject({ labels: { a: "1", b: "2" }, generation: 1 });
    const note: DomainEvent = {
      type: "DeploymentMetadataChanged",
      data: { patch: [{ op: "add", path: "/annotations/n", value: "x" }], generation: 2 },
    };
    expect(deployment(note).meta).toMatchObject({ annotations: { n: "x" }, generation: 2 });
  });

  it("carries its revision as an annotation, beside the others and without a new generation", () => {
    const { meta } = deployment({ type: "DeploymentRevisionAssigned", data: { revision: "4" } });
    expect(meta).toMatchObject({ annotations: { [REVISION]: "4" }, generation: 1 });
  });

  it("keeps of its status what an event does not name", () => {
    const { status } = deployment(
      { type: "DeploymentStatusChanged", data: { replicas: 3, readyReplicas: 2 } },
      { type: "DeploymentStatusChanged", data: { readyReplicas: 3 } },
    );
    expect(status).toMatchObject({ replicas: 3, readyReplicas: 3, availableReplicas: 0 });
  });

  it("moves a condition that changes to the end of its list, and keeps of it what is not named", () => {
    const available = {
      type: "Available",
      status: "False",
      reason: "Few",
      lastUpdateMs: 1,
      lastTransitionMs: 1,
    } as const;
    const progressing = {
      type: "Progressing",
      status: "True",
      reason: "New",
      lastUpdateMs: 1,
      lastTransitionMs: 1,
    } as const;
    const { status } = deployment(
      { type: "DeploymentConditionChanged", data: available },
      { type: "DeploymentConditionChanged", data: progressing },
      { type: "DeploymentConditionChanged", data: { type: "Available", lastUpdateMs: 5 } },
    );
    expect(status.conditions).toEqual([progressing, { ...available, lastUpdateMs: 5 }]);
  });

  it("loses a condition that is removed", () => {
    const condition = { type: "ReplicaFailure", status: "True", lastTransitionMs: 1 } as const;
    const { status } = deployment(
      { type: "DeploymentConditionChanged", data: condition },
      { type: "DeploymentConditionChanged", data: { type: "ReplicaFailure", removed: true } },
    );
    expect(status.conditions).toEqual([]);
  });

  it("stays while its deletion waits for finalizers, and goes at the end", () => {
    const data = { deadlineMs: startMs, graceSeconds: 0, finalizers: ["orphan"], generation: 2 };
    const { meta } = deployment({ type: "DeploymentDeletionRequested", data });
    expect(meta).toMatchObject({
      deletion: { deadlineMs: startMs, graceSeconds: 0 },
      finalizers: ["orphan"],
      generation: 2,
    });
    expect(() => deployment({ type: "DeploymentDeleted", data: {} })).toThrow("nothing is left");
  });

  it("keeps the very objects of what an event does not touch, so that views can compare them", () => {
    const before = deployment();
    const later = fold("Deployment", created, { type: "DeploymentStatusChanged", data: { replicas: 1 } });
    expect(later.spec).toBe(before.spec);
    expect(later.meta.labels).toBe(before.meta.labels);
  });
});
