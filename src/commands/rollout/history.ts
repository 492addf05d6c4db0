/** `kubectl rollout history`: the revisions that a Deployment can go back to. */
import * as E from "fp-ts/lib/Either.js";
import type { Session } from "../../engine/session.ts";
import type { Deployment, PodTemplate, ReplicaSet } from "../../kubernetes/objects.ts";
import { printPodTemplate } from "../../kubernetes/printing/describe/pod-template.ts";
import { alignTabs } from "../../kubernetes/printing/tabwriter.ts";
import { CHANGE_CAUSE } from "../../kubernetes/well-known.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { asOf, output } from "../common-flags.ts";
import { clientFailure, type Failure, fail, report } from "../failure.ts";
import { type ResultPrinter, readFormat, resultPrinter } from "../output.ts";
import { nameOf } from "../result-lines.ts";
import type { Invocation, Verb } from "../verb.ts";
import { forEachDeployment, groupKind, targetFlags, targetUsage } from "./deployments.ts";
import { revisionHistory, templateOf } from "./revisions.ts";

/** What became of a revision of which Kubernetes has forgotten everything; the ledger has not. */
const afterlifeOf = (session: Session, { metadata }: Deployment, revision: number): readonly string[] => {
  const { name, namespace = "" } = metadata;
  const rollout = session.rollouts({ namespace, name }).findLast((each) => each.revision === String(revision));
  if (!rollout) return [];
  const now = rollout.replicaSet?.revision;
  const fate = now === undefined ? `was rollout #${rollout.number}` : `is now revision ${now}`;
  return [`  (revision ${revision} ${fate}: see "rollout ledger deploy/${name}")`];
};

const unknownRevision = (session: Session, deployment: Deployment, revision: number): Failure =>
  clientFailure("unable to find the specified revision", afterlifeOf(session, deployment, revision));

/** The revision's template as kubectl shows it: with its change-cause among the annotations. */
const shownTemplate = (replicaSet: ReplicaSet): PodTemplate => {
  const template = templateOf(replicaSet);
  const cause = replicaSet.metadata.annotations?.[CHANGE_CAUSE];
  if (!cause) return template;
  const annotations = { ...template.metadata?.annotations, [CHANGE_CAUSE]: cause };
  return { ...template, metadata: { ...template.metadata, annotations } };
};

const causeOf = (replicaSet: ReplicaSet): string =>
  shownTemplate(replicaSet).metadata?.annotations?.[CHANGE_CAUSE] || "<none>";

const revisionTable = (history: ReadonlyMap<number, ReplicaSet>): string => {
  const rows = [...history].map(([revision, replicaSet]) => `${revision}\t${causeOf(replicaSet)}`);
  return alignTabs(["REVISION\tCHANGE-CAUSE", ...rows, ""].join("\n"));
};

const showHistory = (ctx: CommandContext, deployment: Deployment, revision: number): readonly Failure[] => {
  const history = revisionHistory(ctx.session, deployment);
  const heading = revision > 0 ? `with revision #${revision}` : "";
  let text = "No rollout history found.";
  if (history.size > 0 && revision > 0) {
    const found = history.get(revision);
    if (!found) return [unknownRevision(ctx.session, deployment, revision)];
    text = printPodTemplate(shownTemplate(found));
  } else if (history.size > 0) {
    text = revisionTable(history);
  }
  ctx.io.out(`${nameOf(deployment)} ${heading}\n${text}\n`);
  return [];
};

/** With `-o`: the ReplicaSets themselves, in order of revision. */
const printReplicaSets = (
  ctx: CommandContext,
  deployment: Deployment,
  revision: number,
  print: ResultPrinter,
): readonly Failure[] => {
  const history = revisionHistory(ctx.session, deployment);
  if (revision === 0) return [...history.values()].flatMap((replicaSet) => print(replicaSet, ""));
  const found = history.get(revision);
  return found ? print(found, "") : [unknownRevision(ctx.session, deployment, revision)];
};

const run = async (ctx: CommandContext, invocation: Invocation): Promise<ExitCode> => {
  const { flags } = invocation;
  const revision = flags.integer("revision");
  if (revision < 0) return fail(ctx, `revision must be a positive integer: ${revision}`);
  const format = readFormat(flags);
  if (E.isLeft(format)) return report(ctx, [format.left]);
  const print = resultPrinter(ctx, invocation);
  if (E.isLeft(print)) return report(ctx, [print.left]);
  return forEachDeployment(ctx, invocation, {
    stranger: ({ type }) =>
      clientFailure(`no history viewer has been implemented for ${JSON.stringify(groupKind(type))}`),
    visit: (deployment) =>
      format.right.form === "table"
        ? showHistory(ctx, deployment, revision)
        : printReplicaSets(ctx, deployment, revision, print.right),
  });
};

export const history: Verb = {
  name: "history",
  group: "rollout",
  ledger: "as it is",
  summary: "List revisions and what caused them, or show one",
  usage: targetUsage,
  examples: [
    "rollout history deployment/web",
    "rollout history deployment/web --revision=3",
    "rollout history deploy/web --as-of seq:812",
  ],
  flags: [
    ...targetFlags,
    asOf,
    { name: "revision", type: "integer", help: "Show the pod template of this revision." },
    output,
  ],
  run,
};
