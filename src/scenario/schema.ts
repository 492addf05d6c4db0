/**
 * The form of a scenario file. Every part that is written as text (command lines, durations, paths) is read here too, so that
 * a scenario which starts has no word that cannot be understood.
 */
import * as E from "fp-ts/lib/Either.js";
import { z } from "zod";
import { parseWords } from "../commands/grammar/flags.ts";
import { duration } from "../commands/grammar/values.ts";
import { behave, parseRule } from "../commands/simulation/behave.ts";
import type { DeploymentName, Statement } from "../invariants/check.ts";
import { closest } from "../kubernetes/edit-distance.ts";
import { type ResourceType, resourceTypeNamed, storedKindOf } from "../kubernetes/kinds.ts";
import { dns1123Subdomain } from "../kubernetes/names.ts";
import { type JsonPath, parseRelaxedJsonPath } from "../kubernetes/printing/jsonpath.ts";
import { parseQuantity } from "../kubernetes/quantity.ts";
import { parseRfc3339 } from "../kubernetes/time.ts";
import { offsetText } from "./offset.ts";
import { parseScript, type Script } from "./shell/parse.ts";

/** Reads a text into something else; a Left is told at the text's place in the file. */
const reading =
  <A, B>(reader: (value: A) => E.Either<string, B>) =>
  (value: A, context: z.core.$RefinementCtx<A>): B => {
    // What is known to be wrong already is not worth a second complaint.
    if (context.issues.length > 0) return z.NEVER;
    const result = reader(value);
    if (E.isRight(result)) return result.right;
    context.issues.push({ code: "custom", message: result.left, input: value });
    return z.NEVER;
  };

/** The same for a mapping whose keys have to be read; a Left is told at its key. */
const readingEntries =
  <V, B>(reader: (key: string, value: V) => E.Either<string, B>) =>
  (map: Readonly<Record<string, V>>, context: z.core.$RefinementCtx<Readonly<Record<string, V>>>): readonly B[] => {
    const results: B[] = [];
    for (const [key, value] of Object.entries(map)) {
      const result = reader(key, value);
      if (E.isRight(result)) results.push(result.right);
      else context.issues.push({ code: "custom", message: result.left, input: value, path: [key] });
    }
    return results;
  };

const unknownKey = (key: string, known: readonly string[]): string => {
  const meant = closest(key, known);
  return meant === undefined
    ? `unknown key ${JSON.stringify(key)}; there are: ${known.join(", ")}`
    : `unknown key ${JSON.stringify(key)}; did you mean ${JSON.stringify(meant)}?`;
};

/** A mapping with these keys and no others. Its message for unknown keys has one line for each of them. */
const form = <S extends z.core.$ZodLooseShape>(shape: S) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => unknownKey(key, Object.keys(shape))).join("\n")
        : undefined,
  });

/** YAML reads `8` as a number and `true` as a truth where people mean the word they typed. */
const word = z.union([z.string(), z.number(), z.boolean()], { error: "expected a text" }).transform(String);

const readDuration = (text: string): E.Either<string, number> => {
  const parsed = duration(text);
  if (E.isLeft(parsed)) return E.left(`${parsed.left}; say 90s, 1m30s or 2h`);
  return parsed.right < 0 ? E.left(`time does not go back: ${text}`) : E.right(Math.round(parsed.right));
};

const durationMs = word.transform(reading(readDuration));

const readScript = (text: string): E.Either<string, Script> => {
  const parsed = parseScript(text);
  if (E.isRight(parsed)) return parsed.right.length > 0 ? parsed : E.left("there is no command in it");
  const { message, line } = parsed.left;
  return E.left(text.trimEnd().includes("\n") ? `line ${line} of it: ${message}` : message);
};

const script = z.string().transform(reading(readScript));

const quantity = word.transform(
  reading((text: string) =>
    E.isLeft(parseQuantity(text)) ? E.left(`${JSON.stringify(text)} is no amount: say 500m, 2 or 4Gi`) : E.right(text),
  ),
);

const nodeName = z
  .string()
  .refine((name) => dns1123Subdomain(name).length === 0, { error: "a node's name has small letters, digits, - and ." });

const node = form({ name: nodeName, capacity: z.record(z.string(), quantity).optional() });

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 0;

const nodes = z.union([
  z.number().refine(isCount, { error: "the number of nodes is a whole number, 0 or more" }),
  z
    .array(node.transform(({ name, capacity }) => (capacity === undefined ? { name } : { name, capacity })))
    .superRefine((list, context) => {
      for (const [i, { name }] of list.entries()) {
        if (list.findIndex((other) => other.name === name) === i) continue;
        context.addIssue({
          code: "custom",
          message: `there are two nodes ${JSON.stringify(name)}`,
          path: [i, "name"],
          input: name,
        });
      }
    }),
]);

const behaviourFlags = behave.flags.filter(({ name }) => name !== "selector").map(({ name }) => name);

/** The words of `rollout behave`, as keys. */
const behaviour = form({
  image: word.optional(),
  labels: word.optional(),
  ...Object.fromEntries(behaviourFlags.map((name) => [name, word.optional()])),
}).transform(
  reading(({ image, labels, ...flags }: Readonly<Record<string, string | undefined>>) =>
    parseRule([
      ...(image === undefined ? [] : [`image=${image}`]),
      ...(labels === undefined ? [] : [`--selector=${labels}`]),
      ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
    ]),
  ),
);

/** An object as one would type it behind `get`. */
interface NamedObject {
  readonly type: ResourceType;
  readonly name: string;
  readonly namespace: string;
  readonly typed: string;
}

/** `TYPE/NAME [-n NAMESPACE]`. */
const readObject = (typed: string): E.Either<string, NamedObject> => {
  const parsed = parseWords([{ name: "namespace", short: "n", type: "string", help: "" }], typed.trim().split(/\s+/));
  const advice = "say TYPE/NAME, or TYPE/NAME -n NAMESPACE";
  if (E.isLeft(parsed)) return E.left(`${parsed.left}; ${advice}`);
  const { args, flags } = parsed.right;
  const [typeName, name, ...more] = args.length === 1 ? (args[0] ?? "").split("/") : [];
  if (!typeName || !name || more.length > 0) return E.left(`${JSON.stringify(typed)} names no object: ${advice}`);
  const type = resourceTypeNamed(typeName);
  if (!type || !storedKindOf(type)) return E.left(`there are no objects of the type ${JSON.stringify(typeName)}`);
  const namespace = type.namespaced ? flags.text("namespace") || "default" : "";
  return E.right({ type, name, namespace, typed });
};

interface ExpectedField {
  readonly typed: string;
  readonly path: JsonPath;
  /** With `*` for parts of words; empty when the field is to have no value. */
  readonly value: string;
  /** YAML reads `True`, the status of a condition, as a truth. */
  readonly ignoresCase: boolean;
}

const expectedFields = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).transform(
  readingEntries((typed, value: string | number | boolean | null): E.Either<string, ExpectedField> => {
    const path = parseRelaxedJsonPath(typed);
    if (E.isLeft(path)) return E.left(`${JSON.stringify(typed)} is no path of a field: ${path.left}`);
    return E.right({
      typed,
      path: path.right,
      value: value === null ? "" : String(value),
      ignoresCase: typeof value === "boolean",
    });
  }),
);

/** What an object is to be like: `absent`, or its fields. */
export interface ExpectedState {
  readonly object: NamedObject;
  readonly fields: "absent" | readonly ExpectedField[];
}

const state = z
  .record(z.string(), z.union([z.literal("absent"), expectedFields], { error: "expected fields, or the word absent" }))
  .transform(
    readingEntries(
      (key, fields: ExpectedState["fields"]): E.Either<string, ExpectedState> =>
        E.map((object: NamedObject) => ({ object, fields }))(readObject(key)),
    ),
  );

const isExitCode = "an exit code is a whole number from 0 to 255";
const exitCode = z.int({ error: isExitCode }).min(0, { error: isExitCode }).max(255, { error: isExitCode });

const step = form({
  say: z.string().optional(),
  at: durationMs.optional(),
  after: durationMs.optional(),
  as: z.string().min(1, { error: "a user needs a name" }).optional(),
  run: script.optional(),
  fault: z
    .string()
    .transform((text) => `rollout fault ${text}`)
    .pipe(script)
    .optional(),
  expect: word.optional(),
  stderr: word.optional(),
  exit: exitCode.optional(),
  "expect-state": state.optional(),
}).superRefine((value, context) => {
  const refuse = (key: string, message: string): void => {
    context.addIssue({ code: "custom", message, path: [key], input: value });
  };
  // Keys that are not known may be what is missing.
  if (context.issues.length > 0) return;
  const runs = value.run !== undefined || value.fault !== undefined;
  if (value.at !== undefined && value.after !== undefined)
    refuse("after", "a step has a time of its own (at) or follows the one before (after), not both");
  if (value.run !== undefined && value.fault !== undefined)
    refuse("fault", "a step runs commands or injects a fault, not both");
  for (const key of ["expect", "stderr", "exit", "as"] as const) {
    if (value[key] !== undefined && !runs)
      refuse(key, `${JSON.stringify(key)} is about a command, and the step runs none`);
  }
  if (!runs && value.say === undefined && value["expect-state"] === undefined) {
    context.addIssue({
      code: "custom",
      message: "the step does nothing: give it run, fault, expect-state or say",
      input: value,
    });
  }
});

const limit = <W extends string>(name: W) =>
  z.union([z.literal(name), z.number().refine(isCount)], { error: `expected a number of pods, or the word ${name}` });

const promises = form({
  "min-available": limit("floor").optional(),
  "max-replicas": limit("ceiling").optional(),
  "max-pods": limit("ceiling").optional(),
  "finishes-within": durationMs.optional(),
}).transform((value): readonly Statement[] => {
  const statements: Statement[] = [];
  const { "min-available": floor, "max-replicas": ceiling, "max-pods": pods, "finishes-within": limitMs } = value;
  if (floor !== undefined) statements.push({ type: "minAvailable", limit: floor });
  if (ceiling !== undefined) statements.push({ type: "maxReplicas", limit: ceiling });
  if (pods !== undefined) statements.push({ type: "maxPods", limit: pods });
  if (limitMs !== undefined) statements.push({ type: "finishesWithin", limitMs });
  return statements;
});

/** What is to hold for a Deployment through the whole run. */
export interface Invariant {
  readonly key: string;
  readonly deployment: DeploymentName;
  readonly statements: readonly Statement[];
}

const invariants = z.record(z.string(), promises).transform(
  readingEntries((key, statements: readonly Statement[]): E.Either<string, Invariant> => {
    const object = readObject(key);
    if (E.isLeft(object)) return object;
    const { type, name, namespace } = object.right;
    if (type.kind !== "Deployment") return E.left(`invariants are about Deployments: say deploy/NAME, not ${key}`);
    return E.right({ key, deployment: { namespace, name }, statements });
  }),
);

const startMs = z.string().transform(
  reading((text: string) => {
    const ms = parseRfc3339(text);
    return ms === undefined ? E.left(`${JSON.stringify(text)} is no time: say 2026-01-01T00:00:00Z`) : E.right(ms);
  }),
);

export const scenarioSchema = form({
  name: z.string().min(1, { error: "the name is empty" }).optional(),
  seed: z.int({ error: "a seed is a whole number" }).optional(),
  start: startMs.optional(),
  nodes: nodes.optional(),
  behaviours: z.array(behaviour).optional(),
  files: z.record(z.string(), z.string()).optional(),
  steps: z.array(step).min(1, { error: "there are no steps" }),
  invariants: invariants.optional(),
}).superRefine(({ steps }, context) => {
  let latestMs = 0;
  for (const [i, { at }] of steps.entries()) {
    if (at === undefined) continue;
    if (at < latestMs) {
      context.addIssue({
        code: "custom",
        message: `a step before this one is at ${offsetText(latestMs)}`,
        path: ["steps", i, "at"],
        input: at,
      });
    }
    latestMs = at;
  }
});

export type ScenarioFile = z.output<typeof scenarioSchema>;
export type StepFile = ScenarioFile["steps"][number];
