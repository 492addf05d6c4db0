/** Field selectors: the few fields that the API server can select by, differing by type. */
import * as E from "fp-ts/lib/Either.js";
import type { ResourceType } from "../kubernetes/kinds.ts";
import type { KubeObject } from "../kubernetes/objects.ts";
import { textAt } from "../kubernetes/printing/fields.ts";

const common = ["metadata.name", "metadata.namespace"];

const more: Readonly<Record<string, readonly string[]>> = {
  Pod: ["spec.nodeName", "spec.restartPolicy", "status.phase", "status.podIP"],
  Node: ["spec.unschedulable"],
  Namespace: ["status.phase"],
  ReplicaSet: ["status.replicas"],
  Secret: ["type"],
  Event: [
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.fieldPath",
    "reason",
    "type",
  ],
};

/** Types whose unknown fields are refused in the words of the general rule. */
const generalWords = new Set(["Deployment", "PodDisruptionBudget", "EndpointSlice", "ConfigMap", "Service"]);

const refusedField = (type: ResourceType, field: string): string =>
  generalWords.has(type.kind)
    ? `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`
    : `field label not supported: ${field}`;

/** Reads `metadata.name=web,status.phase!=Running` into a test. Left is the API server's sentence. */
export const parseFieldSelector = (
  type: ResourceType,
  text: string,
): E.Either<string, (object: KubeObject) => boolean> => {
  const known = new Set([...common, ...(more[type.kind] ?? [])]);
  const tests: ((object: KubeObject) => boolean)[] = [];
  for (const term of text.split(",").filter((each) => each.trim() !== "")) {
    const [, field = "", operator = "", value = ""] = /^(.*?)(!=|==|=)(.*)$/s.exec(term) ?? [];
    if (operator === "")
      return E.left(`invalid field selector ${JSON.stringify(text)}: can't understand ${JSON.stringify(term)}`);
    const path = field.trim();
    const keys = path.split(".");
    if (!known.has(path)) return E.left(refusedField(type, path));
    tests.push((object) => (textAt(object, ...keys) === value) === (operator !== "!="));
  }
  return E.right((object) => tests.every((test) => test(object)));
};
