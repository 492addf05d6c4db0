/** `kubectl rollout undo`: gives a Deployment the template of an earlier revision, by a JSON patch. */
import * as E from "fp-ts/lib/Either.js";
import type { Session } from "../../engine/session.ts";
import { equalIgnoreHash } from "../../kubernetes/equality.ts";
import { asJson, type Json } from "../../kubernetes/json.ts";
import type { Deployment, PodTemplate, ReplicaSet, StringMap } from "../../kubernetes/objects.ts";
import { printPodTemplate } from "../../kubernetes/printing/describe/pod-template.ts";
import {
  DESIRED_REPLICAS,
  LAST_APPLIED,
  MAX_REPLICAS,
  POD_TEMPLATE_HASH,
  REVISION,
  REVISION_HISTORY,
  ROLLBACK_TO,
} from "../../kubernetes/well-known.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { dryRun as dryRunFlag, output } from "../common-flags.ts";
import { type DryRun, readDryRun } from "../dry-run.ts";
import { clientFailure, type Failure, report } from "../failure.ts";
import { type ResultPrinter, resultPrinter } from "../output.ts";
import { request } from "../request.ts";
import type { Invocation, Verb } from "../verb.ts";
import { forEachDeployment, groupKind, targetFlags, targetUsage } from "./deployments.ts";
import { replicaSetsOf, revisionOf, templateOf } from "./revisions.ts";

/** Annotations that belong to the Deployment itself; all others come back from the ReplicaSet. */
const deploymentsOwn: ReadonlySet<string> = new Set([
  LAST_APPLIED,
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  ROLLBACK_TO,
]);

interface Revision {
  readonly number: number;
  readonly replicaSet: ReplicaSet;
}

/** The revision asked for; 0 asks for the second-highest. Left is kubectl's sentence. */
const findRevision = (session: Session, deployment: Deployment, asked: number): E.Either<string, Revision> => {
  const revisions: Revision[] = [];
  for (const replicaSet of replicaSetsOf(session, deployment)) {
    const number = revisionOf(replicaSet);
    if (number !== undefined) revisions.push({ number, replicaSet });
  }
  if (asked !== 0) {
    const found = revisions.find(({ number }) => number === asked);
    return found ? E.right(found) : E.left(`unable to find specified revision ${asked} in history`);
  }
  const [, previous] = revisions.sort((a, b) => b.number - a.number);
  const name = JSON.stringify(deployment.metadata.name);
  return previous ? E.right(previous) : E.left(`no rollout history found for deployment ${name}`);
};

const withoutHash = (template: PodTemplate): PodTemplate => {
  const { [POD_TEMPLATE_HASH]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
};

const annotationsAfter = (deployment: Deployment, replicaSet: ReplicaSet): StringMap => {
  const own = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => deploymentsOwn.has(key));
  const back = Object.entries(replicaSet.metadata.annotations ?? {}).filter(([key]) => !deploymentsOwn.has(key));
  return Object.fromEntries([...own, ...back]);
};

const patchTo = (deployment: Deployment, replicaSet: ReplicaSet): Json => [
  { op: "replace", path: "/spec/template", value: asJson(withoutHash(templateOf(replicaSet))) },
  { op: "replace", path: "/metadata/annotations", value: annotationsAfter(deployment, replicaSet) },
];

interface Undo {
  readonly invocation: Invocation;
  readonly toRevision: number;
  readonly dryRun: DryRun;
  readonly print: ResultPrinter;
}

const undoOne = (ctx: CommandContext, undo: Undo, deployment: Deployment): readonly Failure[] => {
  const { invocation, toRevision, dryRun, print } = undo;
  const target = findRevision(ctx.session, deployment, toRevision);
  if (E.isLeft(target)) return [clientFailure(target.left)];
  const { replicaSet, number } = target.right;
  const template = templateOf(replicaSet);
  if (dryRun === "client") return print(deployment, printPodTemplate(template));
  if (deployment.spec.paused === true) {
    return [
      clientFailure(
        "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again",
      ),
    ];
  }
  if (equalIgnoreHash(template, deployment.spec.template)) {
    return print(deployment, `skipped rollback (current template already matches revision ${toRevision})`);
  }
  const { namespace = "", name } = deployment.metadata;
  const answer = request(
    ctx,
    invocation,
    {
      verb: "patch",
      ref: { kind: "Deployment", namespace, name },
      patchType: "json",
      patch: patchTo(deployment, replicaSet),
    },
    { fieldManager: "kubectl-rollout", verb: "undo", toRevision: number, dryRun },
  );
  if (E.isLeft(answer)) return [clientFailure(`failed restoring revision ${toRevision}: ${answer.left.message}`)];
  return print(answer.right, "rolled back");
};

const run = async (ctx: CommandContext, invocation: Invocation): Promise<ExitCode> => {
  const dryRun = readDryRun(ctx, invocation.flags);
  if (E.isLeft(dryRun)) return report(ctx, [dryRun.left]);
  const print = resultPrinter(ctx, invocation, dryRun.right);
  if (E.isLeft(print)) return report(ctx, [print.left]);
  const toRevision = invocation.flags.integer("to-revision");
  const undo: Undo = { invocation, toRevision, dryRun: dryRun.right, print: print.right };
  return forEachDeployment(ctx, invocation, {
    stranger: ({ type }) => clientFailure(`no rollbacker has been implemented for ${JSON.stringify(groupKind(type))}`),
    visit: (deployment) => undoOne(ctx, undo, deployment),
  });
};

export const undo: Verb = {
  name: "undo",
  group: "rollout",
  summary: "Go back to the former revision, or to any that history lists",
  usage: targetUsage,
  examples: [
    "rollout undo deployment/web",
    "rollout undo deployment/web --to-revision=3",
    "rollout undo deployment/web --dry-run=server",
  ],
  flags: [
    ...targetFlags,
    { name: "to-revision", type: "integer", help: "The revision to go back to; 0: the former one." },
    dryRunFlag,
    output,
  ],
  run,
};
