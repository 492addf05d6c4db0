/** A raw API request of a recording, asked of `decide`: what the server's HTTP side would refuse is not asked. */
import * as E from "fp-ts/lib/Either.js";
import type { ObjectRef, Uid } from "../../../src/domain/state.ts";
import type { PatchType, Write } from "../../../src/domain/write.ts";
import type { Json } from "../../../src/kubernetes/json.ts";
import type { KubeObject } from "../../../src/kubernetes/objects.ts";
import type { Refusal } from "../../../src/kubernetes/refusal.ts";
import type { Cluster } from "./cluster.ts";
import type { ApiStep } from "./recording.ts";

export interface ApiAnswer {
  readonly code: number;
  readonly reason: string | undefined;
  /** `field: message`. */
  readonly causes: readonly string[];
}

const kinds: Readonly<Record<string, ObjectRef["kind"]>> = {
  deployments: "Deployment",
  replicasets: "ReplicaSet",
  pods: "Pod",
  services: "Service",
};

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

/** The recorder does not say the patch's type: a list is a JSON patch, anything else is a merge. */
const patchTypeOf = (patch: Json): PatchType => (Array.isArray(patch) ? "json" : "merge");

const writeOf = ({ method, body }: ApiStep, { kind, namespace, name, subresource }: Place): Write | undefined => {
  const ref = name === undefined ? undefined : { kind, namespace, name };
  if (method === "POST" && !ref && isObject(body)) {
    return { verb: "create", object: { ...body, metadata: { namespace, ...body.metadata } } };
  }
  if (method === "PUT" && ref && subresource === undefined && isObject(body) && body.metadata.name === name) {
    return { verb: "update", object: { ...body, metadata: { namespace, ...body.metadata } } };
  }
  if (method === "PATCH" && ref && subresource === undefined) {
    const patch = body as Json;
    return { verb: "patch", ref, patchType: patchTypeOf(patch), patch };
  }
  return method === "DELETE" && ref ? { verb: "delete", ref } : undefined;
};

const answered = ({ code, reason, causes }: Refusal): ApiAnswer => ({
  code,
  reason,
  causes: causes.map(({ reason, field, message }) => `${reason} ${field}: ${message}`),
});

/** Our answer to the request; undefined when it is the HTTP side's to answer. */
export const answerTo = (cluster: Cluster, step: ApiStep): ApiAnswer | undefined => {
  const place = placeOf(step.path);
  if (!place) return undefined;
  const { kind, namespace, name, subresource, dryRun } = place;
  if (step.method === "GET" && name !== undefined && subresource === undefined) {
    const found = cluster.list(kind).some(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
    return found ? { code: 200, reason: undefined, causes: [] } : { code: 404, reason: "NotFound", causes: [] };
  }
  const write = writeOf(step, place);
  if (!write) return undefined;
  const answer = cluster.request(write, dryRun);
  if (E.isLeft(answer)) return answered(answer.left);
  return { code: step.method === "POST" ? 201 : 200, reason: undefined, causes: [] };
};

interface Status {
  readonly kind: "Status";
  readonly reason?: string;
  readonly details?: { readonly causes?: readonly { readonly reason: string; readonly field: string; readonly message: string }[] };
}

const isStatus = (response: unknown): response is Status =>
  typeof response === "object" && response !== null && "kind" in response && response.kind === "Status";

/** The answer that was recorded. */
export const recordedAnswer = ({ status, response }: ApiStep): ApiAnswer => {
  if (!isStatus(response)) return { code: status, reason: undefined, causes: [] };
  const causes = (response.details?.causes ?? []).map(({ reason, field, message }) => `${reason} ${field}: ${message}`);
  return { code: status, reason: response.reason, causes };
};
