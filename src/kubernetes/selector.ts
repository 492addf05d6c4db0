/** Label selectors: what they match, and how tables print them. */
import type { LabelSelector, StringMap } from "./objects.ts";
import { compareText } from "./sorted.ts";

/** One condition on labels, as a selector's text or a LabelSelector states it. */
export type Requirement =
  | { readonly operator: "=" | "==" | "!=" | "gt" | "lt"; readonly key: string; readonly value: string }
  | { readonly operator: "in" | "notin"; readonly key: string; readonly values: readonly string[] }
  | { readonly operator: "exists" | "!"; readonly key: string };

type LabelPredicate = (labels: StringMap | undefined) => boolean;

const byKey = (a: Requirement, b: Requirement): number => compareText(a.key, b.key);

/** The conditions of a LabelSelector, sorted by key: matchLabels and matchExpressions together. */
const requirementsOf = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector): readonly Requirement[] => {
  const requirements: Requirement[] = Object.entries(matchLabels).map(([key, value]) => ({
    operator: "=",
    key,
    value,
  }));
  for (const { key, operator, values = [] } of matchExpressions) {
    switch (operator) {
      case "In":
        requirements.push({ operator: "in", key, values });
        break;
      case "NotIn":
        requirements.push({ operator: "notin", key, values });
        break;
      case "Exists":
        requirements.push({ operator: "exists", key });
        break;
      case "DoesNotExist":
        requirements.push({ operator: "!", key });
        break;
    }
  }
  return requirements.sort(byKey);
};

const integer = (text: string): bigint | undefined =>
  /^[-+]?[0-9]+$/.test(text) ? BigInt(text.replace("+", "")) : undefined;

const compares = (value: string, bound: bigint | undefined, order: (a: bigint, b: bigint) => boolean): boolean => {
  const number = integer(value);
  return number !== undefined && bound !== undefined && order(number, bound);
};

const compileRequirement = (requirement: Requirement): ((labels: StringMap) => boolean) => {
  const { key } = requirement;
  switch (requirement.operator) {
    case "=":
    case "==":
      return (labels) => labels[key] === requirement.value;
    case "!=":
      return (labels) => labels[key] !== requirement.value;
    case "in": {
      const values = new Set(requirement.values);
      return (labels) => Object.hasOwn(labels, key) && values.has(labels[key] ?? "");
    }
    case "notin": {
      const values = new Set(requirement.values);
      return (labels) => !Object.hasOwn(labels, key) || !values.has(labels[key] ?? "");
    }
    case "exists":
      return (labels) => Object.hasOwn(labels, key);
    case "!":
      return (labels) => !Object.hasOwn(labels, key);
    case "gt":
    case "lt": {
      const bound = integer(requirement.value);
      const order = requirement.operator === "gt" ? (a: bigint, b: bigint) => a > b : (a: bigint, b: bigint) => a < b;
      return (labels) => Object.hasOwn(labels, key) && compares(labels[key] ?? "", bound, order);
    }
  }
};

const noLabels: StringMap = {};

/** All conditions as one test; no condition matches everything. */
export const compileRequirements = (requirements: readonly Requirement[]): LabelPredicate => {
  const tests = requirements.map(compileRequirement);
  return (labels = noLabels) => {
    for (const test of tests) if (!test(labels)) return false;
    return true;
  };
};

/** A selector as a test, for use on many objects. As in Kubernetes an absent selector matches nothing, an empty one everything. */
export const compileSelector = (selector: LabelSelector | undefined): LabelPredicate =>
  selector ? compileRequirements(requirementsOf(selector)) : () => false;

/** Whether a selector matches once; `compileSelector` serves for many objects. */
export const matches = (selector: LabelSelector | undefined, labels: StringMap | undefined): boolean =>
  compileSelector(selector)(labels);

const formatRequirement = (requirement: Requirement): string => {
  const { key, operator } = requirement;
  switch (operator) {
    case "=":
    case "==":
    case "!=":
      return `${key}${operator}${requirement.value}`;
    case "gt":
      return `${key}>${requirement.value}`;
    case "lt":
      return `${key}<${requirement.value}`;
    case "in":
    case "notin":
      return `${key} ${operator} (${[...requirement.values].sort(compareText).join(",")})`;
    case "exists":
      return key;
    case "!":
      return `!${key}`;
  }
};

/** The text that `-l` reads, and that the API server answers with: conditions in the order of their keys. */
export const formatRequirements = (requirements: readonly Requirement[]): string =>
  [...requirements].sort(byKey).map(formatRequirement).join(",");

/** A LabelSelector in a table or a description: `app=web,tier in (a,b)`, or `<none>`. */
export const formatSelector = (selector: LabelSelector | undefined): string =>
  (selector && formatRequirements(requirementsOf(selector))) || "<none>";

/** Labels, or a Service's selector, in a table: `app=web,pod-template-hash=5d4f`, or `<none>`. */
export const formatLabels = (labels: StringMap | undefined): string =>
  labels ? formatSelector({ matchLabels: labels }) : "<none>";
