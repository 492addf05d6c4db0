/** `rollout report`: did a rollout go well, and where it did not, who was to blame. */
import * as E from "fp-ts/lib/Either.js";
import type { Session } from "../../engine/session.ts";
import type { RecordedEvent } from "../../event-store/port.ts";
import { printData } from "../../history/data.ts";
import { isEventType, summaryOf } from "../../history/log/summary.ts";
import type { CommitAt } from "../../history/report/causes.ts";
import { reportData } from "../../history/report/data.ts";
import { reportMarkdown } from "../../history/report/markdown.ts";
import { type Describe, Meanwhile } from "../../history/report/meanwhile.ts";
import type { Report } from "../../history/report/model.ts";
import { reportOf } from "../../history/report/report.ts";
import { reportText } from "../../history/report/text.ts";
import type { LedgerRollout } from "../../history/rollouts.ts";
import type { DeploymentName } from "../../invariants/check.ts";
import { resourceTypeOf } from "../../kubernetes/kinds.ts";
import { noResourcesFound } from "../../kubernetes/printing/get.ts";
import { foldedEvent } from "../../projections/replay.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { asOf, output } from "../common-flags.ts";
import { clientFailure, type Failure, refusedFailure, report as reportFailures } from "../failure.ts";
import type { ParsedFlags } from "../grammar/flags.ts";
import { notFound } from "../objects.ts";
import type { Invocation, Verb } from "../verb.ts";
import { interruptedExitCode } from "../waiting.ts";
import { deploymentNamed, deploymentsIn, oldestPodMs, readHistory, tellOthers } from "./deployment-history.ts";
import { colorFlags, paintFor } from "./paint.ts";
import { inPages } from "./reading.ts";

const left = (message: string): E.Either<Failure, never> => E.left(clientFailure(message));

const pointForm = /^(rollout|revision):(\d+)$/;

/** `-5m` and `+10s` are points, too. */
const timeForm = /^[-+]\d/;

interface Point {
  readonly is: "rollout" | "revision";
  readonly number: number;
}

interface Words {
  readonly name: string | undefined;
  readonly point: Point | undefined;
}

/** `deploy/web rollout:3`, `deployment web`, `revision:2`. */
const parseWords = (args: readonly string[]): E.Either<Failure, Words> => {
  const points = args.filter((word) => pointForm.test(word));
  const others = args.filter((word) => !pointForm.test(word));
  const [bare] = others.filter((word) => /^#?\d+$/.test(word));
  if (bare !== undefined)
    return left(`${JSON.stringify(bare)} may be a revision or a rollout: say rollout:${bare.replace("#", "")}`);
  if (points.length > 1) return left("one rollout is reported at a time");
  const stray = others.find((word) => word.includes(":") || timeForm.test(word));
  if (stray !== undefined) {
    const said = JSON.stringify(stray);
    return left(`a report is of one rollout: say rollout:3 or revision:2, not ${said}; --as-of takes other points`);
  }
  const name = deploymentNamed(others, "a report");
  if (E.isLeft(name)) return name;
  const [, is, number] = pointForm.exec(points[0] ?? "") ?? [];
  if (is === undefined) return E.right({ name: name.right, point: undefined });
  return E.right({
    name: name.right,
    point: { is: is === "revision" ? "revision" : "rollout", number: Number(number) },
  });
};

/** Without a point the newest; of a revision that was assigned more than once, the last rollout that got it. */
const chooseRollout = (
  rollouts: readonly LedgerRollout[],
  name: string,
  point: Point | undefined,
): E.Either<Failure, LedgerRollout> => {
  const isMeant = ({ number, revision }: LedgerRollout): boolean =>
    point?.is === "revision" ? revision === String(point.number) : number === (point?.number ?? rollouts.length);
  const chosen = rollouts.findLast(isMeant);
  if (chosen) return E.right(chosen);
  return left(
    point?.is === "revision"
      ? `deployment/${name} never had revision:${point.number}`
      : `deployment/${name} has no rollout:${point?.number ?? 0}: it has rollout:1 to rollout:${rollouts.length}`,
  );
};

const commitsOf =
  (session: Session): CommitAt =>
  (seq) => {
    for (const { commit } of session.log(seq, seq)) return [...session.log(commit.firstSeq, commit.lastSeq)];
    return [];
  };

const describerOf =
  ({ bodies }: Session): Describe =>
  (event: RecordedEvent) =>
    isEventType(event.type) ? summaryOf(foldedEvent(event), bodies) : "";

/** Undefined when the reading was aborted. */
const readReport = async (
  ctx: CommandContext,
  of: DeploymentName,
  number: number,
  rollouts: readonly LedgerRollout[],
): Promise<Report | undefined> => {
  const { session, signal } = ctx;
  const [previous, own, next] = [number - 1, number, number + 1].map((n) => rollouts.find((each) => each.number === n));
  // From when the pods came that it met. What began with the next one has to have lasted to be seen at all.
  const sinceMs = previous && own && Math.min(previous.atMs, oldestPodMs(session, of, own.atMs - 1) ?? own.atMs);
  const history = await readHistory(ctx, of, { sinceMs, untilMs: next && next.atMs + 1 });
  const rollout = history?.rollouts.find((each) => each.number === number);
  if (!history || !rollout || signal?.aborted) return undefined;
  const meanwhile = new Meanwhile(history, describerOf(session));
  const events = session.log(rollout.seq, next && next.seq - 1);
  for await (const page of inPages(events, signal)) for (const event of page) meanwhile.apply(event);
  return signal?.aborted ? undefined : reportOf(history, rollout, meanwhile, commitsOf(session));
};

const printed = ({ io }: CommandContext, flags: ParsedFlags, told: Report): string => {
  switch (flags.text("output")) {
    case "json":
      return printData(reportData(told));
    case "markdown":
      return reportMarkdown(told);
    default:
      return reportText(told, paintFor(io, flags));
  }
};

const run = async (ctx: CommandContext, { args, flags, namespace }: Invocation): Promise<ExitCode> => {
  const { session, io } = ctx;
  const format = flags.text("output");
  if (!["", "json", "markdown"].includes(format)) {
    return reportFailures(ctx, [
      clientFailure(`a report is printed as text or with -o json or markdown, not as ${JSON.stringify(format)}`),
    ]);
  }
  const words = parseWords(args);
  if (E.isLeft(words)) return reportFailures(ctx, [words.left]);
  const known = words.right.name === undefined ? deploymentsIn(session, namespace) : [];
  const name = words.right.name ?? known.at(-1);
  if (name === undefined) {
    io.err(noResourcesFound(namespace));
    // For whoever reads on in a pipe: there is a value, and it is that there is none.
    if (format === "json") io.out("null\n");
    return 0;
  }
  const of = { namespace, name };
  const rollouts = session.rollouts(of);
  if (rollouts.length === 0) {
    return reportFailures(ctx, [refusedFailure(notFound({ type: resourceTypeOf("Deployment"), namespace, name }))]);
  }
  const rollout = chooseRollout(rollouts, name, words.right.point);
  if (E.isLeft(rollout)) return reportFailures(ctx, [rollout.left]);
  const told = await readReport(ctx, of, rollout.right.number, rollouts);
  if (!told) return interruptedExitCode;
  io.out(printed(ctx, flags, told));
  tellOthers(ctx, known);
  return 0;
};

export const report: Verb = {
  name: "report",
  ours: true,
  summary: "Did a rollout go well: its duration, floor and ceiling, who broke them, a verdict",
  usage: "[deploy/NAME] [rollout:N | revision:N]",
  examples: [
    "rollout report deploy/web",
    "rollout report deploy/web rollout:3",
    "rollout report deploy/web -o markdown > report.md",
    "rollout report deploy/web --as-of -10m",
    "rollout report deploy/web -o json",
  ],
  flags: [
    asOf,
    ...colorFlags,
    { ...output, help: "json: everything, without cuts. markdown: for a ticket or a post-mortem." },
  ],
  run,
};
