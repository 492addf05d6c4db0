import type { Container, Deployment, ReplicaSet } from "../../objects.ts";
import { formatSelector } from "../../selector.ts";
import { age } from "../duration.ts";
import type { Cell } from "../table.ts";
import { columns } from "./columns.ts";

const templateColumns = ["Containers", "Images", "Selector"];

export const deploymentColumns = columns(["Name", "Ready", "Up-to-date", "Available", "Age"], templateColumns);

export const replicaSetColumns = columns(["Name", "Desired", "Current", "Ready", "Age"], templateColumns);

const templateCells = (containers: readonly Container[]): readonly Cell[] => [
  containers.map(({ name }) => name).join(","),
  containers.map(({ image = "" }) => image).join(","),
];

export const deploymentRow = ({ metadata, spec, status }: Deployment, nowMs: number): readonly Cell[] => [
  metadata.name,
  `${status?.readyReplicas ?? 0}/${spec.replicas ?? 1}`,
  status?.updatedReplicas ?? 0,
  status?.availableReplicas ?? 0,
  age(metadata.creationTimestamp, nowMs),
  ...templateCells(spec.template.spec.containers),
  formatSelector(spec.selector),
];

export const replicaSetRow = ({ metadata, spec, status }: ReplicaSet, nowMs: number): readonly Cell[] => [
  metadata.name,
  spec.replicas ?? 1,
  status?.replicas ?? 0,
  status?.readyReplicas ?? 0,
  age(metadata.creationTimestamp, nowMs),
  ...templateCells(spec.template?.spec.containers ?? []),
  formatSelector(spec.selector),
];
