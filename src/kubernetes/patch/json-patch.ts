/** JSON Patch (RFC 6902). */
import * as E from "fp-ts/lib/Either.js";
import { applyPatch, createPatch } from "rfc6902";
import { isJsonArray, isJsonObject, type Json } from "../json.ts";

export type JsonPatchOperation =
  | { readonly op: "add" | "replace" | "test"; readonly path: string; readonly value: Json }
  | { readonly op: "remove"; readonly path: string }
  | { readonly op: "move" | "copy"; readonly from: string; readonly path: string };

const faults: Readonly<Record<string, string>> = {
  MissingError: "missing value",
  TestError: "test failed",
  InvalidOperationError: "invalid operation",
};

/**
 * Applies every operation in order, or none. The error names the operation that does not apply:
 * `replace operation does not apply: /spec/nope: missing value`.
 */
export const applyJsonPatch = (target: Json, patch: Json): E.Either<string, Json> => {
  const operations = readOperations(patch);
  if (E.isLeft(operations)) return operations;
  const draft = { root: structuredClone(target) };
  for (const operation of operations.right) {
    // Below a key of our own, so that operations on the whole document ("") have a parent to write to.
    const [failure] = applyPatch(draft, [rooted(operation)]);
    if (failure) {
      return E.left(
        `${operation.op} operation does not apply: ${operation.path}: ${faults[failure.name] ?? failure.message}`,
      );
    }
  }
  return E.right(draft.root);
};

const rooted = (operation: JsonPatchOperation): JsonPatchOperation => {
  const path = `/root${operation.path}`;
  return "from" in operation ? { ...operation, path, from: `/root${operation.from}` } : { ...operation, path };
};

const readOperations = (patch: Json): E.Either<string, readonly JsonPatchOperation[]> => {
  if (!isJsonArray(patch)) return E.left("a JSON patch is a list of operations");
  const operations: JsonPatchOperation[] = [];
  for (const [index, entry] of patch.entries()) {
    const operation = readOperation(entry);
    if (E.isLeft(operation)) return E.left(`operation ${index}: ${operation.left}`);
    operations.push(operation.right);
  }
  return E.right(operations);
};

const isPointer = (value: Json | undefined): value is string =>
  typeof value === "string" && (value === "" || value.startsWith("/"));

const readOperation = (entry: Json): E.Either<string, JsonPatchOperation> => {
  if (!isJsonObject(entry)) return E.left("not an object");
  const { op, path, from, value } = entry;
  if (!isPointer(path)) return E.left(`path must be empty or start with "/"`);
  switch (op) {
    case "remove":
      return path === "" ? E.left("the whole document cannot be removed") : E.right({ op, path });
    case "add":
    case "replace":
    case "test":
      return value === undefined ? E.left(`${op} needs a value`) : E.right({ op, path, value });
    case "move":
    case "copy":
      return isPointer(from)
        ? E.right({ op, path, from })
        : E.left(`${op} needs a from that is empty or starts with "/"`);
    default:
      return E.left(`unknown op ${JSON.stringify(op ?? null)}`);
  }
};

/** The operations that turn one value into the other; none when they are equal. */
export const createJsonPatch = (from: Json, to: Json): readonly JsonPatchOperation[] => createPatch(from, to);
