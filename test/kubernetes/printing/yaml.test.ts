import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { Json } from "../../../src/kubernetes/json.ts";
import { readYaml } from "../../../src/kubernetes/manifest/yaml-documents.ts";
import { printYaml } from "../../../src/kubernetes/printing/yaml.ts";

describe("printYaml", () => {
  test("prints an object as kubectl prints it", () => {
    const deployment = {
      spec: {
        template: { spec: { containers: [{ name: "web", resources: {}, args: ["--x", "a\nb"], ports: [] }] } },
        strategy: { rollingUpdate: { maxSurge: "25%", maxUnavailable: 0 } },
        paused: true,
      },
      metadata: {
        annotations: {
          "deployment.kubernetes.io/revision": "1",
          "kubectl.kubernetes.io/last-applied-configuration": '{"a":"b: c"}\n',
        },
        creationTimestamp: null,
      },
      status: { message: 'ReplicaSet "web-5db6" has timed out progressing.', status: "True" },
    };
    expect(printYaml(deployment)).toBe(`metadata:
  annotations:
    deployment.kubernetes.io/revision: "1"
    kubectl.kubernetes.io/last-applied-configuration: |
      {"a":"b: c"}
  creationTimestamp: null
spec:
  paused: true
  strategy:
    rollingUpdate:
      maxSurge: 25%
      maxUnavailable: 0
  template:
    spec:
      containers:
      - args:
        - --x
        - |-
          a
          b
        name: web
        ports: []
        resources: {}
status:
  message: ReplicaSet "web-5db6" has timed out progressing.
  status: "True"
`);
  });

  test.each([
    ["5db6b86685", "5db6b86685"],
    ["78e1", '"78e1"'],
    ["0x1F", '"0x1F"'],
    ["089", '"089"'],
    ["1_000", '"1_000"'],
    ["-.5", '"-.5"'],
    ["12:30", '"12:30"'],
    ["2026-11-20T12:40:21Z", '"2026-11-20T12:40:21Z"'],
    ["yes", '"yes"'],
    ["No", '"No"'],
    ["y", '"y"'],
    ["null", '"null"'],
    ["~", '"~"'],
    ["", '""'],
    ["yesterday", "yesterday"],
    ["-1/2", "-1/2"],
    ["*", "'*'"],
    ["@home", "'@home'"],
    ["it's: here", "'it''s: here'"],
    ["a #b", "'a #b'"],
    [" lead", "' lead'"],
    ["- item", "'- item'"],
    ["-item", "-item"],
    ["a:b#c", "a:b#c"],
    ["a\tb", '"a\\tb"'],
    ["line \nnext", '"line \\nnext"'],
    ["😀", '"\\U0001F600"'],
    ["übung", "übung"],
  ])("writes the text %j as %s", (text, written) => {
    expect(printYaml({ key: text })).toBe(`key: ${written}\n`);
  });

  test("keeps all newlines at the end of a text", () => {
    expect(printYaml({ a: "x\n\n", b: "\n", c: "  x\ny" })).toBe("a: |+\n  x\n\nb: |2+\n\nc: |2-\n    x\n  y\n");
  });

  test("orders keys with numbers by value and other signs before letters", () => {
    expect(printYaml({ a10: 1, a2: 1, b: 1, "a-b": 1, ab: 1, a_b: 1 })).toBe(
      "a-b: 1\na_b: 1\na2: 1\na10: 1\nab: 1\nb: 1\n",
    );
  });

  const texts = fc.oneof(
    fc.string({ unit: fc.constantFrom(..."ab01 \n:#-.'\"\\{}[]&*!|>%@`~?,\t=<_/é😀\u2028") }),
    fc.string({ unit: "binary" }),
    fc.constantFrom("true", "Off", ".inf", "1e3", "0b1", "<<", "---", "...a", "\r\n"),
  );
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      texts,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(
        texts.filter((key) => key !== "__proto__"),
        tie("value"),
        { maxKeys: 4, noNullPrototype: true },
      ),
    ),
  }));

  test("is read back as what was printed, as kubectl reads manifests and by readers of YAML 1.2 alike", () => {
    fc.assert(
      fc.property(value, (original) => {
        const text = printYaml({ original });
        expect(parse(text, { version: "1.2" })).toEqual({ original });
        expect(readYaml(text).documents.map((document) => document.value)).toEqual([{ original }]);
      }),
      { numRuns: 1000 },
    );
  });
});
