/**
 * Which objects a command line means: `TYPE`, `TYPE NAME…`, `TYPE/NAME…`, `TYPE1,TYPE2`, `-l`, `--field-selector`, `--all`,
 * or the objects of files; with kubectl's errors.
 */
import * as E from "fp-ts/lib/Either.js";
import type { Session } from "../engine/session.ts";
import type { ResourceType } from "../kubernetes/kinds.ts";
import { resourceTypeNamed, resourceTypeOfKind, resourceTypes } from "../kubernetes/kinds.ts";
import type { KubeObject } from "../kubernetes/objects.ts";
import { refusal } from "../kubernetes/refusal.ts";
import { compileRequirements } from "../kubernetes/selector.ts";
import { parseSelector } from "../kubernetes/selector-parser.ts";
import type { Failure } from "./failure.ts";
import { clientFailure, refusedFailure } from "./failure.ts";
import { parseFieldSelector } from "./field-selector.ts";
import type { ManifestObject } from "./manifests.ts";
import type { Name } from "./objects.ts";
import { listObjects, notFound, readObject } from "./objects.ts";

export interface Query {
  readonly args: readonly string[];
  /** Where namespaced objects are looked for. */
  readonly namespace: string;
  readonly allNamespaces?: boolean;
  /** Empty is as good as absent, here and below. */
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly all?: boolean;
  /** Whether a TYPE alone means all its objects (`get`, `describe`) or is an error. */
  readonly typeAloneMeansAll?: boolean;
  /** Objects read from files; their namespaces are filled in. */
  readonly fromFiles?: readonly ManifestObject[];
}

/** One object meant; `object` is as the session holds it now, undefined when there is none. */
export interface Target extends Name {
  readonly object: KubeObject | undefined;
  /** The file that named it, when one did. */
  readonly source?: string;
}

export interface Selection {
  readonly targets: readonly Target[];
  /** The types asked for, in order; they may have no object. */
  readonly types: readonly ResourceType[];
  /** Whether objects were named, not selected. */
  readonly named: boolean;
  /** Whether exactly one object was named. */
  readonly single: boolean;
}

/** An object that is there. */
export interface FoundTarget extends Target {
  readonly object: KubeObject;
}

/** Splits into what is there and, as failures, what is not. */
export const present = (
  targets: readonly Target[],
): { readonly found: readonly FoundTarget[]; readonly failures: readonly Failure[] } => {
  const found: FoundTarget[] = [];
  const failures: Failure[] = [];
  for (const target of targets) {
    if (target.object) found.push({ ...target, object: target.object });
    else failures.push(refusedFailure(notFound(target)));
  }
  return { found, failures };
};

const nothingGiven = `You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`;

const mixedForms =
  "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'";

const left = (message: string): E.Either<Failure, never> => E.left(clientFailure(message));

const typeNamed = (name: string): E.Either<Failure, ResourceType> => {
  const type = resourceTypeNamed(name);
  return type ? E.right(type) : left(`the server doesn't have a resource type ${JSON.stringify(name.split(".")[0])}`);
};

const typesNamed = (list: string): E.Either<Failure, readonly ResourceType[]> => {
  const types = new Set<ResourceType>();
  for (const name of list.split(",")) {
    if (name === "all") {
      for (const type of resourceTypes) if (type.inAll) types.add(type);
      continue;
    }
    const type = typeNamed(name);
    if (E.isLeft(type)) return type;
    types.add(type.right);
  }
  return E.right([...types]);
};

/** `a,b c d` is `a/c a/d b/c b/d`. */
const spreadTypes = (args: readonly string[]): readonly string[] => {
  const [first = "", ...names] = args;
  const types = [...new Set(first.split(","))];
  return names.length > 0 && types.length > 1 ? types.flatMap((type) => names.map((name) => `${type}/${name}`)) : args;
};

const nameIn = (type: ResourceType, namespace: string, name: string): Name => ({
  type,
  namespace: type.namespaced ? namespace : "",
  name,
});

type Named = readonly { readonly type: ResourceType; readonly name: string }[];

const parsePairs = (args: readonly string[]): E.Either<Failure, Named> => {
  const named: { readonly type: ResourceType; readonly name: string }[] = [];
  for (const arg of args) {
    const [typeName = "", name = "", ...more] = arg.split("/");
    if (more.length > 0) return left("arguments in resource/name form may not have more than one slash");
    if (typeName === "" || name === "" || typeName.includes(",")) {
      return left("arguments in resource/name form must have a single resource and name");
    }
    const type = typeNamed(typeName);
    if (E.isLeft(type)) return type;
    named.push({ type: type.right, name });
  }
  return E.right(named);
};

const readNamed = (session: Session, query: Query, named: Named): E.Either<Failure, Selection> => {
  if (query.allNamespaces && named.some(({ type }) => type.namespaced)) {
    return left("a resource cannot be retrieved by name across all namespaces");
  }
  const targets = named.map(({ type, name }) => {
    const at = nameIn(type, query.namespace, name);
    return { ...at, object: readObject(session, at) };
  });
  return E.right({
    targets,
    types: [...new Set(named.map(({ type }) => type))],
    named: true,
    single: named.length === 1,
  });
};

const groupVersionResource = (type: ResourceType): string =>
  `${type.group === "" ? `/${type.apiVersion}` : type.apiVersion}, Resource=${type.plural}`;

/** The selectors of `-l` and `--field-selector` as one test on objects of a type. */
export const objectFilter = (
  type: ResourceType,
  labelSelector: string,
  fieldSelector: string,
): E.Either<Failure, (object: KubeObject) => boolean> => {
  const refused = (message: string): E.Either<Failure, never> => {
    const found = `Unable to find ${JSON.stringify(groupVersionResource(type))} that match label selector ${JSON.stringify(labelSelector)}, field selector ${JSON.stringify(fieldSelector)}`;
    return E.left(refusedFailure(refusal("BadRequest", `${found}: ${message}`)));
  };
  const labels = parseSelector(labelSelector);
  if (E.isLeft(labels)) return refused(labels.left);
  const hasFields = parseFieldSelector(type, fieldSelector);
  if (E.isLeft(hasFields)) return refused(hasFields.left);
  const hasLabels = compileRequirements(labels.right);
  return E.right((object) => hasLabels(object.metadata.labels) && hasFields.right(object));
};

const readSelected = (
  session: Session,
  { labelSelector = "", fieldSelector = "", allNamespaces, namespace }: Query,
  types: readonly ResourceType[],
): E.Either<Failure, Selection> => {
  const targets: Target[] = [];
  for (const type of types) {
    const isSelected = objectFilter(type, labelSelector, fieldSelector);
    if (E.isLeft(isSelected)) return isSelected;
    for (const object of listObjects(session, type, allNamespaces ? undefined : namespace)) {
      if (!isSelected.right(object)) continue;
      targets.push({ type, namespace: object.metadata.namespace ?? "", name: object.metadata.name, object });
    }
  }
  return E.right({ targets, types, named: false, single: false });
};

const readFromFiles = (
  session: Session,
  query: Query,
  objects: readonly ManifestObject[],
): E.Either<Failure, Selection> => {
  if (query.args.some((arg) => arg.includes("/"))) {
    return left("resource/name arguments cannot be provided when a path is specified");
  }
  if (query.args.length > 0) {
    return left("when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well");
  }
  const labels = parseSelector(query.labelSelector ?? "");
  if (E.isLeft(labels))
    return left(`the provided selector ${JSON.stringify(query.labelSelector)} is not valid: ${labels.left}`);
  const hasLabels = compileRequirements(labels.right);
  const targets = objects.flatMap(({ object, source }) => {
    const type = resourceTypeOfKind(object.kind);
    if (!type || !hasLabels(object.metadata.labels)) return [];
    const at = nameIn(type, object.metadata.namespace ?? query.namespace, object.metadata.name);
    return [{ ...at, object: readObject(session, at), source }];
  });
  return E.right({
    targets,
    types: [...new Set(targets.map(({ type }) => type))],
    named: true,
    single: targets.length === 1,
  });
};

/** Finds what a query means. Names without an object are targets without one: `present` turns them into NotFound. */
export const select = (session: Session, query: Query): E.Either<Failure, Selection> => {
  const selecting = Boolean(query.labelSelector) || Boolean(query.fieldSelector) || query.all === true;
  if (query.all && (query.labelSelector || query.fieldSelector)) {
    return left("setting 'all' parameter but found a non empty selector. ");
  }
  if (query.fromFiles) return readFromFiles(session, query, query.fromFiles);
  const args = spreadTypes(query.args);
  const withSlash = args.filter((arg) => arg.includes("/")).length;
  if (withSlash > 0 && withSlash < args.length) return left(mixedForms);
  if (withSlash > 0) {
    if (selecting) return left("selectors and the all flag cannot be used when passing resource/name arguments");
    const named = parsePairs(args);
    return E.isLeft(named) ? named : readNamed(session, query, named.right);
  }
  const [first, ...names] = args;
  if (first === undefined) {
    return left(selecting ? "at least one resource must be specified to use a selector" : nothingGiven);
  }
  if (selecting && names.length > 0) return left("name cannot be provided when a selector is specified");
  const types = typesNamed(first);
  if (E.isLeft(types)) return types;
  if (names.length > 0) {
    const [type, ...others] = types.right;
    if (!type || others.length > 0) return left("you must specify only one resource");
    return readNamed(
      session,
      query,
      names.map((name) => ({ type, name })),
    );
  }
  if (selecting || query.typeAloneMeansAll) return readSelected(session, query, types.right);
  return left("resource(s) were provided, but no name was specified");
};
