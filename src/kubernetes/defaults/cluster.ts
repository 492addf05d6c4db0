/** Defaults of Namespaces, Nodes and Secrets. */
import type { Namespace, Node, Secret, StringMap } from "../objects.ts";
import { assign, fill } from "./fill.ts";

/** Lets selectors choose namespaces by name. */
const NAMESPACE_NAME = "kubernetes.io/metadata.name";

export const namespaceDefaults = (namespace: Namespace): Namespace => {
  const { metadata } = namespace;
  return assign(namespace, {
    metadata: assign(metadata, { labels: assign(metadata.labels ?? {}, { [NAMESPACE_NAME]: metadata.name }) }),
  });
};

/** A node whose manifest names no allocatable amounts offers its whole capacity. */
export const nodeDefaults = (node: Node): Node =>
  node.status?.capacity ? assign(node, { status: fill(node.status, { allocatable: node.status.capacity }) }) : node;

const base64 = (text: string): string => {
  let binary = "";
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
};

/** `stringData` is for writing only: it becomes part of `data`, where it wins. */
export const secretDefaults = (secret: Secret): Secret => {
  const typed = fill(secret, { type: "Opaque" });
  const { stringData, ...kept } = typed;
  if (!stringData) return typed;
  const encoded: StringMap = Object.fromEntries(Object.entries(stringData).map(([key, text]) => [key, base64(text)]));
  return { ...kept, data: { ...kept.data, ...encoded } };
};
