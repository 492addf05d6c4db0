/** Kinds whose rows need no thought. */
import type { ConfigMap, Namespace, PodDisruptionBudget, Secret } from "../../objects.ts";
import { age } from "../duration.ts";
import { numberAt } from "../fields.ts";
import type { Cell } from "../table.ts";
import { columns } from "./columns.ts";

export const namespaceColumns = columns(["Name", "Status", "Age"]);

export const namespaceRow = ({ metadata, status }: Namespace, nowMs: number): readonly Cell[] => [
  metadata.name,
  status?.phase ?? "",
  age(metadata.creationTimestamp, nowMs),
];

export const configMapColumns = columns(["Name", "Data", "Age"]);

export const configMapRow = ({ metadata, data = {}, binaryData = {} }: ConfigMap, nowMs: number): readonly Cell[] => [
  metadata.name,
  Object.keys(data).length + Object.keys(binaryData).length,
  age(metadata.creationTimestamp, nowMs),
];

export const secretColumns = columns(["Name", "Type", "Data", "Age"]);

export const secretRow = ({ metadata, type = "", data = {} }: Secret, nowMs: number): readonly Cell[] => [
  metadata.name,
  type,
  Object.keys(data).length,
  age(metadata.creationTimestamp, nowMs),
];

export const podDisruptionBudgetColumns = columns([
  "Name",
  "Min Available",
  "Max Unavailable",
  "Allowed Disruptions",
  "Age",
]);

export const podDisruptionBudgetRow = (
  { metadata, spec, status }: PodDisruptionBudget,
  nowMs: number,
): readonly Cell[] => [
  metadata.name,
  spec.minAvailable ?? "N/A",
  spec.maxUnavailable ?? "N/A",
  numberAt(status, "disruptionsAllowed"),
  age(metadata.creationTimestamp, nowMs),
];
