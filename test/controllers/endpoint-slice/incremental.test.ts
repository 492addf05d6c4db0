import fc from "fast-check";
import { expect, test } from "vitest";
import { reconcileService } from "../../../src/controllers/endpoint-slice/controller.ts";
import { contributionOf } from "../../../src/controllers/endpoint-slice/endpoint.ts";
import { MAX_ENDPOINTS_PER_SLICE } from "../../../src/controllers/endpoint-slice/packing.ts";
import type { EndpointSliceView } from "../../../src/controllers/view.ts";
import { podOfEndpoint } from "../../../src/domain/endpoints.ts";
import type { Service } from "../../../src/domain/state.ts";
import { Cluster } from "../../support/cluster.ts";
import { endpointPod, nodeOf, podsNumbered, serviceOf, slicesIn, viewOf } from "./services.ts";

const key = { kind: "Service", namespace: "default", name: "web" } as const;

type Change = (cluster: Cluster) => void;

/** Its pods fall into groups by what the named port is with them. */
const webService = (spec: Partial<Service["spec"]> = {}): Service =>
  serviceOf({ ports: [{ port: 80, targetPort: "http", protocol: "TCP" }], ...spec });

/** Few pods of interest beside two nearly full slices, so that slices fill up, empty and are made. */
const podChange = fc
  .record({
    n: fc.integer({ min: 95, max: 204 }),
    ready: fc.boolean(),
    terminating: fc.boolean(),
    ip: fc.constantFrom("", "10.0.0.1", "10.0.0.2"),
    node: fc.constantFrom("node-1", "node-1", "node-9"),
    app: fc.constantFrom("web", "web", "db"),
    spec: fc.constantFrom("8080", "8080", "9090"),
    gone: fc.boolean(),
  })
  .map(({ n, gone, ...fields }): Change => {
    const pod = endpointPod(`p${String(n).padStart(4, "0")}`, fields);
    return (cluster) => (gone ? cluster.remove(pod) : cluster.put(pod));
  });

const serviceChange = fc
  .constantFrom<Partial<Service["spec"]>>(
    {},
    { publishNotReadyAddresses: true },
    { selector: { app: "db" } },
    { ports: [{ port: 80, targetPort: "http", protocol: "TCP" }] },
  )
  .map(
    (spec): Change =>
      (cluster) =>
        cluster.put(serviceOf(spec)),
  );

const allAtOnce: Change = (cluster) => {
  for (const pod of podsNumbered(0, 205)) cluster.remove(pod);
};

const change = fc.oneof(
  { weight: 20, arbitrary: podChange },
  { weight: 2, arbitrary: serviceChange },
  { weight: 1, arbitrary: fc.constant(allAtOnce) },
  { weight: 1, arbitrary: fc.constant<Change>((cluster) => cluster.put(nodeOf("node-9"))) },
);

const start = (): Cluster => {
  const cluster = new Cluster(nodeOf("node-1"), webService(), ...podsNumbered(0, 190));
  cluster.ports = (spec) => [{ name: "http", containerPort: Number(spec) || 8080 }];
  return cluster;
};

/** The same cluster through a view that holds every pod of the Service to be pending. */
const resyncing = (cluster: Cluster): EndpointSliceView => ({
  ...viewOf(cluster),
  pendingPods: (service) => cluster.candidatePods(service),
});

test("a sync of what changed does what a sync of everything does", () => {
  fc.assert(
    fc.property(fc.array(fc.array(change, { minLength: 1, maxLength: 8 }), { maxLength: 6 }), (rounds) => {
      const [incremental, full] = [start(), start()];
      for (const changes of [[], ...rounds]) {
        for (const apply of changes) {
          apply(incremental);
          apply(full);
        }
        const result = incremental.run(reconcileService(incremental, key));
        expect(full.run(reconcileService(resyncing(full), key))).toEqual(result);
        expect(slicesIn(full)).toEqual(slicesIn(incremental));
      }
    }),
    { numRuns: 60 },
  );
});

const byPod = (a: { readonly pod: string }, b: { readonly pod: string }): number => (a.pod < b.pod ? -1 : 1);

test("after a sync the slices hold every endpoint once, at most 100 each, in order, and the next sync writes nothing", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
      const cluster = start();
      cluster.run(reconcileService(cluster, key));
      for (const apply of changes) apply(cluster);
      cluster.run(reconcileService(cluster, key));

      const service = cluster.get("Service", "web");
      if (!service) throw new Error("the Service is gone");
      const wanted = cluster.all("Pod").flatMap((pod) => {
        const contribution = contributionOf(cluster, service, pod);
        return contribution.is === "endpoint" ? [{ pod: pod.meta.name, port: contribution.ports[0]?.port }] : [];
      });
      const slices = slicesIn(cluster);
      const held = slices.map(({ endpoints, ports }) =>
        endpoints.map((endpoint) => ({ pod: podOfEndpoint(endpoint), port: ports[0]?.port })),
      );
      expect(held.flat().sort(byPod)).toEqual(wanted.sort(byPod));
      for (const endpoints of held) {
        expect(endpoints.length).toBeLessThanOrEqual(MAX_ENDPOINTS_PER_SLICE);
        expect(endpoints).toEqual(endpoints.toSorted(byPod));
      }
      expect(slices.filter(({ endpoints }) => endpoints.length === 0)).toHaveLength(wanted.length === 0 ? 1 : 0);

      const before = cluster.writes.length;
      cluster.run(reconcileService(cluster, key));
      expect(cluster.writes).toHaveLength(before);
    }),
    { numRuns: 60 },
  );
});
