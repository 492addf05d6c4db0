/** What may differ, each with its reason; the README of the folder above lists the same. */
import type { Comparison } from "./outputs.ts";
import type { KubectlStep } from "./recording.ts";

const varying: readonly string[] = [
  "d2-scale-paused-10-15",
  "g1-rollover",
  "g2-rollover-back",
  "i3-history-limit-lowered",
  "m-delete-background",
  "m-delete-mid-rollout",
];

/** Deletions that follow one another, in the order of the alphabet. */
const withDeletionsSorted = (decisions: string): string =>
  decisions.replace(/(?:.*: deleted\n){2,}/g, (run) => `${run.trimEnd().split("\n").sort().join("\n")}\n`);

/** Why the decisions of a recording in this namespace may differ. */
export const exceptedDecisions = (namespace: string, { recorded, ours }: Comparison): string | undefined => {
  if (varying.includes(namespace)) return "their order varies from run to run of the real thing";
  return withDeletionsSorted(recorded) === withDeletionsSorted(ours)
    ? "objects that go together go in any order: the garbage collector's workers run in parallel"
    : undefined;
};

const foreignVerbs = ["autoscale", "run"];

/** Why what a command says may differ. */
export const exceptedCommand = ({ argv }: KubectlStep): string | undefined =>
  foreignVerbs.includes(argv[1] ?? "") ? `${argv[1]} is no verb of ours` : undefined;

/**
 * A sync that writes a Deployment's status twice writes the second time on Kubernetes' outdated copy, which is refused. So the
 * condition that a ReplicaSet was created, which follows a condition written in the same sync, is lost there and kept here.
 */
export const withoutLostCreation = (conditions: readonly string[]): readonly string[] =>
  conditions.filter(
    (condition, at) =>
      !(condition.endsWith(" NewReplicaSetCreated") && conditions[at - 1]?.endsWith(" DeploymentResumed")),
  );
