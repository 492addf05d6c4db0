/** A manifest against the fields of its kind, with the place of every fault and a guess at what was meant. */
import * as E from "fp-ts/lib/Either.js";
import { closest } from "../edit-distance.ts";
import type { JsonObject } from "../json.ts";
import type { Path, SchemaFault } from "../schema/check.ts";
import { checkFields, pathText } from "../schema/check.ts";
import type { UnknownFields } from "../schema/decode.ts";
import { decodingMessage, faultText } from "../schema/decode.ts";
import type { ManifestKind } from "../schema/kinds.ts";
import { kindSchemas } from "../schema/kinds.ts";
import type { Schema, Struct } from "../schema/types.ts";
import type { Located, ManifestError, Note } from "./manifest.ts";
import { noteAt } from "./manifest.ts";

/** The struct nearest to the root that has this field; lists are not looked into. */
const homeOf = (root: Struct, field: string): Path | undefined => {
  let level: readonly { readonly path: Path; readonly schema: Schema }[] = [{ path: [], schema: root }];
  while (level.length > 0) {
    const home = level.find(({ schema }) => schema.is === "struct" && Object.hasOwn(schema.fields, field));
    if (home) return home.path;
    level = level.flatMap(({ path, schema }) =>
      schema.is === "struct"
        ? Object.entries(schema.fields).map(([key, inner]) => ({ path: [...path, key], schema: inner }))
        : [],
    );
  }
  return undefined;
};

/** A slip of the pen, or a field in the wrong place: often one that was indented too little or too much. */
const suggestion = (root: Struct, fault: Extract<SchemaFault, { is: "unknownField" }>): string => {
  const field = String(fault.path.at(-1));
  const home = homeOf(root, field);
  if (home) return `"${field}" belongs ${home.length > 0 ? `under ${pathText(home)}` : "at the top"}`;
  const meant = closest(field, fault.known);
  return meant === undefined ? `unknown field "${field}"` : `did you mean "${meant}"?`;
};

const noteText = (root: Struct, fault: SchemaFault): string => {
  switch (fault.is) {
    case "unknownField":
      return suggestion(root, fault);
    case "duplicateField":
      return `"${fault.path.at(-1)}" is set twice in one mapping`;
    case "wrongValue":
      return fault.expected;
  }
};

const byPosition = (a: Note, b: Note): number => a.line - b.line || a.column - b.column;

/** An object of a known kind whose fields have not been checked. */
export interface Unchecked extends Located {
  readonly json: JsonObject;
  readonly kind: ManifestKind;
  readonly apiVersion: string;
  /** Keys that were written twice. */
  readonly duplicates: readonly Path[];
}

/** Refuses an object with all its faults in one error, in the words of the API server's strict decoding. */
export const checkManifest =
  (unknownFields: UnknownFields) =>
  (manifest: Unchecked): E.Either<ManifestError, Unchecked> => {
    const { kind, apiVersion, json, duplicates } = manifest;
    const schema = kindSchemas[kind];
    const repeated = duplicates.map((path): SchemaFault => ({ is: "duplicateField", path }));
    const found = [...repeated, ...checkFields(schema, json)];
    const faults = unknownFields === "refuse" ? found : found.filter((fault) => fault.is === "wrongValue");
    const text = faultText(faults);
    if (text === undefined) return E.right(manifest);
    const notes = faults.map((fault) => noteAt(manifest, fault.path, noteText(schema, fault))).sort(byPosition);
    return E.left({ from: "server", message: decodingMessage(apiVersion, kind, text), notes });
  };
