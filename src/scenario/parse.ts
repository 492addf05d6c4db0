/** Reads a scenario file: its steps, or everything that is wrong with it, each with its line and column. */
import * as E from "fp-ts/lib/Either.js";
import type { z } from "zod";
import type { Json } from "../kubernetes/json.ts";
import { isJsonArray, isJsonObject } from "../kubernetes/json.ts";
import { type Position, readYaml, type YamlDocument } from "../kubernetes/manifest/yaml-documents.ts";
import { type ScenarioFile, scenarioSchema } from "./schema.ts";

type Path = readonly (string | number)[];

export interface ScenarioFault {
  readonly at: Position;
  /** What is wrong and what to do, without a full stop. */
  readonly message: string;
}

export interface Scenario extends ScenarioFile {
  /** As errors and reports call it. */
  readonly file: string;
  readonly title: string;
  /** Where a part was written: `scenarios/canary.yaml:12:5`. */
  readonly where: (path: Path) => string;
}

type Issue = z.core.$ZodIssue;

const nouns: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
  record: "a mapping",
  null: "nothing",
};

const noun = (value: Json | undefined): string => {
  if (value === null || value === undefined) return "nothing";
  if (isJsonArray(value)) return "a list";
  return isJsonObject(value)
    ? "a mapping"
    : `${typeof value === "string" ? "the text" : "the value"} ${JSON.stringify(value)}`;
};

const valueAt = (root: Json, path: Path): Json | undefined => {
  let value: Json | undefined = root;
  for (const step of path) {
    if (isJsonArray(value) && typeof step === "number") value = value[step];
    else if (isJsonObject(value)) value = value[String(step)];
    else return undefined;
  }
  return value;
};

const pathOf = (issue: Issue, base: Path): Path => [
  ...base,
  ...issue.path.map((step) => (typeof step === "symbol" ? "" : step)),
];

const isWrongType = (issue: Issue): boolean =>
  issue.path.length === 0 && (issue.code === "invalid_type" || issue.code === "invalid_value");

/** Of the forms that a value may have, the one that was meant: the one whose type it has. */
const meantForm = (branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined =>
  branches.find((issues) => !issues.some(isWrongType));

const expectations = (branches: readonly (readonly Issue[])[]): string =>
  branches
    .flatMap((issues) => issues.filter(isWrongType))
    .map((issue) => (issue.code === "invalid_type" ? (nouns[issue.expected] ?? issue.expected) : ""))
    .join(" or ");

interface Fault {
  readonly path: Path;
  readonly message: string;
}

const faultsOf = (root: Json, issue: Issue, base: Path = []): readonly Fault[] => {
  const path = pathOf(issue, base);
  switch (issue.code) {
    case "unrecognized_keys": {
      const messages = issue.message.split("\n");
      return issue.keys.map((key, i) => ({ path: [...path, key], message: messages[i] ?? issue.message }));
    }
    case "invalid_key":
      return issue.issues.flatMap((inner) => faultsOf(root, inner, path));
    case "invalid_union": {
      const meant = meantForm(issue.errors);
      if (meant) return meant.flatMap((inner) => faultsOf(root, inner, path));
      const wanted = issue.message === "Invalid input" ? `expected ${expectations(issue.errors)}` : issue.message;
      return [{ path, message: `${wanted}, found ${noun(valueAt(root, path))}` }];
    }
    case "invalid_type": {
      const value = valueAt(root, path);
      const name = path.at(-1);
      if (value === undefined && name !== undefined) {
        return [{ path: path.slice(0, -1), message: `${JSON.stringify(name)} is missing` }];
      }
      if (!issue.message.startsWith("Invalid input"))
        return [{ path, message: `${issue.message}, not ${noun(value)}` }];
      return [{ path, message: `expected ${nouns[issue.expected] ?? issue.expected}, found ${noun(value)}` }];
    }
    default:
      return [{ path, message: issue.message }];
  }
};

const check = (document: YamlDocument): E.Either<readonly Fault[], ScenarioFile> => {
  const duplicates = document.duplicates.map((path) => ({
    path,
    message: `${JSON.stringify(path.at(-1))} is given twice`,
  }));
  const parsed = scenarioSchema.safeParse(document.value);
  const faults = [...duplicates, ...(parsed.error?.issues ?? []).flatMap((issue) => faultsOf(document.value, issue))];
  return parsed.success && faults.length === 0 ? E.right(parsed.data) : E.left(faults);
};

const isManifest = (value: Json): boolean => isJsonObject(value) && "apiVersion" in value && "kind" in value;

const titleOf = (file: string): string => (file.split("/").at(-1) ?? file).replace(/\.ya?ml$/, "");

const inOrder = (a: ScenarioFault, b: ScenarioFault): number => a.at.line - b.at.line || a.at.column - b.at.column;

/** `file` is what errors and reports call it; its last part is the title of a scenario without a name. */
export const parseScenario = (text: string, file: string): E.Either<readonly ScenarioFault[], Scenario> => {
  const { documents, faults: syntax } = readYaml(text);
  if (syntax.length > 0) return E.left(syntax.map(({ at, hint }) => ({ at, message: `this is no YAML: ${hint}` })));
  const [document, another] = documents;
  if (!document) return E.left([{ at: { line: 1, column: 1 }, message: "the file is empty: a scenario needs steps" }]);
  if (another) return E.left([{ at: another.locate([]), message: "a second document: a file holds one scenario" }]);
  if (isManifest(document.value)) {
    const advice = `this is a Kubernetes manifest and no scenario: say rollout apply -f ${file}`;
    return E.left([{ at: document.locate([]), message: advice }]);
  }
  const checked = check(document);
  if (E.isLeft(checked)) {
    return E.left(checked.left.map(({ path, message }) => ({ at: document.locate(path), message })).sort(inOrder));
  }
  const where = (path: Path): string => {
    const { line, column } = document.locate(path);
    return `${file}:${line}:${column}`;
  };
  return E.right({ ...checked.right, file, title: checked.right.name ?? titleOf(file), where });
};

/** One line for each: `scenarios/web.yaml:7:5  "run" is missing`. */
export const faultLines = (file: string, faults: readonly ScenarioFault[]): readonly string[] =>
  faults.map(({ at, message }) => `${file}:${at.line}:${at.column}  ${message}`);
