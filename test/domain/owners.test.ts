import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ownersOf, recordedOwners, standardReference } from "../../src/domain/owners.ts";
import type { OwnerReference } from "../../src/kubernetes/objects.ts";

const controller = fc.record({
  kind: fc.constantFrom("Deployment", "ReplicaSet", "Service", "Widget"),
  name: fc.constantFrom("web", "db"),
  uid: fc.uuid(),
});

const any: fc.Arbitrary<OwnerReference> = fc.record(
  {
    apiVersion: fc.constantFrom("apps/v1", "v1", "example.org/v1"),
    kind: fc.constantFrom("Deployment", "ReplicaSet", "Service", "Widget"),
    name: fc.constantFrom("web", "db"),
    uid: fc.uuid(),
    controller: fc.boolean(),
    blockOwnerDeletion: fc.boolean(),
    unknown: fc.constant(1),
  },
  { requiredKeys: ["apiVersion", "kind", "name", "uid"] },
);

describe("the owners of a created object", () => {
  it("come back from the log as they were", () => {
    const owners = fc.array(fc.oneof(controller.map(standardReference), any), { maxLength: 3 });
    fc.assert(
      fc.property(owners, (references) => {
        expect(ownersOf(recordedOwners(references))).toEqual(references);
      }),
    );
  });

  it("are said by kind, name and uid when a controller made the object, and only then", () => {
    const owner = { kind: "ReplicaSet", name: "web-5db6b86685", uid: "u" };
    const standard = standardReference(owner);
    expect(standard).toEqual({ apiVersion: "apps/v1", ...owner, controller: true, blockOwnerDeletion: true });
    expect(standardReference({ ...owner, kind: "Service" }).apiVersion).toBe("v1");
    expect(recordedOwners([standard])).toEqual({ controller: owner });
    expect(recordedOwners([])).toEqual({});
    for (const other of [
      { ...standard, apiVersion: "apps/v2" },
      { ...standard, blockOwnerDeletion: false },
      { ...standard, unknown: 1 },
    ]) {
      expect(recordedOwners([other])).toEqual({ ownerReferences: [other] });
    }
    expect(recordedOwners([standard, standard])).toEqual({ ownerReferences: [standard, standard] });
  });
});
