/** `rollout fault`: makes something go wrong, now. */
import * as E from "fp-ts/lib/Either.js";
import type { Fault } from "../../engine/session.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { selector } from "../common-flags.ts";
import { clientFailure, type Failure, fail, failUsage, refusedFailure, report } from "../failure.ts";
import { present } from "../resource-args.ts";
import { selectTargets } from "../targets.ts";
import type { Invocation, Verb } from "../verb.ts";

type PodFault = Exclude<Fault["type"], "node">;

const podFaults: Readonly<Record<PodFault, string>> = {
  crash: "crashed",
  fail: "failed",
  unready: "made unready",
  ready: "made ready",
};

const isPodFault = (word: string): word is PodFault => Object.hasOwn(podFaults, word);

const inject = (ctx: CommandContext, { commandLine }: Invocation, fault: Fault, result: string): readonly Failure[] => {
  const intent = { command: commandLine, verb: "fault" };
  const answer = ctx.session.injectFault(fault, { actor: ctx.actor, intent });
  if (E.isLeft(answer)) return [refusedFailure(answer.left)];
  ctx.io.out(`${result}\n`);
  return [];
};

const faultPods = (
  ctx: CommandContext,
  invocation: Invocation,
  type: PodFault,
  args: readonly string[],
): readonly Failure[] => {
  const selection = selectTargets(ctx, invocation, { args });
  if (E.isLeft(selection)) return selection.left;
  const stranger = selection.right.types.find(({ kind }) => kind !== "Pod");
  if (stranger) return [clientFailure(`only pods can be ${podFaults[type]}, not ${stranger.plural}`)];
  const { found, failures } = present(selection.right.targets);
  if (found.length === 0 && failures.length === 0) {
    ctx.io.err(`No resources found in ${invocation.namespace} namespace.\n`);
  }
  return [
    ...failures,
    ...found.flatMap(({ namespace, name }) =>
      inject(ctx, invocation, { type, namespace, pod: name }, `pod/${name} ${podFaults[type]}`),
    ),
  ];
};

const faultNode = (ctx: CommandContext, invocation: Invocation, args: readonly string[]): ExitCode => {
  const [node, state, ...more] = args;
  if (node === undefined || more.length > 0 || (state !== "down" && state !== "up")) {
    return failUsage(ctx, invocation.path, "a node and its state are required: node NAME down, or node NAME up");
  }
  return report(ctx, inject(ctx, invocation, { type: "node", node, up: state === "up" }, `node/${node} ${state}`));
};

export const fault: Verb = {
  name: "fault",
  ours: true,
  summary: "Make pods crash, fail or lose their readiness, or take a node down",
  usage: "(crash | fail | unready | ready) (pod/NAME | pods -l LABELS) | node NAME (down | up)",
  examples: [
    "rollout fault crash pod/web-5db6b86685-x2k9q",
    "rollout fault unready pods -l app=web",
    "rollout fault node node-2 down",
  ],
  flags: [selector],
  run: async (ctx, invocation) => {
    const [type, ...rest] = invocation.args.flatMap((word) => (word.startsWith("node/") ? word.split("/") : [word]));
    if (type === "node") return faultNode(ctx, invocation, rest);
    if (type !== undefined && isPodFault(type)) return report(ctx, faultPods(ctx, invocation, type, rest));
    const known = [...Object.keys(podFaults), "node"].join(", ");
    return type === undefined
      ? failUsage(ctx, invocation.path, `a fault is required: ${known}`)
      : fail(ctx, `unknown fault ${JSON.stringify(type)}; there are: ${known}`);
  },
};
