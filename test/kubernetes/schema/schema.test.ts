import fc from "fast-check";
import * as E from "fp-ts/lib/Either.js";
import { expect, test } from "vitest";
import { canonicalJson } from "../../../src/kubernetes/canonical-json.ts";
import type { JsonObject } from "../../../src/kubernetes/json.ts";
import { checkFields, pathText } from "../../../src/kubernetes/schema/check.ts";
import { decodeObject, faultText } from "../../../src/kubernetes/schema/decode.ts";
import { kindSchemas } from "../../../src/kubernetes/schema/kinds.ts";
import { comparedForm, storedForm } from "../../../src/kubernetes/schema/stored.ts";
import { deployment } from "../fixtures.ts";

const check = (spec: JsonObject) => checkFields(kindSchemas.Deployment, { spec });
const text = (spec: JsonObject): string | undefined => faultText(check(spec));
const containerWith = (changes: JsonObject): JsonObject => ({
  template: { spec: { containers: [{ name: "web", ...changes }] } },
});

test.each<[JsonObject, string]>([
  [
    { replicas: "three" },
    "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
  ],
  [
    { replicas: 1.5 },
    "json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32",
  ],
  [
    { replicas: 2 ** 31 },
    "json: cannot unmarshal number 2147483648 into Go struct field DeploymentSpec.spec.replicas of type int32",
  ],
  [{ paused: "yes" }, "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.paused of type bool"],
  [
    { template: [] },
    "json: cannot unmarshal array into Go struct field DeploymentSpec.spec.template of type v1.PodTemplateSpec",
  ],
  [
    { strategy: { rollingUpdate: { maxSurge: true } } },
    "json: cannot unmarshal bool into Go struct field RollingUpdateDeployment.spec.strategy.rollingUpdate.maxSurge of type int32",
  ],
  [
    { selector: { matchLabels: { version: 2 } } },
    "json: cannot unmarshal number into Go struct field LabelSelector.spec.selector.matchLabels of type string",
  ],
  [
    { template: { spec: { containers: {} } } },
    "json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container",
  ],
  [
    containerWith({ env: [{ name: "PORT", value: 8080 }] }),
    "json: cannot unmarshal number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string",
  ],
  [
    containerWith({ args: ["a", true] }),
    "json: cannot unmarshal bool into Go struct field Container.spec.template.spec.containers.args of type string",
  ],
  [
    containerWith({ securityContext: "none" }),
    "json: cannot unmarshal string into Go struct field Container.spec.template.spec.containers.securityContext of type v1.SecurityContext",
  ],
  [
    containerWith({ resources: { limits: { cpu: "lots" } } }),
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  ],
])("%j is refused in the words of Go's decoder", (spec, message) => {
  expect(text(spec)).toBe(message);
});

test("of several wrong types the first in alphabetical order is named, but a quantity ends the decoding", () => {
  expect(text({ replicas: "x", paused: 1 })).toMatch(/spec\.paused of type bool$/);
  expect(text({ paused: 1, ...containerWith({ resources: { requests: { cpu: "x" } } }) })).toMatch(
    /^quantities must match/,
  );
});

test("every fault is found, with its path", () => {
  const faults = check({ replica: 1, paused: 1, ...containerWith({ imag: "x", ports: [{ port: 1 }] }) });
  expect(faults.map(({ is, path }) => [is, pathText(path)])).toEqual([
    ["wrongValue", "spec.paused"],
    ["unknownField", "spec.replica"],
    ["unknownField", "spec.template.spec.containers[0].imag"],
    ["unknownField", "spec.template.spec.containers[0].ports[0].port"],
  ]);
});

test("unknown fields are named together, as strict decoding does", () => {
  expect(text({ replica: 1, ...containerWith({ imag: "x" }) })).toBe(
    'strict decoding error: unknown field "spec.replica", unknown field "spec.template.spec.containers[0].imag"',
  );
});

test("what lies in parts that nothing acts on is not looked at", () => {
  expect(
    text({ template: { spec: { affinity: { anything: [1] }, volumes: [{ name: "v", csi: { driver: 1 } }] } } }),
  ).toBeUndefined();
});

test("null leaves a field unset, whatever its type", () => {
  expect(text({ replicas: null, template: null, selector: { matchLabels: null } })).toBeUndefined();
});

test("times and base64 must be what they say", () => {
  const faults = (kind: "Pod" | "Secret", object: JsonObject) => faultText(checkFields(kindSchemas[kind], object));
  expect(faults("Pod", { metadata: { creationTimestamp: "2026-01-01T00:00:00Z" } })).toBeUndefined();
  expect(faults("Pod", { metadata: { creationTimestamp: "today" } })).toBe(
    'parsing time "today" as "2006-01-02T15:04:05Z07:00": cannot parse "today" as "2006"',
  );
  expect(faults("Secret", { data: { a: "eA==", b: "Z3LDvG4=", c: "" } })).toBeUndefined();
  expect(faults("Secret", { data: { a: "hello world" } })).toBe("illegal base64 data at input byte 5");
  expect(faults("Secret", { data: { a: "eA=" } })).toMatch(/^illegal base64 data/);
});

test("a decoded object is itself; one of wrong types or an unknown kind is a bad request", () => {
  expect(decodeObject(deployment, "refuse")).toEqual(E.right(deployment));
  const unknown = { ...deployment, spec: { ...deployment.spec, replica: 1 } };
  expect(decodeObject(unknown, "keep")).toEqual(E.right(unknown));
  expect(decodeObject(unknown, "refuse")).toMatchObject(
    E.left({
      code: 400,
      reason: "BadRequest",
      message:
        'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replica"',
    }),
  );
  expect(E.isLeft(decodeObject({ ...deployment, kind: "Job" }, "keep"))).toBe(true);
});

const stored = (spec: object): object => storedForm(kindSchemas.Deployment, { spec });

test("nulls are unset in structs, and zero values in maps and lists", () => {
  expect(
    stored({
      replicas: null,
      selector: { matchLabels: { app: null } },
      template: { spec: { containers: [{ args: [null] }] } },
    }),
  ).toEqual({ spec: { selector: { matchLabels: { app: "" } }, template: { spec: { containers: [{ args: [""] }] } } } });
});

test("a key named like the prototype is an ordinary one", () => {
  const data = JSON.parse('{"__proto__": null, "a": "1"}');
  const result = storedForm(kindSchemas.ConfigMap, { data });
  expect(JSON.stringify(result)).toBe('{"data":{"__proto__":"","a":"1"}}');
});

const json = fc.jsonValue({ maxDepth: 4 });
const spec = fc.record(
  {
    replicas: fc.option(fc.nat(), { nil: null }),
    paused: fc.boolean(),
    minReadySeconds: fc.nat({ max: 2 }),
    unknownField: json,
    template: fc.record(
      {
        metadata: fc.record({ labels: fc.dictionary(fc.string(), fc.string()) }, { requiredKeys: [] }),
        spec: fc.record(
          {
            hostNetwork: fc.boolean(),
            terminationGracePeriodSeconds: fc.nat({ max: 1 }),
            containers: fc.array(
              fc.record(
                {
                  name: fc.string(),
                  args: fc.array(fc.string(), { maxLength: 2 }),
                  securityContext: json,
                  resources: fc.record({
                    limits: fc.dictionary(fc.string(), fc.constantFrom("1Ki", "1024", 0.5, "500m", "x")),
                  }),
                },
                { requiredKeys: [] },
              ),
              { maxLength: 2 },
            ),
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

test("a stored object is stored as itself", () => {
  fc.assert(
    fc.property(spec, (written) => {
      const once = stored(written);
      expect(storedForm(kindSchemas.Deployment, once)).toBe(once);
    }),
  );
});

test("storing does not change what an object is compared as", () => {
  fc.assert(
    fc.property(spec, (written) => {
      const compared = (object: object) => canonicalJson(comparedForm(kindSchemas.Deployment, object));
      expect(compared(stored(written))).toBe(compared({ spec: written }));
    }),
  );
});

test("no JSON makes the check or the conversion throw", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom("metadata", "spec", "status", "kind", "data"), json), (object) => {
      for (const schema of Object.values(kindSchemas)) {
        expect(() => checkFields(schema, object as JsonObject)).not.toThrow();
        expect(() => storedForm(schema, object)).not.toThrow();
      }
    }),
  );
});
