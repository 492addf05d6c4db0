/** Defaults of pods and pod templates, and what admission adds to a pod. */
import { isJsonObject } from "../json.ts";
import type { Container, PodSpec, PodTemplate, ResourceRequirements, Toleration, Volume } from "../objects.ts";
import { milliUnits } from "../quantity.ts";
import { volumeSources } from "../schema/pod.ts";
import { containerDefaults } from "./container.ts";
import { assign, fill, mapItems, memoised, orEmpty } from "./fill.ts";

/** Files made from these may be read by everybody. */
const sourcesWithMode = ["configMap", "secret", "downwardAPI", "projected"];
const defaultMode = 0o644;

const volumeDefaults = (volume: Volume): Volume => {
  if (!Object.keys(volume).some((key) => Object.hasOwn(volumeSources, key))) return { ...volume, emptyDir: {} };
  const source = sourcesWithMode.find((name) => isJsonObject(volume[name]));
  const content = source === undefined ? undefined : volume[source];
  return source !== undefined && isJsonObject(content)
    ? assign(volume, { [source]: fill(content, { defaultMode }) })
    : volume;
};

/**
 * The defaults of a pod's spec, as in a template. Runs before validation: what the type requires may be missing, and
 * stays so.
 */
export const podSpecDefaults = memoised((spec: PodSpec): PodSpec => {
  const filled = fill(spec, {
    restartPolicy: "Always",
    terminationGracePeriodSeconds: 30,
    dnsPolicy: "ClusterFirst",
    securityContext: {},
    schedulerName: "default-scheduler",
  });
  const { containers, initContainers, volumes } = filled;
  const withContainerDefaults = containerDefaults(filled.hostNetwork === true);
  return assign(filled, {
    containers: mapItems(containers, withContainerDefaults),
    ...(initContainers ? { initContainers: mapItems(initContainers, withContainerDefaults) } : {}),
    ...(volumes ? { volumes: mapItems(volumes, volumeDefaults) } : {}),
  });
});

/** The defaults of a pod template. One template is defaulted once: the answer is remembered. */
export const podTemplateDefaults = memoised(
  (template: PodTemplate): PodTemplate => assign(template, { spec: podSpecDefaults(orEmpty(template.spec)) }),
);

/** Resources with a limit and no request get the limit as their request. Only pods: templates keep what was written. */
const requestsFromLimits = (container: Container): Container => {
  const { limits, requests = {} } = container.resources ?? {};
  if (!limits || Object.keys(limits).every((name) => Object.hasOwn(requests, name))) return container;
  const resources: ResourceRequirements = { ...container.resources, requests: { ...limits, ...requests } };
  return { ...container, resources };
};

const nodeOutageTolerationSeconds = 300;
const nodeOutages = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

const tolerates = (tolerations: readonly Toleration[], key: string): boolean =>
  tolerations.some(
    (toleration) => (toleration.key ?? key) === key && (toleration.effect ?? "NoExecute") === "NoExecute",
  );

/** Pods stay five minutes on a node that has failed, unless they say otherwise. */
const withTolerations = (tolerations: readonly Toleration[]): readonly Toleration[] => {
  const missing = nodeOutages.filter((key) => !tolerates(tolerations, key));
  if (missing.length === 0) return tolerations;
  const added = missing.map((key) => ({
    key,
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds: nodeOutageTolerationSeconds,
  }));
  return [...tolerations, ...added];
};

/**
 * What a pod gets beyond its template: the pod-only defaults (`enableServiceLinks`, requests from limits) and what the
 * admission plugins set (priority, tolerations of node outages). The spec must have its template defaults.
 */
export const withPodAdmission = memoised((spec: PodSpec): PodSpec => {
  const filled = fill(spec, { enableServiceLinks: true, priority: 0, preemptionPolicy: "PreemptLowerPriority" });
  return assign(filled, {
    containers: mapItems(filled.containers, requestsFromLimits),
    ...(filled.initContainers ? { initContainers: mapItems(filled.initContainers, requestsFromLimits) } : {}),
    tolerations: withTolerations(filled.tolerations ?? []),
  });
});

type QosClass = "Guaranteed" | "Burstable" | "BestEffort";

const computeResources = ["cpu", "memory"];

/**
 * The quality-of-service class: Guaranteed when every container has CPU and memory limits equal to its requests,
 * BestEffort when no container has either, Burstable otherwise.
 */
export const qosClass = ({ containers, initContainers = [] }: PodSpec): QosClass => {
  let asksForAny = false;
  let guaranteed = true;
  for (const { resources } of [...initContainers, ...containers]) {
    for (const name of computeResources) {
      const limit = milliUnits(resources?.limits?.[name]);
      const request = milliUnits(resources?.requests?.[name] ?? resources?.limits?.[name]);
      asksForAny ||= limit > 0 || request > 0;
      guaranteed &&= limit > 0 && limit === request;
    }
  }
  if (!asksForAny) return "BestEffort";
  return guaranteed ? "Guaranteed" : "Burstable";
};
