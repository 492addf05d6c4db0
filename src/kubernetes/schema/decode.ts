/** Decoding at the API server: is this JSON an object of its kind? */
import * as E from "fp-ts/lib/Either.js";
import { asJson } from "../json.ts";
import { isStoredObject } from "../kinds.ts";
import type { KubeObject, StoredObject } from "../objects.ts";
import type { Refusal } from "../refusal.ts";
import { refusal } from "../refusal.ts";
import type { SchemaFault } from "./check.ts";
import { checkFields, pathText } from "./check.ts";
import { isManifestKind, kindSchemas } from "./kinds.ts";

/** Refuse fields that the tables do not know, as `fieldValidation=Strict` does, or keep them. */
export type UnknownFields = "refuse" | "keep";

/** Kubernetes names no more faults than this. */
const maxStrictFaults = 100;

/** The decoder's sentence for an object's faults; `undefined` when there is none to refuse. */
export const faultText = (faults: readonly SchemaFault[]): string | undefined => {
  const wrong = faults.filter((fault) => fault.is === "wrongValue");
  const ending = wrong.find((fault) => fault.final) ?? wrong[0];
  if (ending) return ending.message;
  const strict = faults.filter((fault) => fault.is !== "wrongValue").slice(0, maxStrictFaults);
  if (strict.length === 0) return undefined;
  const named = strict.map(
    ({ is, path }) => `${is === "unknownField" ? "unknown" : "duplicate"} field "${pathText(path)}"`,
  );
  return `strict decoding error: ${named.join(", ")}`;
};

/** `Deployment in version "v1" cannot be handled as a Deployment: …`. */
export const decodingMessage = (apiVersion: string, kind: string, text: string): string => {
  const version = apiVersion.slice(apiVersion.lastIndexOf("/") + 1);
  return `${kind} in version "${version}" cannot be handled as a ${kind}: ${text}`;
};

/** The object, now known to have fields of the right types; required fields may still be missing. */
export const decodeObject = (object: KubeObject, unknownFields: UnknownFields): E.Either<Refusal, StoredObject> => {
  const { kind, apiVersion } = object;
  if (!isStoredObject(object)) {
    const text = `no kind "${kind}" is registered for version "${apiVersion}"`;
    return E.left(refusal("BadRequest", decodingMessage(apiVersion, kind, text)));
  }
  if (!isManifestKind(object.kind)) return E.right(object);
  const faults = checkFields(kindSchemas[object.kind], asJson(object));
  const text = faultText(unknownFields === "refuse" ? faults : faults.filter((fault) => fault.is === "wrongValue"));
  return text === undefined ? E.right(object) : E.left(refusal("BadRequest", decodingMessage(apiVersion, kind, text)));
};
