/** Each kind's table: its columns, and the row of one object. */
import type { Endpoints, KubeEvent, StoredObject } from "../../objects.ts";
import type { Cell, Column } from "../table.ts";
import { eventColumns, eventRow } from "./events.ts";
import {
  endpointSliceColumns,
  endpointSliceRow,
  endpointsColumns,
  endpointsRow,
  serviceColumns,
  serviceRow,
} from "./network.ts";
import { nodeColumns, nodeRow } from "./nodes.ts";
import {
  configMapColumns,
  configMapRow,
  namespaceColumns,
  namespaceRow,
  podDisruptionBudgetColumns,
  podDisruptionBudgetRow,
  secretColumns,
  secretRow,
} from "./plain.ts";
import { podColumns, podRow } from "./pods.ts";
import { deploymentColumns, deploymentRow, replicaSetColumns, replicaSetRow } from "./workloads.ts";

/** Everything that `get` can print. */
export type PrintableObject = StoredObject | Endpoints | KubeEvent;

export const columnsOf: Readonly<Record<PrintableObject["kind"], readonly Column[]>> = {
  Deployment: deploymentColumns,
  ReplicaSet: replicaSetColumns,
  Pod: podColumns,
  Service: serviceColumns,
  Endpoints: endpointsColumns,
  EndpointSlice: endpointSliceColumns,
  Node: nodeColumns,
  Namespace: namespaceColumns,
  ConfigMap: configMapColumns,
  Secret: secretColumns,
  PodDisruptionBudget: podDisruptionBudgetColumns,
  Event: eventColumns,
};

/** One cell for every column of the kind, wide ones included. */
export const rowOf = (object: PrintableObject, nowMs: number): readonly Cell[] => {
  switch (object.kind) {
    case "Deployment":
      return deploymentRow(object, nowMs);
    case "ReplicaSet":
      return replicaSetRow(object, nowMs);
    case "Pod":
      return podRow(object, nowMs);
    case "Service":
      return serviceRow(object, nowMs);
    case "Endpoints":
      return endpointsRow(object, nowMs);
    case "EndpointSlice":
      return endpointSliceRow(object, nowMs);
    case "Node":
      return nodeRow(object, nowMs);
    case "Namespace":
      return namespaceRow(object, nowMs);
    case "ConfigMap":
      return configMapRow(object, nowMs);
    case "Secret":
      return secretRow(object, nowMs);
    case "PodDisruptionBudget":
      return podDisruptionBudgetRow(object, nowMs);
    case "Event":
      return eventRow(object, nowMs);
  }
};
