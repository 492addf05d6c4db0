/** What the ReplicaSet controller, the scheduler and the kubelets say about pods. */
import type { Digest } from "../domain/state.ts";
import type { Container, PodSpec } from "../kubernetes/objects.ts";
import {
  controllerIn,
  involved,
  involvedOwner,
  type KnownObjects,
  type KnownPod,
  partsOf,
  REPLICA_SET_CONTROLLER,
  type RecordedFact,
  type Speech,
} from "./kube-event-objects.ts";

const manages = (pod: KnownPod, stream: string, reason: string, verb: string): readonly Speech[] => {
  const { namespace, name } = partsOf(stream);
  if (pod.owner?.kind !== "ReplicaSet") return [];
  const object = involvedOwner(pod.owner, namespace);
  return [{ component: "replicaset-controller", object, type: "Normal", reason, message: `${verb} pod: ${name}` }];
};

const hostOf = ({ node }: KnownPod): { readonly host?: string } => (node === undefined ? {} : { host: node });

/** A kubelet about one container of its pod. */
const kubelet = (
  pod: KnownPod,
  stream: string,
  spec: PodSpec,
  container: string,
): ((type: Speech["type"], reason: string, message: string) => Speech) => {
  const list = spec.initContainers?.some(({ name }) => name === container) === true ? "initContainers" : "containers";
  const object = { ...involved(stream, "v1", pod.uid), fieldPath: `spec.${list}{${container}}` };
  const source = { component: "kubelet", ...hostOf(pod), object };
  return (type, reason, message) => ({ ...source, type, reason, message });
};

const containerNamed = (spec: PodSpec, name: string): Container | undefined =>
  spec.containers.find((container) => container.name === name) ??
  spec.initContainers?.find((container) => container.name === name);

const imageOf = (spec: PodSpec, container: string): string =>
  JSON.stringify(containerNamed(spec, container)?.image ?? "");

const probeFailure = (spec: PodSpec, container: string): string | undefined => {
  const probe = containerNamed(spec, container)?.readinessProbe;
  if (!probe) return undefined;
  return `Readiness probe failed: ${probe.httpGet ? "HTTP probe failed with statuscode: 503" : ""}`;
};

/** What a kubelet says about a pod, given what was known before the fact. */
const aboutPod = (pod: KnownPod, fact: RecordedFact, specOf: (digest: Digest) => PodSpec): readonly Speech[] => {
  const { stream } = fact;
  const { namespace, name } = partsOf(stream);
  const speaker = (container: string): ReturnType<typeof kubelet> => kubelet(pod, stream, specOf(pod.spec), container);
  const scheduler = { component: "default-scheduler", object: involved(stream, "v1", pod.uid) };
  switch (fact.type) {
    case "PodScheduled": {
      const message = `Successfully assigned ${namespace}/${name} to ${fact.data.node}`;
      return [{ ...scheduler, type: "Normal", reason: "Scheduled", message }];
    }
    case "PodUnschedulable":
      return [{ ...scheduler, type: "Warning", reason: "FailedScheduling", message: fact.data.message }];
    case "PodImagePullFailed": {
      const { container, reason, message } = fact.data;
      const say = speaker(container);
      const image = imageOf(specOf(pod.spec), container);
      const error = say("Warning", "Failed", `Error: ${reason}`);
      return reason === "ImagePullBackOff"
        ? [say("Normal", "BackOff", `Back-off pulling image ${image}`), error]
        : [
            say("Normal", "Pulling", `Pulling image ${image}`),
            say("Warning", "Failed", `Failed to pull image ${image}: ${message}`),
            error,
          ];
    }
    case "PodInitContainerStarted":
    case "PodContainerStarted": {
      const { container } = fact.data;
      const say = speaker(container);
      const image = imageOf(specOf(pod.spec), container);
      return [
        say("Normal", "Pulled", `Container image ${image} already present on machine`),
        say("Normal", "Created", `Created container: ${container}`),
        say("Normal", "Started", `Started container ${container}`),
      ];
    }
    case "PodBackOff": {
      const { container } = fact.data;
      const message = `Back-off restarting failed container ${container} in pod ${name}_${namespace}(${pod.uid})`;
      return [speaker(container)("Warning", "BackOff", message)];
    }
    case "PodUnready":
      return fact.data.containers.flatMap((container) => {
        const message = pod.running.includes(container) ? probeFailure(specOf(pod.spec), container) : undefined;
        return message === undefined ? [] : [speaker(container)("Warning", "Unhealthy", message)];
      });
    case "PodFailed": {
      const { reason, message = "" } = fact.data;
      if (reason !== "Evicted") return [];
      const object = involved(stream, "v1", pod.uid);
      return [{ component: "kubelet", ...hostOf(pod), object, type: "Warning", reason, message }];
    }
    case "PodDeletionRequested":
      return pod.deleting
        ? []
        : pod.running.map((container) => speaker(container)("Normal", "Killing", `Stopping container ${container}`));
    default:
      return [];
  }
};

const withoutRunning = (pod: KnownPod, container: string): KnownPod => ({
  ...pod,
  running: pod.running.filter((name) => name !== container),
});

const withoutOwner = ({ owner: _, ...rest }: KnownPod): KnownPod => rest;

const podAfter = (pod: KnownPod, fact: RecordedFact): KnownPod => {
  switch (fact.type) {
    case "PodScheduled":
      return { ...pod, node: fact.data.node };
    case "PodInitContainerStarted":
    case "PodContainerStarted":
      return { ...pod, running: [...pod.running, fact.data.container] };
    case "PodInitContainerCompleted":
    case "PodInitContainerFailed":
    case "PodContainerTerminated":
      return withoutRunning(pod, fact.data.container);
    case "PodSpecChanged":
      return { ...pod, spec: fact.data.to };
    case "PodAdopted":
      return { ...pod, owner: fact.data.owner };
    case "PodReleased":
      return withoutOwner(pod);
    case "PodDeletionRequested":
      return { ...pod, deleting: true };
    default:
      return pod;
  }
};

/** What is said at a fact of a pod's stream. */
export const speechesOfPod = (
  known: KnownObjects,
  fact: RecordedFact,
  specOf: (digest: Digest) => PodSpec,
): readonly Speech[] => {
  const { stream } = fact;
  if (fact.type === "PodCreated") {
    const { uid, spec, nodeName } = fact.data;
    const node = nodeName === undefined ? {} : { node: nodeName };
    const pod: KnownPod = { uid, spec, ...node, ...controllerIn(fact.data), deleting: false, running: [] };
    known.pods.set(stream, pod);
    return fact.actor === REPLICA_SET_CONTROLLER ? manages(pod, stream, "SuccessfulCreate", "Created") : [];
  }
  const pod = known.pods.get(stream);
  if (!pod) return [];
  const speeches = aboutPod(pod, fact, specOf);
  const goes = !pod.deleting && (fact.type === "PodDeletionRequested" || fact.type === "PodDeleted");
  if (fact.type === "PodDeleted") known.pods.delete(stream);
  else known.pods.set(stream, podAfter(pod, fact));
  return goes && fact.actor === REPLICA_SET_CONTROLLER
    ? [...manages(pod, stream, "SuccessfulDelete", "Deleted"), ...speeches]
    : speeches;
};
