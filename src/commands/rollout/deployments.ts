/** The Deployments that a `rollout` verb works on. */
import * as E from "fp-ts/lib/Either.js";
import { qualifiedPlural, type ResourceType } from "../../kubernetes/kinds.ts";
import type { Deployment } from "../../kubernetes/objects.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { files, selector } from "../common-flags.ts";
import { clientFailure, type Failure, fail, refusedFailure, report } from "../failure.ts";
import type { Flag } from "../grammar/flags.ts";
import { notFound } from "../objects.ts";
import type { Target } from "../resource-args.ts";
import { selectTargets } from "../targets.ts";
import type { Invocation } from "../verb.ts";
import { isDeployment } from "./revisions.ts";

/** What every `rollout` verb understands. */
export const targetFlags: readonly Flag[] = [selector, ...files];
export const targetUsage = "(TYPE NAME | TYPE/NAME) [flags]";

/** `ReplicaSet.apps`, or `Pod` for the core group: how kubectl speaks of a kind that a verb does not serve. */
export const groupKind = ({ kind, group }: ResourceType): string => (group === "" ? kind : `${kind}.${group}`);

/** `pods "x" pausing is not supported`: how a verb that patches speaks of an object it cannot work on. */
export const objectProblem = ({ type, name }: Target, problem: string): Failure =>
  clientFailure(`error: ${qualifiedPlural(type)} ${JSON.stringify(name)} ${problem}`);

export interface Visitor {
  /** What to say of an object that is no Deployment. */
  readonly stranger: (target: Target) => Failure;
  /** Does the work, and answers with what went wrong. */
  readonly visit: (deployment: Deployment, target: Target) => readonly Failure[] | Promise<readonly Failure[]>;
}

/**
 * Visits the Deployments that the command line names (a type alone means all of it) one after the other, also after
 * failures, and reports these at the end.
 */
export const forEachDeployment = async (
  ctx: CommandContext,
  invocation: Invocation,
  { stranger, visit }: Visitor,
): Promise<ExitCode> => {
  const { args, flags, namespace } = invocation;
  if (args.length === 0 && !flags.given("filename")) return fail(ctx, "required resource not specified");
  const selection = selectTargets(ctx, invocation, { typeAloneMeansAll: true });
  if (E.isLeft(selection)) return report(ctx, selection.left);
  const { targets } = selection.right;
  if (targets.length === 0) ctx.io.err(`No resources found in ${namespace} namespace.\n`);
  const failures: Failure[] = [];
  for (const target of targets) {
    const { object } = target;
    if (object === undefined) failures.push(refusedFailure(notFound(target)));
    else if (!isDeployment(object)) failures.push(stranger(target));
    else failures.push(...(await visit(object, target)));
  }
  return report(ctx, failures);
};
