/** What `wait --for` waits for. */
import * as E from "fp-ts/lib/Either.js";
import { asJson } from "../kubernetes/json.ts";
import type { KubeObject } from "../kubernetes/objects.ts";
import { at, listAt, numberAt, textAt } from "../kubernetes/printing/fields.ts";
import { goValue } from "../kubernetes/printing/go-format.ts";
import type { JsonPath } from "../kubernetes/printing/jsonpath.ts";
import { findValues, parseRelaxedJsonPath } from "../kubernetes/printing/jsonpath.ts";

/** A question about an object. */
export interface Check {
  /** Left: the question cannot be answered, and never will be. */
  readonly holds: (object: KubeObject) => E.Either<string, boolean>;
  /** What is there instead of what was wished for. */
  readonly found: (object: KubeObject) => string;
}

export type WaitCondition =
  | { readonly type: "delete" }
  | { readonly type: "create" }
  | { readonly type: "check"; readonly check: Check };

const sameText = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** A condition counts only once the controller has seen the object's latest generation. */
const conditionCheck = (name: string, value: string): Check => ({
  holds: (object) => {
    const condition = listAt(object, "status", "conditions").find((each) => sameText(textAt(each, "type"), name));
    if (condition === undefined) return E.right(false);
    const observed = at(condition, "observedGeneration") ?? at(object, "status", "observedGeneration");
    if (typeof observed === "number" && observed < numberAt(object, "metadata", "generation")) return E.right(false);
    return E.right(sameText(textAt(condition, "status"), value));
  },
  found: (object) => {
    const condition = listAt(object, "status", "conditions").find((each) => sameText(textAt(each, "type"), name));
    if (condition === undefined) return `there is no condition ${name}`;
    const reason = textAt(condition, "reason");
    return `${name} is ${textAt(condition, "status")}${reason === "" ? "" : ` (${reason})`}`;
  },
});

const pathCheck = (path: JsonPath, value: string | undefined): Check => ({
  holds: (object) => {
    const results = findValues(path, asJson(object));
    if (E.isLeft(results)) return results;
    const [first = [], ...others] = results.right;
    const [only, ...more] = first;
    if (only === undefined) return E.right(false);
    if (others.length > 0) return E.left("given jsonpath expression matches more than one list");
    if (more.length > 0) return E.left("given jsonpath expression matches more than one value");
    if (value === undefined) return E.right(true);
    if (typeof only === "object" && only !== null) {
      return E.left("jsonpath leads to a nested object or list which is not supported");
    }
    return E.right(goValue(only).trim() === value.trim());
  },
  found: (object) => {
    const results = findValues(path, asJson(object));
    const values = E.isLeft(results) ? [] : results.right.flat();
    return values.length === 0 ? `${path.text} is not there` : `${path.text} is ${values.map(goValue).join(" ")}`;
  },
});

const parsePathCondition = (text: string): E.Either<string, WaitCondition> => {
  const [expression = "", value, ...more] = text.split("=");
  if (more.length > 0) {
    return E.left(
      "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'",
    );
  }
  if (expression === "") return E.left("jsonpath expression cannot be empty");
  const path = parseRelaxedJsonPath(expression);
  if (E.isLeft(path)) return path;
  if (value === "") {
    return E.left(
      "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
    );
  }
  return E.right({ type: "check", check: pathCheck(path.right, value?.replace(/^['"]+|['"]+$/g, "")) });
};

/** Reads `condition=Available=false`, `jsonpath={.status.phase}=Running`, `create` or `delete`. */
export const parseCondition = (text: string): E.Either<string, WaitCondition> => {
  const lower = text.toLowerCase();
  if (lower === "delete" || lower === "create") return E.right({ type: lower });
  if (text.startsWith("condition=")) {
    const [, name = "", value = "true"] = /^([^=]*)(?:=(.*))?$/s.exec(text.slice("condition=".length)) ?? [];
    return E.right({ type: "check", check: conditionCheck(name, value) });
  }
  if (text.startsWith("jsonpath=")) return parsePathCondition(text.slice("jsonpath=".length));
  return E.left(`unrecognized condition: ${JSON.stringify(text)}`);
};
