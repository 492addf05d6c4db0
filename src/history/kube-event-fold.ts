/** The fold of Kubernetes events as it is kept at positions of the log. */
import type { EventType } from "../domain/events.ts";
import type { Digest, Uid } from "../domain/state.ts";
import { isJsonArray, isJsonObject } from "../kubernetes/json.ts";
import type { PodSpec } from "../kubernetes/objects.ts";
import type { KeptFold } from "../projections/kept-fold.ts";
import { foldedEvent } from "../projections/replay.ts";
import { type KeptCorrelator, keepCorrelator, resumeCorrelator } from "./kube-event-correlator.ts";
import type { KnownOwned, KnownPod } from "./kube-event-objects.ts";
import { foldKubeEvents, type HeldEvent, heldKey, type KubeEventsState, noKubeEvents } from "./kube-events.ts";

/** Components speak at these, or learn from them whom they speak about. */
const types: readonly EventType[] = [
  "DeploymentCreated",
  "DeploymentDeleted",
  "ReplicaSetCreated",
  "ReplicaSetScaled",
  "ReplicaSetAdopted",
  "ReplicaSetReleased",
  "ReplicaSetDeleted",
  "PodCreated",
  "PodScheduled",
  "PodUnschedulable",
  "PodInitContainerStarted",
  "PodInitContainerCompleted",
  "PodInitContainerFailed",
  "PodImagePullFailed",
  "PodContainerStarted",
  "PodUnready",
  "PodContainerTerminated",
  "PodBackOff",
  "PodFailed",
  "PodAdopted",
  "PodReleased",
  "PodSpecChanged",
  "PodDeletionRequested",
  "PodDeleted",
  "WriteRefused",
];

type Entries<T> = readonly (readonly [stream: string, known: T])[];

interface KeptKubeEvents {
  readonly deployments: Entries<Uid>;
  readonly replicaSets: Entries<KnownOwned>;
  readonly pods: Entries<KnownPod>;
  readonly correlators: readonly (readonly [recorder: string, KeptCorrelator])[];
  readonly held: readonly HeldEvent[];
}

/** As far as a form can tell: a snapshot is seen under its fold's name and version only. */
const isKept = (kept: unknown): kept is KeptKubeEvents =>
  isJsonObject(kept) && [kept.deployments, kept.replicaSets, kept.pods, kept.correlators, kept.held].every(isJsonArray);

/** @param specOf resolves the digest of a pod's spec. */
export const kubeEventFold = (specOf: (digest: Digest) => PodSpec): KeptFold<KubeEventsState> => ({
  name: "kube-events",
  version: 1,
  types,
  begin: () => noKubeEvents(specOf),
  apply(state, event) {
    const { seq, stream, actor } = event;
    return foldKubeEvents(state, { ...foldedEvent(event), seq, stream, actor });
  },
  keep: ({ known, correlators, held }) => ({
    deployments: [...known.deployments],
    replicaSets: [...known.replicaSets],
    pods: [...known.pods],
    correlators: Array.from(correlators, ([recorder, correlator]) => [recorder, keepCorrelator(correlator)] as const),
    held: [...held.values()],
  }),
  resume(kept) {
    if (!isKept(kept)) return undefined;
    const { deployments, replicaSets, pods, correlators, held } = kept;
    return {
      specOf,
      known: { deployments: new Map(deployments), replicaSets: new Map(replicaSets), pods: new Map(pods) },
      correlators: new Map(
        correlators.map(([recorder, correlator]) => [recorder, resumeCorrelator(correlator)] as const),
      ),
      held: new Map(held.map((event) => [heldKey(event), event] as const)),
    };
  },
});
