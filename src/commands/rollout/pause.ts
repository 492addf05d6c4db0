/** `kubectl rollout pause`, `resume` and `restart`: small patches of one Deployment. */
import * as E from "fp-ts/lib/Either.js";
import type { JsonObject } from "../../kubernetes/json.ts";
import type { Deployment } from "../../kubernetes/objects.ts";
import { rfc3339 } from "../../kubernetes/time.ts";
import { RESTARTED_AT } from "../../kubernetes/well-known.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { fieldManager, output } from "../common-flags.ts";
import { clientFailure, type Failure, report } from "../failure.ts";
import { resultPrinter } from "../output.ts";
import { request } from "../request.ts";
import type { Invocation, Verb } from "../verb.ts";
import { forEachDeployment, objectProblem, targetFlags, targetUsage } from "./deployments.ts";

interface Change {
  readonly name: "pause" | "resume" | "restart";
  /** What the result line says. */
  readonly done: string;
  /** What the error says of other kinds. */
  readonly doing: string;
  /** The strategic merge patch; left is what is wrong with this Deployment. */
  readonly patchFor: (deployment: Deployment, nowMs: number) => E.Either<string, JsonObject | "unchanged">;
}

const patchDeployments = async (ctx: CommandContext, invocation: Invocation, change: Change): Promise<ExitCode> => {
  const printer = resultPrinter(ctx, invocation);
  if (E.isLeft(printer)) return report(ctx, [printer.left]);
  return forEachDeployment(ctx, invocation, {
    stranger: (target) => objectProblem(target, `${change.doing} is not supported`),
    visit: (deployment, target): readonly Failure[] => {
      const { namespace = "", name } = deployment.metadata;
      const patch = change.patchFor(deployment, ctx.session.now());
      if (E.isLeft(patch)) return [objectProblem(target, patch.left)];
      if (patch.right === "unchanged") {
        return [
          clientFailure(
            `failed to create patch for ${name}: if restart has already been triggered within the past second, please wait before attempting to trigger another`,
          ),
        ];
      }
      const answer = request(
        ctx,
        invocation,
        { verb: "patch", ref: { kind: "Deployment", namespace, name }, patchType: "strategic", patch: patch.right },
        { fieldManager: invocation.flags.text("field-manager"), verb: change.name },
      );
      return E.isLeft(answer)
        ? [clientFailure(`failed to patch: ${answer.left.message}`)]
        : printer.right(answer.right, change.done);
    },
  });
};

const verb = (change: Change, rest: Pick<Verb, "summary" | "examples">): Verb => ({
  name: change.name,
  group: "rollout",
  usage: targetUsage,
  flags: [...targetFlags, output, fieldManager("kubectl-rollout")],
  run: (ctx, invocation) => patchDeployments(ctx, invocation, change),
  ...rest,
});

export const pause = verb(
  {
    name: "pause",
    done: "paused",
    doing: "pausing",
    patchFor: ({ spec }) => (spec.paused === true ? E.left("is already paused") : E.right({ spec: { paused: true } })),
  },
  {
    summary: "Stop a rollout where it is; changes made meanwhile wait",
    examples: ["rollout pause deployment/web", "rollout set image deploy/web web=web:2 && rollout pause deploy/web"],
  },
);

export const resume = verb(
  {
    name: "resume",
    done: "resumed",
    doing: "resuming",
    patchFor: ({ spec }) => (spec.paused === true ? E.right({ spec: { paused: null } }) : E.left("is not paused")),
  },
  { summary: "Let a paused rollout go on", examples: ["rollout resume deployment/web"] },
);

export const restart = verb(
  {
    name: "restart",
    done: "restarted",
    doing: "restarting",
    patchFor: ({ spec }, nowMs) => {
      if (spec.paused === true) return E.left("can't restart paused deployment (run rollout resume first)");
      const restartedAt = rfc3339(nowMs);
      if (spec.template.metadata?.annotations?.[RESTARTED_AT] === restartedAt) return E.right("unchanged");
      return E.right({ spec: { template: { metadata: { annotations: { [RESTARTED_AT]: restartedAt } } } } });
    },
  },
  {
    summary: "Replace all pods, by a rollout of the same containers",
    examples: ["rollout restart deployment/web", "rollout restart deployment", "rollout restart deploy -l app=web"],
  },
);
