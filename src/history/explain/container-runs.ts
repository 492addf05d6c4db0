/** How the containers of a pod have fared since it was made: what their present states no longer tell. */
import type { RecordedEvent } from "../../event-store/port.ts";
import { foldedEvent } from "../../projections/replay.ts";

/** An end that its kubelet answers with another start, where the restart policy allows it. */
interface End {
  readonly seq: number;
  readonly atMs: number;
  readonly exitCode: number;
  /** What the kubelet waits before the next start, beside the start itself; 0 after the first end of a row. */
  readonly delayMs: number;
}

export interface ContainerRuns {
  /**
   * The ends of the present row. The kubelet lengthens its back-off from end to end; an end without one begins a row: it is
   * the first of all, or the container had run for long.
   */
  readonly row: readonly End[];
  /** Pulls in vain since the pod was made, and the last of them. */
  readonly failedPulls: number;
  readonly lastFailedPull?: { readonly seq: number; readonly atMs: number };
  /** When it was started last. */
  readonly startedAtMs?: number;
  /** It has been ready since its last start. */
  readonly wasReady: boolean;
}

export const noRuns: ContainerRuns = { row: [], failedPulls: 0, wasReady: false };

const ended = (runs: ContainerRuns, { seq, at }: RecordedEvent, exitCode: number): ContainerRuns => ({
  ...runs,
  row: [...runs.row, { seq, atMs: at, exitCode, delayMs: 0 }],
});

/** The back-off follows its end in the same commit. Without one the next end would begin a row of its own. */
const backedOff = ({ row, ...rest }: ContainerRuns, delayMs: number): ContainerRuns => {
  const last = row.at(-1);
  return { ...rest, row: last ? [...row.slice(0, -1), { ...last, delayMs }] : row };
};

const currentRow = (ends: readonly End[]): readonly End[] => {
  const first = ends.findLastIndex(({ delayMs }) => delayMs === 0);
  return first < 0 ? ends : ends.slice(first);
};

/** @param events those of the pod's stream; of several pods that bore the name, the last one's runs are told. */
export const containerRuns = (events: Iterable<RecordedEvent>): ReadonlyMap<string, ContainerRuns> => {
  const found = new Map<string, ContainerRuns>();
  // A container whose image was changed is ended by its kubelet to start anew: that is no crash.
  let isToBeReplaced = false;
  const change = (container: string, how: (runs: ContainerRuns) => ContainerRuns): void => {
    found.set(container, how(found.get(container) ?? noRuns));
  };
  for (const recorded of events) {
    const event = foldedEvent(recorded);
    switch (event.type) {
      case "PodCreated":
        found.clear();
        isToBeReplaced = false;
        break;
      case "PodSpecChanged":
        isToBeReplaced = true;
        break;
      case "PodContainerStarted":
      case "PodInitContainerStarted":
        isToBeReplaced = false;
        change(event.data.container, (runs) => ({ ...runs, startedAtMs: recorded.at, wasReady: false }));
        break;
      case "PodContainerReady":
        change(event.data.container, (runs) => ({ ...runs, wasReady: true }));
        break;
      case "PodReady":
        for (const container of found.keys()) change(container, (runs) => ({ ...runs, wasReady: true }));
        break;
      case "PodContainerTerminated": {
        const { container, exitCode } = event.data;
        if (!isToBeReplaced || exitCode !== 0) change(container, (runs) => ended(runs, recorded, exitCode));
        break;
      }
      case "PodInitContainerFailed": {
        const { container, exitCode } = event.data;
        change(container, (runs) => ended(runs, recorded, exitCode));
        break;
      }
      case "PodBackOff": {
        const { container, delayMs } = event.data;
        change(container, (runs) => backedOff(runs, delayMs));
        break;
      }
      case "PodImagePullFailed": {
        // The other reasons tell of the wait between two pulls.
        if (event.data.reason !== "ErrImagePull") break;
        const { seq, at } = recorded;
        change(event.data.container, (runs) => ({
          ...runs,
          failedPulls: runs.failedPulls + 1,
          lastFailedPull: { seq, atMs: at },
        }));
        break;
      }
      default:
        break;
    }
  }
  return new Map([...found].map(([name, runs]) => [name, { ...runs, row: currentRow(runs.row) }]));
};
