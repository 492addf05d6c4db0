/** `kubectl rollout status`: follows a Deployment until its rollout is done. */
import * as E from "fp-ts/lib/Either.js";
import type { Deployment } from "../../kubernetes/objects.ts";
import type { CommandContext } from "../command.ts";
import { asOf } from "../common-flags.ts";
import { clientFailure, type Failure, fail } from "../failure.ts";
import type { Target } from "../resource-args.ts";
import type { Invocation, Verb } from "../verb.ts";
import { interruptedExitCode, watchObject } from "../waiting.ts";
import { forEachDeployment, groupKind, targetFlags, targetUsage } from "./deployments.ts";
import { progressOf } from "./progress.ts";
import { isDeployment } from "./revisions.ts";

const tellOnce = (ctx: CommandContext, deployment: Deployment, revision: number): readonly Failure[] => {
  const progress = progressOf(deployment, revision);
  if (E.isLeft(progress)) return [clientFailure(progress.left)];
  ctx.io.out(`${progress.right.line}\n`);
  return [];
};

/** What the person is told who waited in vain: nothing will change any more, and this is what is missing. */
const stuck = (deployment: Deployment, waitsFor: string): string => {
  const paused = deployment.spec.paused === true ? ", and it is paused" : "";
  const name = JSON.stringify(deployment.metadata.name);
  return `nothing has changed for 1h of cluster time: deployment ${name} still waits for ${waitsFor}${paused}`;
};

/** One line for each change, equal ones too, as kubectl prints them. */
const follow = async (
  ctx: CommandContext,
  target: Target,
  { revision, timeoutMs }: { readonly revision: number; readonly timeoutMs: number },
): Promise<readonly Failure[]> => {
  const failures: Failure[] = [];
  let missing = "";
  const end = await watchObject(ctx, target, timeoutMs > 0 ? timeoutMs : undefined, ({ type, object }) => {
    if (type === "DELETED") {
      failures.push(clientFailure("object has been deleted"));
      return "stop";
    }
    if (!isDeployment(object)) throw new Error(`a watch on Deployments gave a ${object.kind}`);
    const progress = progressOf(object, revision);
    if (E.isLeft(progress)) {
      failures.push(clientFailure(progress.left));
      return "stop";
    }
    missing = stuck(object, progress.right.waitsFor);
    ctx.io.out(`${progress.right.line}\n`);
    return progress.right.done ? "stop" : "continue";
  });
  if (end === "timeout") return [clientFailure("timed out waiting for the condition")];
  if (end === "idle") return [clientFailure(missing)];
  return failures;
};

const run = async (ctx: CommandContext, invocation: Invocation): Promise<number> => {
  const { flags } = invocation;
  const revision = flags.integer("revision");
  if (revision < 0) return fail(ctx, `revision must be a positive integer: ${revision}`);
  const code = await forEachDeployment(ctx, invocation, {
    stranger: ({ type }) => clientFailure(`no status viewer has been implemented for ${groupKind(type)}`),
    visit: (deployment, target) =>
      flags.on("watch") && !flags.given(asOf.name)
        ? follow(ctx, target, { revision, timeoutMs: flags.durationMs("timeout") })
        : tellOnce(ctx, deployment, revision),
  });
  return ctx.signal?.aborted === true ? interruptedExitCode : code;
};

export const status: Verb = {
  name: "status",
  group: "rollout",
  summary: "Follow a rollout until it is done",
  usage: targetUsage,
  examples: [
    "rollout status deployment/web",
    "rollout status deploy/web --timeout=90s",
    "rollout status deploy -l app=web",
    "rollout status deploy/web --as-of rollout:3+10s",
  ],
  flags: [
    ...targetFlags,
    asOf,
    { name: "watch", short: "w", type: "boolean", default: "true", help: "Follow the rollout until it is done." },
    { name: "revision", type: "integer", help: "Fail unless this revision is the running one; 0: the latest." },
    { name: "timeout", type: "duration", help: "How long to follow, in cluster time; 0: until it is done." },
  ],
  run,
};
