/** `-o json` and `-o yaml`. */
import { asJson, isJsonArray, isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { KubeObject } from "../objects.ts";
import { isManifestKind, kindSchemas } from "../schema/kinds.ts";
import type { Schema } from "../schema/types.ts";
import { goJson, goJsonInOrder, sortedKeys, withSortedKeys } from "./go-format.ts";
import { printYaml } from "./yaml.ts";

/** The object without `metadata.managedFields`, which kubectl hides. */
const withoutManagedFields = (object: JsonObject): JsonObject => {
  const metadata = object.metadata;
  if (!isJsonObject(metadata) || !("managedFields" in metadata)) return object;
  const { managedFields: _, ...rest } = metadata;
  return { ...object, metadata: rest };
};

/** The object as JSON outputs and JSONPath templates see it. */
export const shownJson = (object: KubeObject): JsonObject => withoutManagedFields(asJson(object));

/** Several objects as one `List`, as `get` prints them whenever more than one could have been found. */
export const listOf = (objects: readonly KubeObject[]): JsonObject => ({
  apiVersion: "v1",
  items: objects.map(shownJson),
  kind: "List",
  metadata: { resourceVersion: "" },
});

/** Keys in byte order, four spaces, a newline at the end. */
export const printJson = (value: Json): string => `${goJson(value, 4)}\n`;

/** Documents behind one another, as kubectl prints several objects that are not in a `List`. */
export const printYamlDocuments = (values: readonly Json[]): string => values.map(printYaml).join("---\n");

/** An object whose fields stand in the order of the API's types: `rollout history -o json` prints it so, not by name. */
export const printTypedJson = (object: KubeObject): string => {
  const { apiVersion, kind } = object;
  const { apiVersion: _, kind: __, ...fields } = shownJson(object);
  const schema: Readonly<Record<string, Schema>> = isManifestKind(kind) ? kindSchemas[kind].fields : {};
  return `${goJsonInOrder({ kind, apiVersion, ...inOrderOf(schema, fields) }, 4)}\n`;
};

/** Known fields in the order of their table, then the others by name. */
const inOrderOf = (fields: Readonly<Record<string, Schema>>, object: JsonObject): JsonObject => {
  const known = Object.keys(fields).filter((key) => key in object);
  const others = sortedKeys(object).filter((key) => !(key in fields));
  return Object.fromEntries([...known, ...others].map((key) => [key, inTypeOrder(fields[key], object[key] ?? null)]));
};

const inTypeOrder = (schema: Schema | undefined, value: Json): Json => {
  if (schema?.is === "list" && isJsonArray(value)) return value.map((item) => inTypeOrder(schema.of, item));
  return schema?.is === "struct" && isJsonObject(value) ? inOrderOf(schema.fields, value) : withSortedKeys(value);
};
