import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffDeployment, diffDeploymentStatus } from "../../../src/domain/decide/diff/deployment.ts";
import { diffEndpointSlice } from "../../../src/domain/decide/diff/endpoint-slice.ts";
import { diffPod } from "../../../src/domain/decide/diff/pod.ts";
import { diffReplicaSet, diffReplicaSetStatus } from "../../../src/domain/decide/diff/replica-set.ts";
import type { DomainEvent } from "../../../src/domain/events.ts";
import { evolve } from "../../../src/domain/evolve.ts";
import {
  type Condition,
  type Deployment,
  type Digest,
  type EndpointSlice,
  type Entity,
  type Meta,
  type Pod,
  type ReplicaSet,
  refOf,
  type Uid,
} from "../../../src/domain/state.ts";
import type { Endpoint, OwnerReference } from "../../../src/kubernetes/objects.ts";
import { REVISION, REVISION_HISTORY } from "../../../src/kubernetes/well-known.ts";
import { startMs } from "../api-server.ts";

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value));

/** Few different values, so that two objects often agree. */
const count = fc.nat({ max: 2 });
const word = fc.constantFrom("", "a", "b/c", "~d");
const map = fc.dictionary(fc.constantFrom("app", "b/c", "~d", "__proto"), word, { maxKeys: 3 });
const revisions = fc.record(
  { [REVISION]: fc.constantFrom("1", "2", "3"), [REVISION_HISTORY]: fc.constantFrom("", "1", "1,2") },
  { requiredKeys: [] },
);

const owner: fc.Arbitrary<OwnerReference> = fc.record({
  apiVersion: fc.constant("apps/v1"),
  kind: fc.constantFrom("Deployment", "ReplicaSet"),
  name: fc.constantFrom("web", "shop"),
  uid: fc.constantFrom("u1", "u2", "u3"),
  controller: fc.boolean(),
});

const meta: fc.Arbitrary<Meta> = fc
  .record({
    labels: map,
    annotations: fc.tuple(map, revisions).map(([notes, own]) => ({ ...notes, ...own })),
    ownerReferences: fc.uniqueArray(owner, { maxLength: 3, selector: ({ uid }) => uid }),
    finalizers: fc.uniqueArray(fc.constantFrom("x/a", "x/b"), { maxLength: 2 }),
  })
  .map((chosen) => ({
    name: "one",
    namespace: "default",
    uid: "uid" as Uid,
    resourceVersion: 7,
    generation: 3,
    createdAtMs: startMs,
    ...chosen,
  }));

/** So few different ones that many pairs of lists differ in their order alone. */
const condition: fc.Arbitrary<Condition> = fc.record(
  {
    type: fc.constantFrom("Available", "Progressing", "ReplicaFailure"),
    status: fc.constantFrom("True" as const, "False" as const),
    reason: fc.constant("Reason"),
    lastUpdateMs: fc.nat({ max: 1 }),
    lastTransitionMs: fc.constant(1),
  },
  { requiredKeys: ["type", "status", "lastTransitionMs"] },
);
const conditions = fc.uniqueArray(condition, { maxLength: 3, selector: ({ type }) => type });

const digest = fc.constantFrom("d1" as Digest, "d2" as Digest);
const selector = fc.record({ matchLabels: map });
const share = fc.oneof(count, fc.constantFrom("25%", "50%"));

const deployment: fc.Arbitrary<Deployment> = fc
  .record({
    kind: fc.constant("Deployment" as const),
    meta,
    spec: fc.record(
      {
        replicas: count,
        selector,
        template: digest,
        strategy: fc.oneof(
          fc.constant({ type: "Recreate" as const }),
          fc.record({
            type: fc.constant("RollingUpdate" as const),
            rollingUpdate: fc.record({ maxSurge: share, maxUnavailable: share }),
          }),
        ),
        minReadySeconds: count,
        revisionHistoryLimit: count,
        progressDeadlineSeconds: count,
        paused: fc.boolean(),
      },
      { requiredKeys: ["replicas", "selector", "template", "strategy", "minReadySeconds", "paused"] },
    ),
    status: fc.record({
      observedGeneration: count,
      replicas: count,
      updatedReplicas: count,
      readyReplicas: count,
      availableReplicas: count,
      unavailableReplicas: count,
      conditions,
    }),
  })
  .map(copy);

const replicaSet: fc.Arbitrary<ReplicaSet> = fc
  .record({
    kind: fc.constant("ReplicaSet" as const),
    meta,
    spec: fc.record({
      replicas: count,
      minReadySeconds: count,
      selector,
      template: fc.record({ digest, hash: word }, { requiredKeys: ["digest"] }),
    }),
    status: fc.record({
      observedGeneration: count,
      replicas: count,
      fullyLabeledReplicas: count,
      readyReplicas: count,
      availableReplicas: count,
      conditions,
    }),
  })
  .map(copy);

const pod: fc.Arbitrary<Pod> = fc
  .record({
    kind: fc.constant("Pod" as const),
    meta,
    spec: digest,
    status: fc.constant({ phase: "Running" as const, conditions: [], initContainers: [], containers: [] }),
  })
  .map(copy);

const endpoint: fc.Arbitrary<Endpoint> = fc
  .record({ pod: fc.constantFrom("a", "b", "c", "d"), uid: count, ready: fc.boolean(), address: count, node: word })
  .map(({ pod: name, uid, ready, address, node }) => ({
    addresses: [`10.0.0.${address}`],
    conditions: { ready, serving: ready, terminating: !ready },
    targetRef: { kind: "Pod", namespace: "default", name, uid: `${name}-${uid}` },
    ...(node === "" ? {} : { nodeName: node }),
  }));

const slice: fc.Arbitrary<EndpointSlice> = fc
  .record({
    kind: fc.constant("EndpointSlice" as const),
    meta,
    addressType: fc.constant("IPv4"),
    ports: fc.array(fc.record({ name: word, port: count }), { maxLength: 2 }),
    endpoints: fc
      .uniqueArray(endpoint, { maxLength: 4, selector: ({ targetRef }) => targetRef?.name })
      .map((endpoints) => endpoints.sort((a, b) => ((a.targetRef?.name ?? "") < (b.targetRef?.name ?? "") ? -1 : 1))),
  })
  .map(copy);

/** The entity after the events of one commit, which have been through the log. */
const folded = <T extends Entity>(before: T, events: readonly DomainEvent[]): T => {
  let entity: Entity | undefined = before;
  for (const event of events) {
    const recorded: DomainEvent = JSON.parse(JSON.stringify(event));
    entity = evolve(entity, { ...recorded, at: startMs, resourceVersion: 9 }, refOf(before));
  }
  return entity as T;
};

const changeable = ({ labels, annotations, ownerReferences, finalizers }: Meta) => ({
  labels,
  annotations,
  ownerReferences,
  finalizers,
});

const runs = { numRuns: 200 };

describe("the events that lead from one object to another, folded over the first", () => {
  it("give the second Deployment's metadata and spec, and one generation more if spec or annotations changed", () => {
    fc.assert(
      fc.property(deployment, deployment, (before, wanted) => {
        const after = folded(before, diffDeployment(before, wanted));
        expect(after.spec).toEqual(wanted.spec);
        expect(changeable(after.meta)).toEqual(changeable(wanted.meta));
        expect(after.status).toBe(before.status);
        const same = isDeepStrictEqual([before.spec, before.meta.annotations], [wanted.spec, wanted.meta.annotations]);
        expect(after.meta.generation).toBe(same ? 3 : 4);
      }),
      runs,
    );
  });

  it("give the second Deployment's status and annotations, at the same generation", () => {
    fc.assert(
      fc.property(deployment, deployment, (before, wanted) => {
        // A controller writes revisions, and never takes one away.
        const annotations = { ...before.meta.annotations, ...wanted.meta.annotations };
        const next = { ...wanted, meta: { ...wanted.meta, annotations } };
        const after = folded(before, diffDeploymentStatus(before, next));
        expect(after.status).toEqual(wanted.status);
        expect(changeable(after.meta)).toEqual({ ...changeable(before.meta), annotations });
        expect([after.spec, after.meta.generation]).toEqual([before.spec, 3]);
      }),
      runs,
    );
  });

  it("give the second ReplicaSet's metadata and spec, and one generation more if the spec changed", () => {
    fc.assert(
      fc.property(replicaSet, replicaSet, (before, wanted) => {
        const after = folded(before, diffReplicaSet(before, wanted));
        expect(after.spec).toEqual(wanted.spec);
        expect(changeable(after.meta)).toEqual(changeable(wanted.meta));
        expect(after.meta.generation).toBe(isDeepStrictEqual(before.spec, wanted.spec) ? 3 : 4);
      }),
      runs,
    );
  });

  it("give the second ReplicaSet's status", () => {
    fc.assert(
      fc.property(replicaSet, replicaSet, (before, wanted) => {
        const after = folded(before, diffReplicaSetStatus(before, wanted));
        expect(after.status).toEqual(wanted.status);
        expect(changeable(after.meta)).toEqual(changeable(before.meta));
      }),
      runs,
    );
  });

  it("give the second pod's metadata and spec", () => {
    fc.assert(
      fc.property(pod, pod, (before, wanted) => {
        const after = folded(before, diffPod(before, wanted));
        expect(after.spec).toEqual(wanted.spec);
        expect(changeable(after.meta)).toEqual(changeable(wanted.meta));
      }),
      runs,
    );
  });

  it("give the second slice's metadata, ports and endpoints, and one generation more if it says something else", () => {
    fc.assert(
      fc.property(slice, slice, (before, wanted) => {
        const after = folded(before, diffEndpointSlice(before, wanted));
        expect(after.endpoints).toEqual(wanted.endpoints);
        expect(after.ports).toEqual(wanted.ports);
        expect(changeable(after.meta)).toEqual(changeable(wanted.meta));
        const same = isDeepStrictEqual([before.endpoints, before.ports], [wanted.endpoints, wanted.ports]);
        expect(after.meta.generation).toBe(same ? 3 : 4);
      }),
      runs,
    );
  });

  it("are none between two equal objects", () => {
    fc.assert(
      fc.property(deployment, replicaSet, pod, slice, (a, b, c, d) => {
        const events = [
          ...diffDeployment(a, copy(a)),
          ...diffDeploymentStatus(a, copy(a)),
          ...diffReplicaSet(b, copy(b)),
          ...diffReplicaSetStatus(b, copy(b)),
          ...diffPod(c, copy(c)),
          ...diffEndpointSlice(d, copy(d)),
        ];
        expect(events).toEqual([]);
      }),
      runs,
    );
  });
});
