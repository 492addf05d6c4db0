/** Objects printed as YAML or JSON, in comparable form. */
import { parseAllDocuments } from "yaml";

/** What counts writes, or names this run; and where the stand-in kubelet and 1.32's differ. */
const leftOut = ["resourceVersion", "selfLink", "managedFields", "containerID", "imageID", "hostIP", "lastState"];

/** Known since 1.29. */
const isNewCondition = (value: unknown): boolean => isMap(value) && value.type === "PodReadyToStartContainers";

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Of the endpoints only readiness is compared: 1.20 serves an older version of them. */
const readiness = (slice: Readonly<Record<string, unknown>>): object => {
  const endpoints = Array.isArray(slice.endpoints) ? slice.endpoints : [];
  return { kind: slice.kind, ready: endpoints.map((endpoint) => endpoint?.conditions?.ready) };
};

/** Keys in order; lists of objects in the order of their texts, because names end at random. */
const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    const items = value.filter((item) => !isNewCondition(item)).map(canonical);
    const areObjects = items.every((item) => isMap(item) && ("metadata" in item || "kind" in item));
    return areObjects ? items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : items;
  }
  if (!isMap(value)) return value;
  if (value.kind === "EndpointSlice") return readiness(value);
  const entries = Object.entries(value).filter(([key]) => !leftOut.includes(key));
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, member]) => [key, canonical(member)]));
};

/** Several objects are printed one after another: as JSON objects, or as YAML documents. */
export const structuredText = (text: string): string => {
  const documents = text.split(/\n(?=\{)/).flatMap((part) => parseAllDocuments(part));
  return documents.map((document) => JSON.stringify(canonical(document.toJS()), undefined, 1)).join("\n");
};
