/** `rollout timeline`: what happened to a Deployment, as a picture. */
import * as E from "fp-ts/lib/Either.js";
import { printData } from "../../history/data.ts";
import { timelineData } from "../../history/timeline/data.ts";
import type { History, Timeline } from "../../history/timeline/model.ts";
import { renderTimeline } from "../../history/timeline/render.ts";
import { renderSvg } from "../../history/timeline/svg/render.ts";
import { clip, maxContextMs, originOf } from "../../history/timeline/window.ts";
import type { DeploymentName } from "../../invariants/check.ts";
import { resourceTypeOf } from "../../kubernetes/kinds.ts";
import { noResourcesFound } from "../../kubernetes/printing/get.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { asOf, output } from "../common-flags.ts";
import { clientFailure, type Failure, refusedFailure, report } from "../failure.ts";
import type { ParsedFlags } from "../grammar/flags.ts";
import { notFound } from "../objects.ts";
import type { Invocation, Verb } from "../verb.ts";
import { interruptedExitCode } from "../waiting.ts";
import { deploymentNamed, deploymentsIn, readHistory, tellOthers } from "./deployment-history.ts";
import { colorFlags, paintFor, widthFlag, widthOf } from "./paint.ts";
import { readTime, type Standpoint } from "./points.ts";

const left = (message: string): E.Either<Failure, never> => E.left(clientFailure(message));

const instant = (ms: number): string => new Date(ms).toISOString();

interface Bounds {
  readonly originMs: number;
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
}

/** What `--all`, `--from` and `--to` ask for. Offsets count from the picture's own +0s. */
const readBounds = (
  outline: Pick<History, "rollouts" | "fromMs" | "toMs">,
  flags: ParsedFlags,
  around: Standpoint,
): E.Either<Failure, Bounds> => {
  const all = flags.on("all");
  const [fromText, toText] = [flags.text("from"), flags.text("to")];
  const lastOriginMs = originOf(outline, { all });
  const to = toText === "" ? undefined : readTime(toText, { ...around, originMs: lastOriginMs });
  if (to && E.isLeft(to)) return left(to.left);
  const toMs = to?.right;
  const isOffset = toText === "" || toText.startsWith("+");
  const originMs = isOffset || toMs === undefined ? lastOriginMs : originOf(outline, { all, toMs });
  const from = fromText === "" ? undefined : readTime(fromText, { ...around, originMs });
  if (from && E.isLeft(from)) return left(from.left);
  return E.right({ originMs, fromMs: from?.right, toMs });
};

/** From when on the log has to be read for the picture; undefined where all of it has. */
const neededSince = (
  flags: ParsedFlags,
  around: Required<Pick<Standpoint, "deployment">> & Standpoint,
): number | undefined => {
  const { session, namespace, deployment } = around;
  const rollouts = session.rollouts({ namespace, name: deployment }).map((rollout) => ({ ...rollout, hue: 0 }));
  const [first] = rollouts;
  if (!first || (flags.on("all") && flags.text("from") === "")) return undefined;
  const bounds = readBounds({ rollouts, fromMs: first.atMs, toMs: session.knownUntil() }, flags, around);
  if (E.isLeft(bounds)) return undefined;
  return bounds.right.fromMs ?? bounds.right.originMs - maxContextMs;
};

/** The part of the history that was asked for. */
const chooseTimeline = (history: History, flags: ParsedFlags, around: Standpoint): E.Either<Failure, Timeline> => {
  const bounds = readBounds(history, flags, around);
  if (E.isLeft(bounds)) return bounds;
  const { originMs, fromMs, toMs } = bounds.right;
  if (fromMs !== undefined && fromMs >= history.toMs)
    return left(`the log tells nothing after ${instant(history.toMs)}`);
  if (toMs !== undefined && toMs <= history.fromMs)
    return left(`there was no such deployment before ${instant(history.fromMs)}`);
  const timeline = clip(history, {
    all: flags.on("all"),
    originMs,
    nowMs: around.session.now(),
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
  });
  if (timeline.toMs <= timeline.fromMs) return left("there is nothing to show: that time ends before it begins");
  return E.right(timeline);
};

/** The timeline that `--all`, `--from` and `--to` ask for; undefined when the reading was aborted. */
export const readTimeline = async (
  ctx: CommandContext,
  flags: ParsedFlags,
  of: DeploymentName,
): Promise<E.Either<Failure, Timeline> | undefined> => {
  const around = { session: ctx.session, namespace: of.namespace, deployment: of.name };
  const history = await readHistory(ctx, of, { sinceMs: neededSince(flags, around) });
  if (ctx.signal?.aborted) return undefined;
  if (!history) return E.left(refusedFailure(notFound({ type: resourceTypeOf("Deployment"), ...of })));
  return chooseTimeline(history, flags, around);
};

const show = (ctx: CommandContext, flags: ParsedFlags, timeline: Timeline): ExitCode => {
  if (flags.text("output") === "json") {
    ctx.io.out(printData(timelineData(timeline)));
    return 0;
  }
  if (flags.text("output") === "svg") {
    ctx.io.out(renderSvg(timeline));
    return 0;
  }
  const paint = paintFor(ctx.io, flags);
  ctx.io.out(
    renderTimeline(timeline, {
      columns: widthOf(ctx.io, flags),
      ascii: flags.on("ascii"),
      everyPod: flags.on("pods"),
      ...(paint ? { paint } : {}),
    }),
  );
  return 0;
};

const run = async (ctx: CommandContext, { args, flags, namespace }: Invocation): Promise<ExitCode> => {
  const { session, io } = ctx;
  const format = flags.text("output");
  if (!["", "json", "svg"].includes(format)) {
    return report(ctx, [
      clientFailure(`a timeline is printed as a picture or with -o json or svg, not as ${JSON.stringify(format)}`),
    ]);
  }
  const parsed = deploymentNamed(args, "a timeline");
  if (E.isLeft(parsed)) return report(ctx, [parsed.left]);
  const known = parsed.right === undefined ? deploymentsIn(session, namespace) : [];
  const name = parsed.right ?? known.at(-1);
  if (name === undefined) {
    io.err(noResourcesFound(namespace));
    // For whoever reads on in a pipe: there is a value, and it is that there is none.
    if (format === "json") io.out("null\n");
    return 0;
  }
  const timeline = await readTimeline(ctx, flags, { namespace, name });
  if (!timeline) return interruptedExitCode;
  if (E.isLeft(timeline)) return report(ctx, [timeline.left]);
  const code = show(ctx, flags, timeline.right);
  tellOthers(ctx, known);
  return code;
};

export const timeline: Verb = {
  name: "timeline",
  ours: true,
  summary: "What happened to a Deployment, as a picture: revisions, pods, availability",
  usage: "[deploy/NAME] [--all | --from POINT --to POINT]",
  examples: [
    "rollout timeline deploy/web",
    "rollout timeline deploy/web --all",
    "rollout timeline deploy/web --from +10s --to +25s",
    "rollout timeline deploy/web --color | less -R",
    "rollout timeline deploy/web -o svg > web.svg",
    "rollout timeline deploy/web -o json",
  ],
  flags: [
    { name: "all", type: "boolean", help: "Everything since the Deployment was created; else its last rollout." },
    {
      name: "from",
      type: "string",
      help: "Where the picture begins: +10s (from its +0s), -5m, rollout:3, seq:812, 14:03:20, RFC 3339; see rollout help points.",
    },
    { name: "to", type: "string", help: "Where it ends: as --from." },
    asOf,
    { name: "pods", type: "boolean", help: "A bar for every pod, however many there are." },
    { name: "ascii", type: "boolean", help: "No characters beyond ASCII." },
    widthFlag,
    ...colorFlags,
    { ...output, help: "svg: the picture as a file of its own. json: its data." },
  ],
  run,
};
