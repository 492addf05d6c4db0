/** The objects of `-f`: read, checked and put into their namespace before anything is sent. */
import * as E from "fp-ts/lib/Either.js";
import { resourceTypeOf } from "../kubernetes/kinds.ts";
import type { Manifest, ManifestError, Note } from "../kubernetes/manifest/manifest.ts";
import { notesOn } from "../kubernetes/manifest/manifest.ts";
import { parseManifests } from "../kubernetes/manifest/parse.ts";
import type { KubeObject } from "../kubernetes/objects.ts";
import type { Refusal } from "../kubernetes/refusal.ts";
import { refusal } from "../kubernetes/refusal.ts";
import type { CommandContext } from "./command.ts";
import type { Failure } from "./failure.ts";
import { clientFailure, refusedFailure } from "./failure.ts";
import type { ParsedFlags } from "./grammar/flags.ts";
import type { Source } from "./manifest-sources.ts";
import { readSources } from "./manifest-sources.ts";
import type { Invocation } from "./verb.ts";

/** One object of a file, ready to be sent. */
export interface ManifestObject {
  readonly object: KubeObject;
  /** The file's name as typed, or `STDIN`. */
  readonly source: string;
  /** Where it was written. */
  readonly manifest: Manifest;
}

type Validation = "strict" | "warn" | "ignore";

const validations: Readonly<Record<string, Validation>> = {
  strict: "strict",
  true: "strict",
  warn: "warn",
  ignore: "ignore",
  false: "ignore",
};

/** Only verbs that create or change objects from files look at unknown fields. */
const readValidation = (flags: ParsedFlags): E.Either<Failure, Validation> => {
  if (!flags.declares("validate")) return E.right("ignore");
  const text = flags.text("validate");
  const validation = validations[text];
  return validation
    ? E.right(validation)
    : E.left(
        clientFailure(
          `invalid - validate option ${JSON.stringify(text)}; must be one of: strict (or true), warn, ignore (or false)`,
        ),
      );
};

const noteLine = ({ file, line, column, text }: Note): string => `  ${file}:${line}:${column}  ${text}`;

const failureOf = (error: ManifestError, source: string): Failure => {
  const notes = error.notes.map(noteLine);
  if (error.from === "client") return clientFailure(error.message, notes);
  return refusedFailure(
    refusal("BadRequest", `error when creating ${JSON.stringify(source)}: ${error.message}`),
    notes,
  );
};

/** The API server's refusal of an object from a file, with the places of the fields it complains about. */
export const refusedObject = (verb: string, { source, manifest }: ManifestObject, refused: Refusal): Failure =>
  refusedFailure(
    { ...refused, message: `error when ${verb} ${JSON.stringify(source)}: ${refused.message}` },
    notesOn(manifest, refused.causes).map(noteLine),
  );

const parse = (
  ctx: CommandContext,
  { name, text }: Source,
  validation: Validation,
): E.Either<readonly Failure[], readonly Manifest[]> => {
  const failures = (errors: readonly ManifestError[]) => errors.map((error) => failureOf(error, name));
  const checked = parseManifests(text, name, validation === "ignore" ? "keep" : "refuse");
  if (E.isRight(checked) || validation !== "warn") return E.mapLeft(failures)(checked);
  const kept = parseManifests(text, name, "keep");
  if (E.isLeft(kept)) return E.mapLeft(failures)(kept);
  for (const { message, notes } of checked.left) {
    ctx.io.err([`Warning: ${message}`, ...notes.map(noteLine), ""].join("\n"));
  }
  return kept;
};

const inNamespace = (manifest: Manifest, { flags, namespace }: Invocation): E.Either<Failure, ManifestObject> => {
  const { object, kind, file: source } = manifest;
  if (!resourceTypeOf(kind).namespaced) return E.right({ object, source, manifest });
  const own = object.metadata.namespace ?? "";
  if (own !== "" && own !== namespace && flags.given("namespace")) {
    return E.left(
      clientFailure(
        `the namespace from the provided object ${JSON.stringify(own)} does not match the namespace ${JSON.stringify(namespace)}. You must pass '--namespace=${own}' to perform this operation.`,
      ),
    );
  }
  const placed = { ...object, metadata: { ...object.metadata, namespace: own || namespace } };
  return E.right({ object: placed, source, manifest });
};

/** All objects of all files, or everything that is wrong with them. Undefined when no file was named. */
export const readManifests = (
  ctx: CommandContext,
  invocation: Invocation,
): E.Either<readonly Failure[], readonly ManifestObject[] | undefined> => {
  const { flags } = invocation;
  if (!flags.declares("filename") || !flags.given("filename")) return E.right(undefined);
  const validation = readValidation(flags);
  if (E.isLeft(validation)) return E.left([validation.left]);
  const sources = readSources(ctx.io, flags.list("filename"), flags.on("recursive"));
  if (E.isLeft(sources)) return E.left([sources.left]);
  const failures: Failure[] = [];
  const objects: ManifestObject[] = [];
  for (const source of sources.right) {
    const manifests = parse(ctx, source, validation.right);
    if (E.isLeft(manifests)) failures.push(...manifests.left);
    for (const manifest of E.isRight(manifests) ? manifests.right : []) {
      const object = inNamespace(manifest, invocation);
      if (E.isLeft(object)) failures.push(object.left);
      else objects.push(object.right);
    }
  }
  return failures.length > 0 ? E.left(failures) : E.right(objects);
};
