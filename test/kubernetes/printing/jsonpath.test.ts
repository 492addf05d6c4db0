import fc from "fast-check";
import * as E from "fp-ts/lib/Either.js";
import { describe, expect, test } from "vitest";
import type { Json } from "../../../src/kubernetes/json.ts";
import { parseCustomColumns, printCustomColumns } from "../../../src/kubernetes/printing/custom-columns.ts";
import {
  findValues,
  parseJsonPath,
  parseRelaxedJsonPath,
  renderJsonPath,
} from "../../../src/kubernetes/printing/jsonpath.ts";
import { parseSortPath, sortByPath } from "../../../src/kubernetes/printing/sort-by.ts";

const list = {
  kind: "List",
  items: [
    {
      metadata: { name: "web", labels: { app: "web" }, annotations: { "deployment.kubernetes.io/revision": "3" } },
      spec: { replicas: 3, paused: true },
      status: {
        conditions: [
          { type: "Available", status: "True" },
          { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" },
        ],
      },
    },
    { metadata: { name: "db", creationTimestamp: null }, spec: { replicas: 1 }, status: { conditions: [] } },
  ],
};

const rendered = (template: string, data: Json = list): string =>
  E.getOrElse((fault: string) => `fault: ${fault}`)(renderJsonPath(template, data));

describe("renderJsonPath", () => {
  test.each([
    ["{.items[*].metadata.name}", "web db"],
    ["{.items[0].metadata.name}", "web"],
    ["{.items[-1].metadata.name}", "db"],
    ["{.items[-1:].metadata.name}", "db"],
    ["{.items[0:2].spec.replicas}", "3 1"],
    ["{.items[::2].metadata.name}", "web"],
    ["{.items[0,1].metadata.name}", "web db"],
    ["{.items[*]['metadata.name']}", "web db"],
    ["{.items[*]['metadata.name', 'spec.replicas']}", "web db 3 1"],
    ["{.items[0].metadata.annotations.deployment\\.kubernetes\\.io/revision}", "3"],
    ["{.items[0].metadata.annotations['deployment\\.kubernetes\\.io/revision']}", "3"],
    ["{$.kind}", "List"],
    ["{@.kind}", "List"],
    ["{..name}", "web db"],
    ["{.items[0].status.conditions[?(@.type=='Progressing')].status}", "False"],
    ['{.items[0].status.conditions[?(@.type != "Progressing")].type}', "Available"],
    ["{.items[*].status.conditions[?(@.reason)].type}", "Progressing"],
    ["{.items[?(@.spec.replicas>1)].metadata.name}", "web"],
    ["{.items[?(@.spec.replicas<=1)].metadata.name}", "db"],
    ["{.items[?(@.spec.paused==true)].metadata.name}", "web"],
    ["{.items[0].metadata.labels}", '{"app":"web"}'],
    ["{.items[0].metadata.*}", '{"deployment.kubernetes.io/revision":"3"} {"app":"web"} web'],
    ["{.items[1].metadata.creationTimestamp}", "null"],
    ["{.items[*].nope}|{.nope.deeper}", "|"],
    ["{.items[1].status.conditions[*].type}", ""],
    ['{range .items[*]}{.metadata.name}{"\\t"}{.spec.replicas}{"\\n"}{end}', "web\t3\ndb\t1\n"],
    [
      "{range .items[*]}{.metadata.name}: {range .status.conditions[*]}[{.type}]{end};{end}.",
      "web: [Available][Progressing];db: ;.",
    ],
    ["name={.items[0].metadata.name}", "name=web"],
    [".items[0]", ".items[0]"],
    ["{'it\\'s'} {\"\\u00e9\\x41\\101\"}", "it's éAA"],
    ["{.items[*].metadata.name} {1} {true}", "web db 1 true"],
  ])("%s gives %j", (template, text) => {
    expect(rendered(template)).toBe(text);
  });

  test.each([
    ["{.items[0", "error parsing jsonpath {.items[0, unterminated array"],
    ["{.items", "error parsing jsonpath {.items, unclosed action"],
    ["{.items[abc]}", "error parsing jsonpath {.items[abc]}, invalid array index abc"],
    ["{.items[?(@.a==1)}", "error parsing jsonpath {.items[?(@.a==1)}, unclosed array expect ]"],
    ["{....a}", "error parsing jsonpath {....a}, invalid multiple recursive descent"],
    ['{"open}', 'error parsing jsonpath {"open}, unterminated quoted string'],
    ["{#}", "error parsing jsonpath {#}, unrecognized character in action: U+0023 '#'"],
  ])("refuses %s when it is read", (template, message) => {
    expect(renderJsonPath(template, list)).toEqual(E.left(message));
  });

  test.each([
    ["{.items[7]}", "array index out of bounds: index 7, length 2"],
    ["{.items[1:9]}", "array index out of bounds: index 8, length 2"],
    ["{.kind[0]}", "string is not array or slice"],
    ["{end}", "not in range, nothing to end"],
    ["{nonsense}", "unrecognized identifier nonsense"],
    ["{.items[?(@.spec.replicas=='3')]}", "incompatible types for comparison"],
    ["{.items[?(@.spec==1)]}", "invalid type for comparison"],
    ["{.items[?(@.spec.replicas=<3)]}", "unrecognized filter operator =<"],
    ["{.kind[?(@.a)]}", "List is not array or slice and cannot be filtered"],
  ])("refuses %s when it is evaluated, and shows the object", (template, message) => {
    const fault = renderJsonPath(template, { kind: "List", items: list.items.map(({ spec }) => ({ spec })) });
    expect(fault).toEqual(
      E.left(
        `error executing jsonpath ${JSON.stringify(template)}: Error executing template: ${message}. ` +
          `Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n` +
          "\tobject given to jsonpath engine was:\n" +
          '\t\tmap[string]interface {}{"items":[]interface {}{map[string]interface {}{"spec":map[string]interface {}' +
          '{"paused":true, "replicas":3}}, map[string]interface {}{"spec":map[string]interface {}{"replicas":1}}}, ' +
          '"kind":"List"}\n\n',
      ),
    );
  });

  test("prints every path as a list for jsonpath-as-json", () => {
    expect(renderJsonPath("{.items[*].spec}", list, { asJson: true })).toEqual(
      E.right(`[
    {
        "paused": true,
        "replicas": 3
    },
    {
        "replicas": 1
    }
]
`),
    );
  });

  test("finds any value by the path of its keys", () => {
    const keys = fc.string({ unit: fc.constantFrom("a", "b", "-", "/", ".", "_"), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(keys, { minLength: 1, maxLength: 4 }), fc.string({ minLength: 1 }), (path, value) => {
        const data = path.reduceRight<Json>((inner, key) => ({ [key]: inner, other: 1 }), value);
        const template = `{${path.map((key) => `.${key.replaceAll(".", "\\.")}`).join("")}}`;
        expect(rendered(template, data)).toBe(value);
      }),
    );
  });

  test("answers any text with a value or a fault", () => {
    const texts = fc.string({ unit: fc.constantFrom(..."{}[]().:,?@$*'\"\\ =<>!-+01ab\n", "range ", "end") });
    fc.assert(
      fc.property(texts, (text) => {
        const path = parseJsonPath(text);
        if (E.isRight(path)) findValues(path.right, list);
      }),
      { numRuns: 500 },
    );
  });
});

describe("parseRelaxedJsonPath", () => {
  test.each([".metadata.name", "metadata.name", "{.metadata.name}", "{metadata.name}"])("takes %s", (text) => {
    expect(E.map((path: { readonly text: string }) => path.text)(parseRelaxedJsonPath(text))).toEqual(
      E.right("{.metadata.name}"),
    );
  });

  test("refuses a template", () => {
    expect(parseRelaxedJsonPath("{.a}{.b}")).toEqual(
      E.left(
        "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
      ),
    );
  });
});

const objects = ["web-10", "web-9", "db"].map((name, index) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, ...(index === 1 ? {} : { labels: { tier: `${index + 1}Gi`, app: "web" } }) },
  spec: { containers: [{ image: "a" }, { image: "b" }] },
}));

describe("printCustomColumns", () => {
  const print = (spec: string, options = {}) =>
    E.chain((columns: Parameters<typeof printCustomColumns>[0]) => printCustomColumns(columns, objects, options))(
      parseCustomColumns(spec),
    );

  test("prints one line per object, several values with commas, nothing as <none>", () => {
    const spec =
      "NAME:.metadata.name,Images:{.spec.containers[*].image},TIER:metadata.labels.tier,LABELS:.metadata.labels";
    expect(print(spec)).toEqual(
      E.right(
        [
          "NAME     Images   TIER     LABELS",
          "web-10   a,b      1Gi      map[app:web tier:1Gi]",
          "web-9    a,b      <none>   <none>",
          "db       a,b      3Gi      map[app:web tier:3Gi]",
          "",
        ].join("\n"),
      ),
    );
  });

  test("leaves the header out when asked", () => {
    expect(print("N:.metadata.name", { noHeaders: true })).toEqual(E.right("web-10\nweb-9\ndb\n"));
  });

  test("refuses columns without a path", () => {
    expect(print("")).toEqual(E.left("custom-columns format specified but no custom columns given"));
    expect(print("NAME")).toEqual(E.left("unexpected custom-columns spec: NAME, expected <header>:<json-path-expr>"));
  });
});

describe("sortByPath", () => {
  const names = (path: string) =>
    E.chain((parsed: Parameters<typeof sortByPath>[1]) =>
      E.map((sorted: readonly (typeof objects)[number][]) => sorted.map(({ metadata }) => metadata.name))(
        sortByPath(objects, parsed),
      ),
    )(parseSortPath(path));

  test("orders names naturally", () => {
    expect(names(".metadata.name")).toEqual(E.right(["db", "web-9", "web-10"]));
  });

  test("orders quantities by amount, objects without the field first", () => {
    expect(names("{.metadata.labels.tier}")).toEqual(E.right(["web-9", "web-10", "db"]));
  });

  test("refuses a path that no object has, and one whose values have no order", () => {
    expect(names(".spec.nope")).toEqual(
      E.left(`couldn't find any field with path "{.spec.nope}" in the list of objects`),
    );
    expect(names(".spec.containers")).toEqual(E.left("unsortable type: []interface {}"));
  });
});
