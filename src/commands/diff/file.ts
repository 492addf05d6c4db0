/** Two versions of an object as two versions of a file. */
import type { Json } from "../../kubernetes/json.ts";
import type { KubeObject } from "../../kubernetes/objects.ts";
import { printYaml } from "../../kubernetes/printing/yaml.ts";
import { unifiedDiff } from "./unified.ts";

/** What stands in the file, and the folder that says which version it is; there may be no such file. */
export interface Version {
  readonly at: string;
  readonly value: Json | undefined;
}

/** `apps.v1.Deployment.default.web`: what `kubectl diff` calls an object's file. */
export const fileOf = ({ apiVersion, kind, metadata }: KubeObject): string =>
  [apiVersion.replace("/", "."), kind, metadata.namespace ?? "", metadata.name].join(".");

const text = ({ value }: Version): string => (value === undefined ? "" : printYaml(value));

/** The difference as `diff -u -N` shows it; empty when there is none. */
export const fileDifference = (from: Version, to: Version, file: string): string => {
  const hunks = unifiedDiff(text(from), text(to));
  if (hunks === "") return "";
  const [before, after] = [`${from.at}/${file}`, `${to.at}/${file}`];
  return `diff -u -N ${before} ${after}\n--- ${before}\n+++ ${after}\n${hunks}`;
};
