/** YAML nodes as plain JSON, in the way of kubectl's YAML library. */
import type { YAMLMap, Node as YamlNode } from "yaml";
import { isAlias, isMap, isNode, isScalar, isSeq } from "yaml";
import type { Json } from "../json.ts";
import type { Path } from "../schema/check.ts";

/** One document's conversion: what is known so far, and what is wrong. */
export interface Conversion {
  readonly anchors: Map<string, YamlNode>;
  /** How many values were repeated through aliases, in all documents of a text together. */
  readonly aliased: { count: number };
  readonly duplicates: Path[];
  readonly faults: { readonly node: YamlNode; readonly message: string }[];
}

/** Where a node stands. Inside an alias, it is a repetition of another place. */
interface Place {
  readonly path: Path;
  readonly depth: number;
  readonly isAliased: boolean;
}

/** Levels of mappings and lists, counting those that aliases repeat. */
export const maxDepth = 100;
const maxAliased = 100_000;

const fault = (conversion: Conversion, node: YamlNode, message: string): null => {
  conversion.faults.push({ node, message });
  return null;
};

const scalarValue = (conversion: Conversion, node: YamlNode, value: unknown): Json => {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (Number.isFinite(value)) return value;
      return fault(
        conversion,
        node,
        `json: unsupported value: ${Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf"}`,
      );
    default:
      return null;
  }
};

/** The node behind an alias. Anchors are known in document order, so that an alias means the last one before it. */
const dereferenced = (conversion: Conversion, node: YamlNode | null): YamlNode | undefined => {
  if (!isAlias(node)) return node ?? undefined;
  const target = conversion.anchors.get(node.source);
  if (!target) fault(conversion, node, `yaml: unknown anchor '${node.source}' referenced`);
  return target;
};

/** The text of a key; numbers and booleans are keys by their text. */
export const keyText = (key: unknown): string | undefined => {
  if (!isScalar(key)) return undefined;
  const { value } = key;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : undefined;
};

/** `<<`, which stands for the entries of other mappings. */
export const isMergeKey = (key: unknown): boolean =>
  isScalar(key) && (typeof key.value === "symbol" || key.source === "<<") && key.type === "PLAIN";

/** The entries of the mappings that `<<` names; the first one wins. */
const mergedEntries = (conversion: Conversion, value: YamlNode | null, place: Place): [string, Json][] => {
  const target = dereferenced(conversion, value);
  const sources = isSeq(target) ? target.items.filter((item) => isNode(item)) : target ? [target] : [];
  const entries: [string, Json][] = [];
  for (const source of sources) {
    const map = dereferenced(conversion, source);
    if (map && !isMap(map)) fault(conversion, source, "yaml: map merge requires map or sequence of maps as the value");
    if (isMap(map)) entries.unshift(...mapEntries(conversion, map, { ...place, isAliased: true }));
  }
  return entries;
};

const mapEntries = (conversion: Conversion, map: YAMLMap, place: Place): [string, Json][] => {
  const merged: [string, Json][] = [];
  const own = new Map<string, Json>();
  for (const { key, value } of map.items) {
    const node = isNode(value) ? value : null;
    if (isMergeKey(key)) {
      merged.push(...mergedEntries(conversion, node, place));
      continue;
    }
    if (!isNode(key)) continue;
    const text = keyText(dereferenced(conversion, key));
    if (text === undefined) {
      fault(conversion, key, "yaml: a key must be a string");
      continue;
    }
    if (key.anchor) conversion.anchors.set(key.anchor, key);
    const path = [...place.path, text];
    if (own.has(text) && !place.isAliased) conversion.duplicates.push(path);
    own.set(text, jsonOf(conversion, node, { ...place, path, depth: place.depth + 1 }));
  }
  return [...merged, ...own];
};

const jsonOf = (conversion: Conversion, node: YamlNode | null, place: Place): Json => {
  if (node === null) return null;
  if (place.depth > maxDepth) return fault(conversion, node, `yaml: exceeded max depth of ${maxDepth}`);
  if (place.isAliased && ++conversion.aliased.count > maxAliased) {
    // Said once: the rest is not looked at any more.
    return conversion.aliased.count === maxAliased + 1
      ? fault(conversion, node, "yaml: document contains excessive aliasing")
      : null;
  }
  if (isAlias(node)) {
    const target = dereferenced(conversion, node);
    return target ? jsonOf(conversion, target, { ...place, depth: place.depth + 1, isAliased: true }) : null;
  }
  if (node.anchor) conversion.anchors.set(node.anchor, node);
  if (isScalar(node)) return scalarValue(conversion, node, node.value);
  if (isMap(node)) return Object.fromEntries(mapEntries(conversion, node, place));
  if (!isSeq(node)) return null;
  return node.items.map((item, index) =>
    jsonOf(conversion, isNode(item) ? item : null, { ...place, path: [...place.path, index], depth: place.depth + 1 }),
  );
};

/** The JSON of a document's content; faults and duplicate keys are noted in the conversion. */
export const jsonOfDocument = (conversion: Conversion, content: YamlNode | null): Json =>
  jsonOf(conversion, content, { path: [], depth: 0, isAliased: false });
