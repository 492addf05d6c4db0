/** The fields that kinds share. */
import { bool, int64, list, map, pointer, string, struct, time, unchecked } from "./types.ts";

const ownerReference = struct("OwnerReference", {
  apiVersion: string,
  kind: string,
  name: string,
  uid: string,
  controller: pointer(bool),
  blockOwnerDeletion: pointer(bool),
});

export const objectMeta = struct("ObjectMeta", {
  name: string,
  generateName: string,
  namespace: string,
  selfLink: string,
  uid: string,
  resourceVersion: string,
  generation: int64,
  creationTimestamp: time,
  deletionTimestamp: time,
  deletionGracePeriodSeconds: pointer(int64),
  labels: map(string),
  annotations: map(string),
  ownerReferences: list(ownerReference),
  finalizers: list(string),
  managedFields: list(unchecked("ManagedFieldsEntry")),
});

export const labelSelector = struct("LabelSelector", {
  matchLabels: map(string),
  matchExpressions: list(
    struct("LabelSelectorRequirement", {
      key: string,
      operator: string,
      values: list(string),
    }),
  ),
});
