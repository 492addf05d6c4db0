/** `rollout help`: every verb, or one. */
import { globalFlags } from "../commands/common-flags.ts";
import { dispatch } from "../commands/dispatch.ts";
import { helpFlag } from "../commands/grammar/flags.ts";
import { flagLines, verbList } from "../commands/help.ts";
import { pointsHelp } from "../commands/history/points-help.ts";
import type { Verb, VerbDescription } from "../commands/verb.ts";
import { processFlags } from "./arguments.ts";
import type { CliContext } from "./context.ts";

const overview = (verbs: readonly VerbDescription[]): string =>
  [
    "Kubernetes rollouts in a simulated cluster, every change kept in one file.",
    "",
    "Stories, time and the ledger:",
    verbList(verbs.filter(({ ours }) => ours)),
    "kubectl's verbs (a leading `kubectl` may stay):",
    verbList(verbs.filter(({ ours }) => !ours)),
    "Everywhere:",
    ...flagLines([...processFlags, ...globalFlags, helpFlag]),
    "",
    'Start with "rollout run scenarios/canary-and-rollback.yaml". "rollout VERB --help" has examples.',
    '"rollout help points" tells how points in history are typed, such as rollout:3+20s.',
    "",
  ].join("\n");

/** `verbs` are those that it tells of, itself among them. */
export const help = (verbs: () => readonly Verb<CliContext>[]): Verb<CliContext> => ({
  name: "help",
  ours: true,
  summary: "What there is, how one verb is used, or how points in history are typed",
  usage: "[VERB | points]",
  examples: ["rollout help", "rollout help set image", "rollout help points"],
  flags: [],
  run: async (ctx, { args }) => {
    if (args.length === 1 && args[0] === "points") {
      ctx.io.out(pointsHelp);
      return 0;
    }
    if (args.length > 0) return dispatch(ctx, [...args, "--help"], verbs());
    ctx.io.out(overview(verbs()));
    return 0;
  },
});
