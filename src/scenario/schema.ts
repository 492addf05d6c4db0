/**
 * The form of a scenario file. Every part that is written as text (command lines, durations, paths) is read here too, so that
 * a scenario which starts has no word that cannot be understood.
 */
import * as E from "fp-ts/lib/Either.js";
import { z } from "zod";
import { behave } from "../commands/simulation/behave.ts";
import { parseWords } from "../commands/grammar/flags.ts";
import { duration } from "../commands/grammar/values.ts";
import type { DeploymentName, Statement } from "../invariants/check.ts";
import { resourceTypeNamed } from "../kubernetes/kinds.ts";
import { type JsonPath, parseRelaxedJsonPath } from "../kubernetes/printing/jsonpath.ts";
import { parseQuantity } from "../kubernetes/quantity.ts";
import { parseRfc3339 } from "../kubernetes/time.ts";
import { parseScript } from "./shell/parse.ts";

/** Reads a text into something else; a Left is told at the text's place in the file. */
const read =
  <A, B>(reader: (value: A) => E.Either<string, B>) =>
  (value: A, context: z.core.$RefinementCtx<A>): B => {
    const result = reader(value);
    if (E.isRight(result)) return result.right;
    context.issues.push({ code: "custom", message: result.left, input: value });
    return z.NEVER;
  };

/** YAML reads `8` as a number and `true` as a truth where people mean the word they typed. */
const scalar = z.union([z.string(), z.number(), z.boolean()]);

const readDuration = (value: string | number | boolean): E.Either<string, number> => {
  const parsed = duration(String(value));
  if (E.isLeft(parsed)) return E.left(`${parsed.left}; say it as 90s, 1m30s or 2h`);
  return parsed.right < 0 ? E.left(`a time cannot be negative: ${value}`) : E.right(Math.round(parsed.right));
};

const durationMs = scalar.transform(read(readDuration));

const script = z
  .string()
  .transform(read((text: string) => E.mapLeft((fault: { readonly message: string }) => fault.message)(parseScript(text))))
  .refine((commands) => commands.length > 0, { error: "there is no command in it" });

/** `TYPE/NAME [-n NAMESPACE]`, as one would type it behind `get`. */
const readObject = (text: string): E.Either<string, { readonly type: string; readonly name: string; readonly namespace: string }> => {
  const parsed = parseWords([{ name: "namespace", short: "n", type: "string", help: "" }], text.trim().split(/\s+/));
  if (E.isLeft(parsed)) return E.left(`${parsed.left}; say deploy/web, or deploy/web -n NAMESPACE`);
  const { args, flags } = parsed.right;
  const [type, name, ...rest] = (args.length === 1 ? (args[0] ?? "") : "").split("/");
  if (!type || !name || rest.length > 0) return E.left(`${JSON.stringify(text)} is no object: say deploy/web, or deploy/web -n NAMESPACE`);
  if (!resourceTypeNamed(type)) return E.left(`the server doesn't have a resource type ${JSON.stringify(type)}`);
  return E.right({ type, name, namespace: flags.text("namespace") || "default" });
};

const quantity = scalar.transform(
  read((value: string | number | boolean) => {
    const text = String(value);
    return parseQuantity(text) === undefined ? E.left(`${JSON.stringify(text)} is no quantity: say 500m, 2 or 4Gi`) : E.right(text);
  }),
);

const nodeSchema = z.strictObject({
  name: z.string().min(1),
  cpu: quantity.optional(),
  memory: quantity.optional(),
  pods: quantity.optional(),
});

const count = (value: number): boolean => Number.isInteger(value) && value >= 0;

const nodesSchema = z.union([
  z.number().refine(count, { error: "the number of nodes is a whole number, 0 or more" }),
  z.array(nodeSchema),
]);
