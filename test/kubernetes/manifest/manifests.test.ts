import fc from "fast-check";
import * as E from "fp-ts/lib/Either.js";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { withDefaults } from "../../../src/kubernetes/defaults/index.ts";
import { resourceTypeOf } from "../../../src/kubernetes/kinds.ts";
import type { Manifest, ManifestError, Note } from "../../../src/kubernetes/manifest/manifest.ts";
import { notesOn, parseFieldPath } from "../../../src/kubernetes/manifest/manifest.ts";
import { parseManifests } from "../../../src/kubernetes/manifest/parse.ts";
import { invalid, validate } from "../../../src/kubernetes/validation/index.ts";
import { brokenManifests } from "../broken-manifests.ts";
import { deployment, service } from "../fixtures.ts";

const file = "web.yaml";

const read = (text: string): readonly Manifest[] => {
  const result = parseManifests(text, file);
  if (E.isLeft(result)) throw new Error(result.left.map(({ message }) => message).join("\n"));
  return result.right;
};

const refused = (text: string): readonly ManifestError[] => {
  const result = parseManifests(text, file);
  return E.isLeft(result) ? result.left : [];
};

const shown = ({ file: name, line, column, text }: Note): string => `${name}:${line}:${column}  ${text}`;

/** What a person gets to read when the server has its say too. */
const messagesFor = (text: string): readonly string[] => {
  const errors = refused(text);
  if (errors.length > 0) return errors.map(({ message }) => message);
  return read(text).flatMap(({ object, kind }) => {
    const causes = validate(withDefaults(object));
    return causes.length > 0 ? [invalid(kind, resourceTypeOf(kind).group, object.metadata.name, causes).message] : [];
  });
};

describe("a broken manifest", () => {
  test.each(brokenManifests)("with $name is refused precisely", ({ yaml, expectMessage, expectNote }) => {
    expect(messagesFor(yaml).join("\n")).toContain(expectMessage);
    const notes = refused(yaml).flatMap((error) => error.notes.map(shown));
    if (expectNote) expect(notes).toContainEqual(expect.stringContaining(`${file}${expectNote}`));
  });

  test("comes in more than thirty ways, each with a name of its own", () => {
    expect(new Set(brokenManifests.map(({ name }) => name)).size).toBeGreaterThanOrEqual(30);
  });
});

test("documents and Lists give their objects in order; empty documents give none", () => {
  const text = `---
# nothing
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
- {apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
...
`;
  expect(read(text).map(({ object }) => object.metadata.name)).toEqual(["a", "b", "c"]);
  expect(read("")).toEqual([]);
});

test("JSON is read as well, with tabs", () => {
  expect(read(JSON.stringify(deployment, null, "\t")).map(({ object }) => object)).toEqual([deployment]);
});

test("text that breaks off is one error, at the place where reading stopped", () => {
  expect(refused('{"kind": "ConfigMap", "metadata": {"name": "cm"').map(({ message }) => message)).toEqual([
    `error parsing ${file}: error converting YAML to JSON: yaml: line 1: did not find expected key`,
  ]);
});

test("YAML is read as kubectl reads it: old booleans, octal numbers, but dates and times of day are text", () => {
  const text = `apiVersion: v1
kind: ConfigMap
metadata: {name: c}
immutable: yes
data: {date: 2026-01-01, time: 10:20, dot: ., commit: 1e, empty: ~}
`;
  expect(read(text)[0]?.object).toMatchObject({
    immutable: true,
    data: { date: "2026-01-01", time: "10:20", dot: ".", commit: "1e", empty: null },
  });
});

test("anchors, aliases and merge keys are resolved; what a mapping says itself wins", () => {
  const text = `apiVersion: v1
kind: ConfigMap
metadata:
  name: c
  labels: &labels {a: "1", b: "2"}
  annotations:
    <<: *labels
    b: "3"
data: {<<: [{b: first, c: first}, *labels]}
`;
  expect(read(text)[0]?.object).toMatchObject({
    metadata: { annotations: { a: "1", b: "3" } },
    data: { a: "1", b: "first", c: "first" },
  });
});

test("all errors of all documents are told at once", () => {
  const errors = refused(
    "kind: Pod\n---\napiVersion: v1\nkind: Pod\nspec: {container: []}\n---\napiVersion: v1\nkind: Pud\n",
  );
  expect(errors.map(({ from }) => from)).toEqual(["client", "server", "client"]);
});

test("with unknown fields kept, only wrong types are refused", () => {
  const text = `${stringify(deployment)}unknown: {a: [null]}\n`;
  const kept = parseManifests(text, file, "keep");
  expect(E.isRight(kept) && kept.right[0]?.object).toMatchObject({ unknown: { a: [null] } });
  expect(E.isLeft(parseManifests(`${text}status: 1\n`, file, "keep"))).toBe(true);
});

test("every field is found where it was written, and a missing one where its parent was", () => {
  const [manifest] = read(`# a comment
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
  - name: http
    port: 80
`);
  const place = (field: string): string => {
    const { line, column } = manifest?.locate(parseFieldPath(field)) ?? { line: 0, column: 0 };
    return `${line}:${column}`;
  };
  expect(place("metadata.name")).toBe("5:3");
  expect(place("spec.ports[0]")).toBe("8:5");
  expect(place("spec.ports[0].port")).toBe("9:5");
  expect(place("spec.ports[0].targetPort")).toBe("8:5");
  expect(place("spec.selector.app")).toBe("6:1");
  expect(place("")).toBe("2:1");
});

test("fields that come through a merge are found where they were first written", () => {
  const [manifest] = read(`apiVersion: v1
kind: ConfigMap
metadata:
  name: c
  labels: &labels
    a: "1"
data: {<<: *labels}
`);
  expect(manifest?.locate(["data", "a"])).toEqual({ line: 6, column: 5 });
});

test("the server's causes are shown where their fields were written", () => {
  const [manifest] = read(stringify({ ...service, spec: { ports: [{ port: 80, targetPort: 0 }] } }));
  if (!manifest) throw new Error("no manifest");
  const notes = notesOn(manifest, validate(withDefaults({ ...manifest.object, metadata: { name: "1bad" } })));
  expect(notes.map(shown)).toEqual(["web.yaml:4:3  metadata.name"]);
});

test.each([
  ["spec.template.spec.containers[0].image", ["spec", "template", "spec", "containers", 0, "image"]],
  ["resources.limits[nvidia.com/gpu]", ["resources", "limits", "nvidia.com/gpu"]],
  ["", []],
])("the field %j is the path %j", (field, path) => {
  expect(parseFieldPath(field)).toEqual(path);
});

test("whatever YAML is printed from objects reads as these objects", () => {
  const label = fc.stringMatching(/^[a-z]([-a-z0-9]{0,5}[a-z0-9])?$/);
  const configMap = fc.record({
    apiVersion: fc.constant("v1"),
    kind: fc.constant("ConfigMap"),
    metadata: fc.record({ name: label }),
    data: fc.dictionary(fc.string({ unit: "binary-ascii" }), fc.string()),
  });
  fc.assert(
    fc.property(fc.array(configMap, { maxLength: 3 }), (objects) => {
      const text = objects.map((object) => stringify(object, { version: "1.1" })).join("---\n");
      const printed = JSON.parse(JSON.stringify(objects));
      expect(JSON.parse(JSON.stringify(read(text).map(({ object }) => object)))).toEqual(printed);
    }),
  );
});

test("no text makes the reader throw", () => {
  const scrap = fc.constantFrom(
    "a",
    ": ",
    "- ",
    "\n",
    "  ",
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a",
    "<<",
    "'",
    '"',
    "|",
    "? ",
    "---\n",
    "#",
    "!",
    "1",
    ",",
  );
  fc.assert(
    fc.property(fc.array(scrap, { maxLength: 20 }), (scraps) => {
      expect(() => parseManifests(scraps.join(""), file)).not.toThrow();
    }),
    { numRuns: 500 },
  );
});
