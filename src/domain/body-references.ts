/** Which bodies an event names: those whose absence would leave something that it tells unknown. */
import type { Operation } from "rfc6902";
import { isJsonObject } from "../kubernetes/json.ts";
import { LAST_APPLIED } from "../kubernetes/well-known.ts";
import type { DomainEvent } from "./events.ts";
import type { Digest } from "./state.ts";
import { lastAppliedDigest } from "./wire/annotations.ts";

const annotationPath = `/annotations/${LAST_APPLIED.replaceAll("/", "~1")}`;

const own = ({ type, data }: DomainEvent): Digest | undefined => {
  switch (type) {
    case "DeploymentCreated":
      return data.spec.template;
    case "ReplicaSetCreated":
      return data.spec.template.digest;
    case "PodCreated":
      return data.spec;
    case "ConfigMapCreated":
    case "SecretCreated":
      return data.content;
    case "ReplicaSetTemplateChanged":
      return data.to.digest;
    case "DeploymentTemplateChanged":
    case "PodSpecChanged":
    case "ConfigMapContentChanged":
    case "SecretContentChanged":
      return data.to;
    default:
      return undefined;
  }
};

const applied = (data: object): Digest | undefined => {
  if ("annotations" in data && isJsonObject(data.annotations)) return lastAppliedDigest(data.annotations[LAST_APPLIED]);
  if (!("patch" in data) || !Array.isArray(data.patch)) return undefined;
  const operations: readonly Operation[] = data.patch;
  for (const operation of operations) {
    if (operation.path === annotationPath && "value" in operation) return lastAppliedDigest(operation.value);
  }
  return undefined;
};

/** The bodies that come with the event; those that it leaves behind, an earlier event has named. */
export const bodiesNamedBy = (event: DomainEvent): readonly Digest[] => {
  const [body, configuration] = [own(event), applied(event.data)];
  if (configuration === undefined) return body === undefined ? [] : [body];
  return body === undefined ? [configuration] : [body, configuration];
};
