/** What keeps pods from serving, said of one pod or of several that share a problem; the worst problem first. */
import type { Hindrance, PodState } from "./pod-state.ts";
import { type Block, counted, type RolloutPod } from "./rollout-model.ts";

type PodProblem = Exclude<Hindrance, "nothing" | "ended" | "terminating">;

/** In the order in which somebody should look at them. */
const problems: readonly PodProblem[] = [
  "unschedulable",
  "pulling",
  "crashLooping",
  "crashed",
  "restarted",
  "nodeDown",
  "notReady",
  "starting",
  "minReadySeconds",
];

const times = (count: number): string => (count === 1 ? "once" : `${count} times`);

/** `once`, `2 times`; of several pods `2 times each`, `1 to 3 times`. */
const crashTimes = (pods: readonly PodState[]): string => {
  const counts = pods.map(({ crashes }) => crashes?.count ?? 1);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  if (least !== most) return `${least} to ${most} times`;
  return counts.length === 1 || most === 1 ? times(most) : `${times(most)} each`;
};

const endedInOrder = (pods: readonly PodState[]): boolean => pods.every(({ crashes }) => crashes?.lastExitCode === 0);

const wordsOf = (problem: PodProblem, pods: readonly PodState[]): string => {
  const say = (ofOne: string, ofSeveral: string): string => (pods.length === 1 ? ofOne : ofSeveral);
  switch (problem) {
    case "unschedulable":
      return say("finds no node", "find no node");
    case "pulling":
      return say("cannot pull its image", "cannot pull their image");
    case "crashLooping":
      return endedInOrder(pods)
        ? say("ends again and again", "end again and again")
        : say("crashes again and again", "crash again and again");
    case "crashed":
    case "restarted":
      return `${endedInOrder(pods) ? "ended" : "crashed"} ${crashTimes(pods)}`;
    case "nodeDown":
      return say("is cut off with its node", "are cut off with their nodes");
    case "notReady":
      return say("runs but is not ready", "run but are not ready");
    case "starting":
      return say("is starting", "are starting");
    case "minReadySeconds":
      return say("is ready, but not for long enough", "are ready, but not for long enough");
  }
};

/**
 * The new pods' problems come first: the old ones are to go.
 * @param areAllNew then nobody needs to be told that they are.
 */
export const podBlocks = (
  pods: readonly RolloutPod[],
  areAllNew: boolean,
  minReadySeconds: number,
): readonly Block[] => {
  const blocks: Block[] = [];
  for (const isNew of [true, false]) {
    for (const problem of problems) {
      const affected = pods.filter((pod) => pod.hindrance === problem && pod.isNew === isNew);
      const [first] = affected;
      if (!first) continue;
      const subject = counted(affected.length, areAllNew ? "pod" : isNew ? "new pod" : "old pod");
      const message = problem === "minReadySeconds" ? `minReadySeconds is ${minReadySeconds}` : first.message;
      blocks.push({
        kind: problem,
        text: `${subject} ${wordsOf(problem, affected)}${message === "" ? "" : ` (${message})`}`,
        sinceMs: Math.min(...affected.map(({ sinceMs }) => sinceMs)),
        ...(problem === "restarted" ? { again: affected.length === 1 ? "runs again" : "run again" } : {}),
        ...(first.availableAtMs === undefined ? {} : { untilMs: first.availableAtMs }),
      });
    }
  }
  return blocks;
};
