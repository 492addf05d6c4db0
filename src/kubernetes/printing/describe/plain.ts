/** Descriptions of kinds that consist of little more than their fields. */
import type { ConfigMap, Namespace, PodDisruptionBudget, Secret } from "../../objects.ts";
import { formatSelector } from "../../selector.ts";
import { numberAt } from "../fields.ts";
import { sortedKeys } from "../go-format.ts";
import { Description, describeMetadata } from "./description.ts";
import { type DescribeContext, describeEvents } from "./events.ts";

/** What `kubectl describe namespace` prints; there are no quotas and no limit ranges. */
export const describeNamespace = ({ metadata, status }: Namespace): string => {
  const to = new Description();
  to.entry(0, "Name", metadata.name);
  to.labels("Labels", metadata.labels);
  to.annotations("Annotations", metadata.annotations);
  to.entry(0, "Status", status?.phase ?? "");
  to.line(0, "\nNo resource quota.\n\nNo LimitRange resource.");
  return to.aligned;
};

/** What `kubectl describe configmap` prints. */
export const describeConfigMap = (configMap: ConfigMap, context: DescribeContext): string => {
  const { data = {}, binaryData = {} } = configMap;
  const to = new Description();
  describeMetadata(to, configMap);
  to.line(0, "\nData\n====");
  for (const key of sortedKeys(data)) to.line(0, `${key}:\n----\n${data[key] ?? ""}\n`);
  to.line(0, "\nBinaryData\n====");
  for (const key of sortedKeys(binaryData)) to.line(0, `${key}: ${base64Bytes(binaryData[key] ?? "")} bytes`);
  to.line(0, "");
  describeEvents(to, context);
  return to.aligned;
};

/** What `kubectl describe secret` prints: the sizes of its values, never the values. */
export const describeSecret = (secret: Secret): string => {
  const { type = "", data = {} } = secret;
  const to = new Description();
  describeMetadata(to, secret);
  to.line(0, `\nType:\t${type}`);
  to.line(0, "\nData\n====");
  for (const key of sortedKeys(data)) to.entry(0, key, `${base64Bytes(data[key] ?? "")} bytes`);
  return to.aligned;
};

/** The number of bytes that a base64 text stands for. */
const base64Bytes = (text: string): number => {
  const digits = text.replace(/[\s=]/g, "").length;
  return Math.floor((digits * 3) / 4);
};

/** What `kubectl describe poddisruptionbudget` prints. */
export const describePodDisruptionBudget = (budget: PodDisruptionBudget, context: DescribeContext): string => {
  const { metadata, spec, status } = budget;
  const to = new Description();
  to.entry(0, "Name", metadata.name);
  to.entry(0, "Namespace", metadata.namespace ?? "");
  if (spec.minAvailable !== undefined) to.entry(0, "Min available", spec.minAvailable);
  else if (spec.maxUnavailable !== undefined) to.entry(0, "Max unavailable", spec.maxUnavailable);
  to.entry(0, "Selector", spec.selector ? formatSelector(spec.selector) : "<unset>");
  to.line(0, "Status:");
  to.entry(2, "Allowed disruptions", numberAt(status, "disruptionsAllowed"));
  to.entry(2, "Current", numberAt(status, "currentHealthy"));
  to.entry(2, "Desired", numberAt(status, "desiredHealthy"));
  to.entry(2, "Total", numberAt(status, "expectedPods"));
  describeEvents(to, context);
  return to.aligned;
};
