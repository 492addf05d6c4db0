import { describe, expect, it } from "vitest";
import { eventTypesOf } from "../../src/history/event-types.ts";
import { eventTypes } from "../../src/history/log/summary.ts";
import { resourceTypes, storedKindOf } from "../../src/kubernetes/kinds.ts";

const kinds = resourceTypes.flatMap((type) => storedKindOf(type) ?? []);

describe("the types of a kind's events", () => {
  it("are its own, and no other kind's", () => {
    for (const kind of kinds) expect(eventTypesOf(kind)).toContain(`${kind}Created`);
    expect(eventTypesOf("EndpointSlice")).toContain("EndpointAdded");
    expect(eventTypesOf("Pod")).not.toContain("PodDisruptionBudgetCreated");
    const all = kinds.flatMap(eventTypesOf);
    expect(new Set(all).size).toBe(all.length);
  });

  it("are all but those about the ledger itself", () => {
    const ofObjects = new Set(kinds.flatMap(eventTypesOf));
    const others = eventTypes.filter((type) => !ofObjects.has(type));
    expect(others).toContain("LedgerInitialized");
    expect(others.filter((type) => kinds.some((kind) => type.startsWith(kind)))).toEqual([]);
  });
});
