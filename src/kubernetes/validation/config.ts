/** ConfigMaps and Secrets. */
import { configMapKey, dns1123Subdomain } from "../names.ts";
import type { ConfigMap, Secret, StringMap } from "../objects.ts";
import type { FieldCause } from "../refusal.ts";
import { sortedKeys } from "../sorted.ts";
import type { Decoded } from "./field.ts";
import { forbidden, immutable, invalidValue, named, required, tooLong } from "./field.ts";
import { validateMetadata, validateMetadataUpdate } from "./metadata.ts";

const rules = { name: dns1123Subdomain, namespaced: true };
const maxDataBytes = 1024 * 1024;

const utf8 = new TextEncoder();
const textBytes = (text: string): number => utf8.encode(text).length;
const base64Bytes = (text: string): number => Math.floor((text.replace(/=+$/, "").length * 3) / 4);

const size = (data: StringMap, bytesOf: (text: string) => number): number =>
  Object.values(data).reduce((sum, text) => sum + bytesOf(text), 0);

const validateKeys = (field: string, data: StringMap, others: StringMap = {}): readonly FieldCause[] =>
  sortedKeys(data).flatMap((key) => [
    ...named(configMapKey, `${field}[${key}]`, key),
    ...(Object.hasOwn(others, key)
      ? [invalidValue(`${field}[${key}]`, key, "duplicate of key present in binaryData")]
      : []),
  ]);

export const validateConfigMap = ({
  metadata,
  data = {},
  binaryData = {},
}: Decoded<ConfigMap>): readonly FieldCause[] => [
  ...validateMetadata(metadata, rules),
  ...validateKeys("data", data, binaryData),
  ...validateKeys("binaryData", binaryData),
  ...(size(data, textBytes) + size(binaryData, base64Bytes) > maxDataBytes ? [tooLong("", maxDataBytes)] : []),
];

/** Keys that a Secret of a well-known type must hold. */
const requiredKeys: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
};

/** After defaulting, so that `stringData` has become `data`. */
export const validateSecret = ({ metadata, data = {}, type = "" }: Decoded<Secret>): readonly FieldCause[] => [
  ...validateMetadata(metadata, rules),
  ...validateKeys("data", data),
  ...(size(data, base64Bytes) > maxDataBytes ? [tooLong("data", maxDataBytes)] : []),
  ...(requiredKeys[type] ?? []).filter((key) => !Object.hasOwn(data, key)).map((key) => required(`data[${key}]`)),
];

/** An object marked immutable stays so, with its content. */
const validateImmutable = (
  before: ConfigMap | Secret,
  after: Decoded<ConfigMap> | Decoded<Secret>,
): readonly FieldCause[] => {
  if (before.immutable !== true) return [];
  const contents = ["data", "binaryData"].filter(
    (field) => immutable(field, Reflect.get(before, field), Reflect.get(after, field)).length > 0,
  );
  const changed = after.immutable === true ? contents : ["immutable", ...contents];
  return changed.map((field) => forbidden(field, "field is immutable when `immutable` is set"));
};

export const validateConfigMapUpdate = (before: ConfigMap, after: Decoded<ConfigMap>): readonly FieldCause[] => [
  ...validateMetadataUpdate(before.metadata, after.metadata ?? {}),
  ...validateImmutable(before, after),
];

export const validateSecretUpdate = (before: Secret, after: Decoded<Secret>): readonly FieldCause[] => [
  ...validateMetadataUpdate(before.metadata, after.metadata ?? {}),
  ...immutable("type", before.type, after.type ?? before.type),
  ...validateImmutable(before, after),
];
