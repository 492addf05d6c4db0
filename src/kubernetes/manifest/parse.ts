/**
 * Manifests: YAML or JSON files with one or several objects, as `kubectl apply -f` takes them. Everything that can be said
 * about a file before the first write is said here: all faults at once, each with its place.
 */
import * as E from "fp-ts/lib/Either.js";
import { closest } from "../edit-distance.ts";
import type { Json, JsonObject } from "../json.ts";
import { isJsonArray, isJsonObject } from "../json.ts";
import { resourceTypeOf } from "../kinds.ts";
import type { KubeObject } from "../objects.ts";
import type { Path } from "../schema/check.ts";
import type { UnknownFields } from "../schema/decode.ts";
import { isManifestKind, kindSchemas } from "../schema/kinds.ts";
import type { Unchecked } from "./check.ts";
import { checkManifest } from "./check.ts";
import type { Located, Manifest, ManifestError } from "./manifest.ts";
import { noteAt } from "./manifest.ts";
import type { YamlDocument } from "./yaml-documents.ts";
import { readYaml } from "./yaml-documents.ts";

/** A value in a file that should be an object: a document, or an item of a `List`. */
interface Candidate extends Located {
  readonly value: Json;
  readonly duplicates: readonly Path[];
}

const startsWith = (path: Path, prefix: Path): boolean => prefix.every((step, index) => path[index] === step);

const itemOf = (list: Candidate, value: Json, index: number): Candidate => {
  const prefix: Path = ["items", index];
  return {
    file: list.file,
    value,
    duplicates: list.duplicates.filter((path) => startsWith(path, prefix)).map((path) => path.slice(prefix.length)),
    locate: (path) => list.locate([...prefix, ...path]),
  };
};

const isList = (value: Json): value is JsonObject =>
  isJsonObject(value) && value.kind === "List" && value.apiVersion === "v1";

/** A `List` stands for its items, also when they are Lists themselves. */
const flattened = (candidate: Candidate): readonly Candidate[] => {
  if (!isList(candidate.value)) return [candidate];
  const { items } = candidate.value;
  return isJsonArray(items) ? items.flatMap((item, index) => flattened(itemOf(candidate, item, index))) : [];
};

const headerFault = (value: Json | undefined, field: string): string | undefined => {
  if (value === undefined || value === null) return `${field} not set`;
  return typeof value === "string" ? undefined : `${field} isn't string type`;
};

const invalidData = (candidate: Candidate, faults: readonly string[]): ManifestError => {
  const listed = faults.length === 1 ? faults.join() : `[${faults.join(", ")}]`;
  const advice = "if you choose to ignore these errors, turn validation off with --validate=false";
  const message = `error validating "${candidate.file}": error validating data: ${listed}; ${advice}`;
  return { from: "client", message, notes: [noteAt(candidate, [], "every object needs an apiVersion and a kind")] };
};

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");

/** A kind we do not serve, or one in a version that it does not have. */
const noMatch = (candidate: Candidate, object: JsonObject, kind: string, apiVersion: string): ManifestError => {
  const metadata = isJsonObject(object.metadata) ? object.metadata : {};
  const name = `name: "${textOf(metadata.name)}" namespace: "${textOf(metadata.namespace)}"`;
  const message = `resource mapping not found for ${name} from "${candidate.file}": no matches for kind "${kind}" in version "${apiVersion}"\nensure CRDs are installed first`;
  const kinds = Object.keys(kindSchemas);
  const meant = closest(kind, kinds);
  const advice = meant === undefined ? `the kinds are ${kinds.join(", ")}` : `did you mean "${meant}"?`;
  const hint = isManifestKind(kind)
    ? noteAt(candidate, ["apiVersion"], `${kind} is in ${resourceTypeOf(kind).apiVersion}`)
    : noteAt(candidate, ["kind"], advice);
  return { from: "client", message, notes: [hint] };
};

/** Which kind of object this is, in kubectl's own order of questions. */
const identify = (candidate: Candidate): E.Either<ManifestError, Unchecked> => {
  const { value: json, file, duplicates, locate } = candidate;
  if (!isJsonObject(json)) return E.left(invalidData(candidate, ["invalid object to validate"]));
  const { apiVersion, kind } = json;
  if (typeof apiVersion !== "string" || typeof kind !== "string") {
    const faults = [headerFault(apiVersion, "apiVersion"), headerFault(kind, "kind")];
    return E.left(
      invalidData(
        candidate,
        faults.filter((fault) => fault !== undefined),
      ),
    );
  }
  if (!isManifestKind(kind) || resourceTypeOf(kind).apiVersion !== apiVersion) {
    return E.left(noMatch(candidate, json, kind, apiVersion));
  }
  return E.right({ json, kind, apiVersion, file, duplicates, locate });
};

/** JSON whose fields have been checked is an object of its kind. */
const isKubeObject = (json: JsonObject): json is JsonObject & KubeObject => isJsonObject(json.metadata);

const manifestOf = ({ json, kind, file, locate }: Unchecked): Manifest => {
  const metadata = isJsonObject(json.metadata) ? json.metadata : {};
  const object = { ...json, metadata: { ...metadata, name: textOf(metadata.name) } };
  if (!isKubeObject(object)) throw new Error("metadata was just set");
  return { object, kind, file, locate };
};

const candidatesOf = (file: string, documents: readonly YamlDocument[]): readonly Candidate[] =>
  documents.flatMap((document) => flattened({ file, ...document }));

/**
 * The objects of a file in their order: documents separated by `---`, `List`s taken apart, empty documents skipped. The
 * file's name is for messages. Fields that the kinds do not have are refused, as by `--validate=strict`, or kept.
 */
export const parseManifests = (
  text: string,
  file: string,
  unknownFields: UnknownFields = "refuse",
): E.Either<readonly ManifestError[], readonly Manifest[]> => {
  const { documents, faults } = readYaml(text);
  if (faults.length > 0) {
    return E.left(
      faults.map(({ message, hint, at }) => ({
        from: "client",
        message: `error parsing ${file}: error converting YAML to JSON: ${message}`,
        notes: [{ file, ...at, text: hint }],
      })),
    );
  }
  const errors: ManifestError[] = [];
  const manifests: Manifest[] = [];
  for (const candidate of candidatesOf(file, documents)) {
    const checked = E.chain(checkManifest(unknownFields))(identify(candidate));
    if (E.isLeft(checked)) errors.push(checked.left);
    else manifests.push(manifestOf(checked.right));
  }
  return errors.length > 0 ? E.left(errors) : E.right(manifests);
};
