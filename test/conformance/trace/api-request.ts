/**
 * A raw API request of a recording, asked of `decide`. What the server's HTTP side answers (paths, methods, media types,
 * queries, bodies that do not fit their address) is not asked: there is no such side here.
 */
import * as E from "fp-ts/lib/Either.js";
import type { ObjectRef } from "../../../src/domain/state.ts";
import type { PatchType, Write } from "../../../src/domain/write.ts";
import type { Json } from "../../../src/kubernetes/json.ts";
import type { KubeObject, ObjectMeta } from "../../../src/kubernetes/objects.ts";
import type { Cluster } from "./cluster.ts";
import type { ApiStep, WatchedChange } from "./recording.ts";

export interface ApiAnswer {
  readonly code: number;
  readonly reason: string | undefined;
  /** `reason field: message`. */
  readonly causes: readonly string[];
}

const kinds: Readonly<Record<string, ObjectRef["kind"]>> = {
  deployments: "Deployment",
  replicasets: "ReplicaSet",
  pods: "Pod",
  services: "Service",
};

/** These depend on the request's headers, or on the server's state, which are not recorded. */
const httpCodes: readonly number[] = [405, 406, 415, 504];

interface Place {
  readonly kind: ObjectRef["kind"];
  readonly namespace: string;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  readonly dryRun: boolean;
}

const placeOf = (path: string): Place | undefined => {
  const { pathname, searchParams } = new URL(path, "http://server");
  const [, namespace = "", plural = "", name, subresource] =
    /^\/apis?\/(?:apps\/)?v1\/namespaces\/([^/]+)\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(pathname) ?? [];
  const kind = kinds[plural];
  return kind && { kind, namespace, name, subresource, dryRun: searchParams.get("dryRun") === "All" };
};

const isObject = (body: unknown): body is KubeObject =>
  typeof body === "object" && body !== null && "kind" in body && "metadata" in body;

/** Whether the body is an object of this address; `name` is undefined when it may have any. */
const fits = (body: unknown, { kind, namespace, name }: Place): body is KubeObject =>
  isObject(body) &&
  body.kind === kind &&
  (body.metadata.namespace ?? namespace) === namespace &&
  (name === undefined || body.metadata.name === name);

/** The recorder does not say the patch's type: a list is a JSON patch, anything else is a merge. */
const patchTypeOf = (patch: Json): PatchType => (Array.isArray(patch) ? "json" : "merge");

/** The last that was known of an object, on either side. */
const lastMeta = (changes: readonly WatchedChange[], { kind, name }: Place): ObjectMeta | undefined =>
  changes.findLast(({ object }) => object.kind === kind && object.metadata.name === name)?.object.metadata;

/** The recorded object's uid and resourceVersion become those of ours; others stay as wrong as they are. */
const translated = (metadata: ObjectMeta, recorded: ObjectMeta, ours: ObjectMeta): ObjectMeta => {
  const uid = metadata.uid === recorded.uid ? ours.uid : metadata.uid;
  const isCurrent = metadata.resourceVersion === recorded.resourceVersion;
  const resourceVersion = isCurrent ? ours.resourceVersion : metadata.resourceVersion;
  return {
    ...metadata,
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
};

const writeOf = (
  { method, body }: ApiStep,
  place: Place,
  translate: (metadata: ObjectMeta) => ObjectMeta,
): Write | undefined => {
  const { kind, namespace, name, subresource } = place;
  const ref = name === undefined ? undefined : { kind, namespace, name };
  if (subresource === "scale" && ref && method === "PUT") {
    return { verb: "patch", ref, patchType: "merge", patch: { spec: (body as { spec: Json }).spec }, subresource };
  }
  if (subresource !== undefined) return undefined;
  switch (method) {
    case "POST":
      if (ref || !fits(body, place)) return undefined;
      return { verb: "create", object: { ...body, metadata: { ...body.metadata, namespace } } };
    case "PUT":
      if (!ref || !fits(body, place)) return undefined;
      return { verb: "update", object: { ...body, metadata: translate({ ...body.metadata, namespace }) } };
    case "PATCH": {
      const patch = body as Json;
      return ref && { verb: "patch", ref, patchType: patchTypeOf(patch), patch };
    }
    case "DELETE":
      return ref && { verb: "delete", ref };
    default:
      return undefined;
  }
};

/** Our answer to the request; undefined when it is the HTTP side's to answer. */
export const answerTo = (
  cluster: Cluster,
  step: ApiStep,
  recorded: readonly WatchedChange[],
): ApiAnswer | undefined => {
  const place = placeOf(step.path);
  if (!place || httpCodes.includes(step.status)) return undefined;
  const { kind, namespace, name, subresource, dryRun } = place;
  if (step.method === "GET" && name !== undefined && subresource === undefined) {
    const found = cluster.list(kind).some(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
    return found ? { code: 200, reason: undefined, causes: [] } : { code: 404, reason: "NotFound", causes: [] };
  }
  const theirs = lastMeta(
    recorded.filter(({ t }) => t <= step.t),
    place,
  );
  const ours = lastMeta(cluster.changes, place);
  const write = writeOf(step, place, (metadata) => (theirs && ours ? translated(metadata, theirs, ours) : metadata));
  if (!write) return undefined;
  const answer = cluster.request(write, dryRun);
  if (E.isRight(answer)) return { code: step.method === "POST" ? 201 : 200, reason: undefined, causes: [] };
  const { code, reason, causes } = answer.left;
  return { code, reason, causes: causes.map(({ reason, field, message }) => `${reason} ${field}: ${message}`) };
};

interface Status {
  readonly kind: "Status";
  readonly reason?: string;
  readonly details?: {
    readonly causes?: readonly { readonly reason: string; readonly field: string; readonly message: string }[];
  };
}

const isStatus = (response: unknown): response is Status =>
  typeof response === "object" && response !== null && "kind" in response && response.kind === "Status";

/** The answer that was recorded. */
export const recordedAnswer = ({ status, response }: ApiStep): ApiAnswer => {
  if (!isStatus(response)) return { code: status, reason: undefined, causes: [] };
  const causes = (response.details?.causes ?? []).map(({ reason, field, message }) => `${reason} ${field}: ${message}`);
  return { code: status, reason: response.reason, causes };
};
