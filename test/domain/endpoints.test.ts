import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addedEndpoint, changedEndpoint, endpointAdded, endpointChanged } from "../../src/domain/endpoints.ts";
import type { Endpoint } from "../../src/kubernetes/objects.ts";

const target = (namespace: string, uid: string) => ({ kind: "Pod", namespace, name: "web-1", uid });

const endpoint: fc.Arbitrary<Endpoint> = fc.record(
  {
    addresses: fc.constantFrom(["10.244.1.2"], ["10.244.1.3"]),
    conditions: fc.record({ ready: fc.boolean(), serving: fc.boolean(), terminating: fc.boolean() }),
    targetRef: fc.oneof(
      fc.constantFrom("default", "other").map((namespace) => target(namespace, "u")),
      fc.constant({ ...target("default", "u"), kind: "VirtualMachine" }),
      fc.constant({ ...target("default", "u"), fieldPath: "spec" }),
    ),
    nodeName: fc.constantFrom("node-1", "node-2"),
    zone: fc.constant("eu-1"),
  },
  { requiredKeys: ["addresses", "conditions"] },
);

describe("an endpoint in the log", () => {
  it("comes back as it was added", () => {
    fc.assert(
      fc.property(endpoint, (added) => {
        expect(addedEndpoint(endpointAdded(added, "default"), "default")).toEqual(added);
      }),
    );
  });

  it("comes back as it was changed, with the target it had", () => {
    fc.assert(
      fc.property(endpoint, endpoint, (before, { targetRef: _, ...rest }) => {
        const after: Endpoint = before.targetRef ? { ...rest, targetRef: before.targetRef } : rest;
        expect(changedEndpoint(before, endpointChanged(before, after))).toEqual(after);
      }),
    );
  });

  it("says of its pod what does not follow from the slice, and of a change of conditions what changed", () => {
    const conditions = { ready: false, serving: false, terminating: false };
    const before: Endpoint = {
      addresses: ["10.244.1.2"],
      conditions,
      targetRef: target("default", "u"),
      nodeName: "n",
    };
    expect(endpointAdded(before, "default")).toEqual({
      endpoint: { addresses: ["10.244.1.2"], nodeName: "n" },
      pod: { name: "web-1", uid: "u" },
    });
    const after = { ...before, conditions: { ...conditions, ready: true, serving: true } };
    expect(endpointChanged(before, after)).toEqual({ pod: "web-1", conditions: { ready: true, serving: true } });
    expect(endpointChanged(before, { ...after, nodeName: "m" })).toEqual({
      pod: "web-1",
      to: { addresses: ["10.244.1.2"], conditions: after.conditions, nodeName: "m" },
    });
  });
});
