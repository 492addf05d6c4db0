import fc from "fast-check";
import * as E from "fp-ts/lib/Either.js";
import { describe, expect, it } from "vitest";
import { type Entity, refOf } from "../../../src/domain/state.ts";
import { isJsonArray, isJsonObject, type Json } from "../../../src/kubernetes/json.ts";
import type { KubeObject } from "../../../src/kubernetes/objects.ts";
import type { ManifestKind } from "../../../src/kubernetes/schema/kinds.ts";
import { ApiServer, deploymentManifest, manifest, podManifest, serviceManifest } from "../api-server.ts";

const replicaSet = manifest("apps/v1", "ReplicaSet", "web", {
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "web:1" }] } },
  },
});

const manifests: Readonly<Record<ManifestKind, KubeObject>> = {
  Deployment: deploymentManifest({ replicas: 3 }, { labels: { app: "web" }, annotations: { note: "x" } }),
  ReplicaSet: replicaSet,
  Pod: podManifest({ initContainers: [{ name: "init", image: "init:1" }] }, { labels: { app: "web" } }),
  Service: serviceManifest({ type: "NodePort" }),
  Namespace: manifest("v1", "Namespace", "shop", {}),
  Node: manifest("v1", "Node", "node-1", { spec: { taints: [{ key: "a", effect: "NoSchedule" }] } }),
  ConfigMap: manifest("v1", "ConfigMap", "settings", { data: { a: "1" } }),
  Secret: manifest("v1", "Secret", "keys", { stringData: { a: "1" } }),
  PodDisruptionBudget: manifest("policy/v1", "PodDisruptionBudget", "web", { spec: { minAvailable: 1 } }),
};

type Path = readonly (string | number)[];

const pathsOf = (value: Json, path: Path = []): readonly Path[] => {
  const members = isJsonArray(value) ? [...value.entries()] : isJsonObject(value) ? Object.entries(value) : [];
  return [path, ...members.flatMap(([key, member]) => pathsOf(member, [...path, key]))];
};

const replaced = (value: Json, [key, ...rest]: Path, by: Json): Json => {
  if (key === undefined) return by;
  if (isJsonArray(value)) return value.map((member, i) => (i === key ? replaced(member, rest, by) : member));
  return isJsonObject(value) ? { ...value, [key]: replaced(value[key] ?? null, rest, by) } : value;
};

const anything: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(null, true, 0, -1, 1.5, 7, 2 ** 40, "", "x", "10%", "Web!", [], {}, [null], { a: null }),
  fc.constantFrom<Json>([{}], { name: "web" }, [{ name: "web", image: "web:2" }], ["a/b"]),
);

interface Vandalism {
  readonly kind: ManifestKind;
  readonly where: number;
  readonly what: Json;
  readonly how: "create" | "update" | "patch";
}

const kinds: readonly ManifestKind[] = [
  "Deployment",
  "ReplicaSet",
  "Pod",
  "Service",
  "Namespace",
  "Node",
  "ConfigMap",
  "Secret",
  "PodDisruptionBudget",
];

const vandalism: fc.Arbitrary<Vandalism> = fc.record({
  kind: fc.constantFrom(...kinds),
  where: fc.nat(),
  what: anything,
  how: fc.constantFrom("create" as const, "update" as const, "patch" as const),
});

/** The object with something else somewhere below its apiVersion, kind and metadata, or in them for a patch. */
const vandalised = (object: object, { where, what, how }: Vandalism): Json => {
  const json: Json = JSON.parse(JSON.stringify(object));
  const paths = pathsOf(json).filter(([first, ...rest]) => first !== undefined && (how === "patch" || rest.length > 0));
  return replaced(json, paths[where % paths.length] ?? [], what);
};

const anyObject = (json: Json): KubeObject => JSON.parse(JSON.stringify(json));

/** A merge patch takes `null` for "away"; what else it holds replaces what is there. */
const attack = (api: ApiServer, act: Vandalism): E.Either<unknown, unknown> => {
  const object = manifests[act.kind] as KubeObject;
  if (act.how === "create")
    return api.send({ verb: "create", object: vandalised(object, act) as unknown as KubeObject });
  api.create(object);
  const entity = stored(api, act.kind);
  const after = vandalised(api.wire(entity), act);
  return act.how === "update"
    ? api.send({ verb: "update", object: anyObject(after) })
    : api.send({ verb: "patch", ref: refOf(entity), patchType: "merge", patch: after });
};

const stored = (api: ApiServer, kind: ManifestKind): Entity => {
  const [entity] = [...api.world.all(kind)].filter(({ meta }) => meta.name !== "default");
  if (!entity) throw new Error(`no ${kind}`);
  return entity;
};

describe("whatever a client sends", () => {
  it("is accepted or refused, and leaves objects that the server would send and take again", () => {
    let accepted = 0;
    fc.assert(
      fc.property(vandalism, (act) => {
        const api = new ApiServer();
        if (E.isLeft(attack(api, act))) return;
        accepted += 1;
        for (const entity of api.world.all(act.kind)) {
          const wire: KubeObject = JSON.parse(JSON.stringify(api.wire(entity)));
          expect(api.accepted({ verb: "update", object: wire })).toEqual([]);
        }
      }),
      { numRuns: 1500 },
    );
    expect(accepted).toBeGreaterThan(60);
  });
});
