import * as E from "fp-ts/lib/Either.js";
import type { KubeObject } from "../kubernetes/objects.ts";
import type { CommandContext } from "./command.ts";
import * as common from "./common-flags.ts";
import type { Failure } from "./failure.ts";
import { clientFailure, fail, refusedFailure, report } from "./failure.ts";
import { notFound, storedKind } from "./objects.ts";
import type { ResultPrinter } from "./output.ts";
import { resultPrinter } from "./output.ts";
import type { Target } from "./resource-args.ts";
import { selectTargets } from "./targets.ts";
import type { Verb } from "./verb.ts";
import type { Check } from "./wait-condition.ts";
import { parseCondition } from "./wait-condition.ts";
import { interruptedExitCode, timedOut, waitUntilGone, watchObject } from "./waiting.ts";

const weekMs = 7 * 24 * 3_600_000;

interface Patience {
  /** Zero: look once. */
  readonly timeoutMs: number;
  readonly deadlineMs: number;
}

const leftMs = (ctx: CommandContext, { deadlineMs }: Patience): number => Math.max(0, deadlineMs - ctx.session.now());

type Outcome = { readonly met: KubeObject | undefined } | { readonly failure: Failure } | "interrupted";

const notMet = ({ type, name }: Target): Outcome => ({
  failure: clientFailure(`condition not met for ${type.plural}/${name}`),
});

const awaitDeletion = async (ctx: CommandContext, target: Target, patience: Patience): Promise<Outcome> => {
  if (!target.object) return { met: undefined };
  if (patience.timeoutMs === 0) return notMet(target);
  const failure = await waitUntilGone(ctx, target, target.object, leftMs(ctx, patience));
  if (failure === "interrupted") return failure;
  return failure ? { failure } : { met: target.object };
};

/** Watches until the check is true of the object; a check that cannot be made ends the wait with its error. */
const awaitCheck = async (ctx: CommandContext, target: Target, check: Check, patience: Patience): Promise<Outcome> => {
  let last = target.object;
  let verdict = last ? check.holds(last) : E.right(false);
  if (E.isRight(verdict) && !verdict.right && patience.timeoutMs > 0) {
    let gone = false;
    const end = await watchObject(ctx, target, leftMs(ctx, patience), (event) => {
      gone = event.type === "DELETED";
      last = event.object;
      verdict = gone ? E.right(false) : check.holds(last);
      return gone || E.isLeft(verdict) || verdict.right ? "stop" : "continue";
    });
    if (end === "interrupted") return end;
    if (gone) return { failure: refusedFailure(notFound(target)) };
    if (end !== "stopped") return { failure: timedOut(target, end, last ? check.found(last) : "it was never created") };
  }
  if (E.isLeft(verdict)) return { failure: clientFailure(verdict.left) };
  return verdict.right ? { met: last } : notMet(target);
};

const awaitCreation = async (ctx: CommandContext, target: Target, patience: Patience): Promise<Outcome> => {
  const created: Check = { holds: () => E.right(true), found: () => "" };
  const outcome = target.object ? { met: target.object } : await awaitCheck(ctx, target, created, patience);
  if (outcome === "interrupted" || !("failure" in outcome)) return outcome;
  return { failure: clientFailure("timed out waiting for the condition", outcome.failure.notes) };
};

const run: Verb["run"] = async (ctx, invocation) => {
  const { flags } = invocation;
  const condition = parseCondition(flags.text("for"));
  if (E.isLeft(condition)) return fail(ctx, condition.left);
  const print = resultPrinter(ctx, invocation);
  if (E.isLeft(print)) return report(ctx, [print.left]);
  const selection = selectTargets(ctx, invocation);
  if (E.isLeft(selection)) return report(ctx, selection.left);
  const { targets } = selection.right;
  const wanted = condition.right;
  if (targets.length === 0 && wanted.type !== "delete") return fail(ctx, "no matching resources found");
  const asked = flags.durationMs("timeout");
  const timeoutMs = asked < 0 ? weekMs : asked;
  const patience = { timeoutMs, deadlineMs: ctx.session.now() + timeoutMs };
  const awaitOne = (target: Target): Promise<Outcome> => {
    if (wanted.type === "delete") return awaitDeletion(ctx, target, patience);
    if (wanted.type === "create") return awaitCreation(ctx, target, patience);
    return target.object
      ? awaitCheck(ctx, target, wanted.check, patience)
      : Promise.resolve({ failure: refusedFailure(notFound(target)) });
  };
  return waitForAll(ctx, targets, awaitOne, print.right);
};

const waitForAll = async (
  ctx: CommandContext,
  targets: readonly Target[],
  awaitOne: (target: Target) => Promise<Outcome>,
  print: ResultPrinter,
): Promise<number> => {
  const failures: Failure[] = [];
  for (const target of targets) {
    if (storedKind(target.type) === undefined) return fail(ctx, `${target.type.plural} cannot be waited for`);
    const outcome = await awaitOne(target);
    if (outcome === "interrupted") return interruptedExitCode;
    if ("failure" in outcome) failures.push(outcome.failure);
    else if (outcome.met) failures.push(...print(outcome.met, "condition met"));
  }
  return report(ctx, failures);
};

export const wait: Verb = {
  name: "wait",
  summary: "Wait until objects are in a state, created or gone",
  usage: "(-f FILENAME | TYPE NAME | TYPE/NAME | TYPE (-l label | --all)) --for=CONDITION",
  examples: [
    "rollout wait deployment/web --for=condition=Available --timeout=60s",
    "rollout wait pod -l app=web --for=condition=Ready",
    "rollout wait deployment/web --for=jsonpath='{.status.readyReplicas}'=3",
    "rollout wait pod/web-5db6b86685-x2k9q --for=delete",
  ],
  flags: [
    {
      name: "for",
      type: "string",
      help: "condition=NAME[=VALUE], jsonpath='{PATH}'[=VALUE], create or delete.",
    },
    {
      name: "timeout",
      type: "duration",
      default: "30s",
      help: "How long, in cluster time; 0 looks once, below 0 waits a week.",
    },
    common.all,
    common.allNamespaces,
    common.selector,
    common.fieldSelector,
    ...common.files,
    common.output,
  ],
  run,
};
