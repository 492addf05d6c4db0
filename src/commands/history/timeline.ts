/** `rollout timeline`: what happened to a Deployment, as a picture. */
import * as E from "fp-ts/lib/Either.js";
import { refOfStream } from "../../domain/world.ts";
import type { Session } from "../../engine/session.ts";
import { HistoryFold } from "../../history/timeline/fold.ts";
import type { History, Timeline } from "../../history/timeline/model.ts";
import { renderTimeline } from "../../history/timeline/render.ts";
import { clip, originOf } from "../../history/timeline/window.ts";
import { resourceTypeNamed, resourceTypeOf } from "../../kubernetes/kinds.ts";
import { noResourcesFound } from "../../kubernetes/printing/get.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { output } from "../common-flags.ts";
import { clientFailure, type Failure, refusedFailure, report } from "../failure.ts";
import type { ParsedFlags } from "../grammar/flags.ts";
import { notFound } from "../objects.ts";
import type { Invocation, Verb } from "../verb.ts";
import { interruptedExitCode } from "../waiting.ts";
import { colorFlags, columnsOf, paintFor } from "./paint.ts";
import { parsePoint } from "./points.ts";
import { inPages, knownUntil } from "./reading.ts";

const left = (message: string): E.Either<Failure, never> => E.left(clientFailure(message));

/** The name of the Deployment; undefined when none was given. */
const parseName = (args: readonly string[]): E.Either<Failure, string | undefined> => {
  const words = args.length === 1 ? (args[0] ?? "").split("/") : args;
  const [typeName, name, ...more] = words;
  if (typeName === undefined) return E.right(undefined);
  const type = resourceTypeNamed(typeName);
  if (!type) return left(`the server doesn't have a resource type ${JSON.stringify(typeName)}`);
  if (type.kind !== "Deployment") return left(`only deployments have a timeline, not ${type.plural}`);
  if (more.length > 0 || name === "") return left("one deployment is shown at a time");
  return E.right(name);
};

/** The Deployments that the log knows in the namespace, the one that rolled out last at the end. */
const deploymentsIn = (session: Session, namespace: string): readonly string[] => {
  const names = new Set<string>();
  for (const { stream } of session.log(1, undefined, { types: ["DeploymentCreated", "DeploymentTemplateChanged"] })) {
    const ref = refOfStream(stream);
    if (ref?.namespace !== namespace) continue;
    names.delete(ref.name);
    names.add(ref.name);
  }
  return [...names];
};

const readHistory = async (
  { session, signal }: CommandContext,
  namespace: string,
  name: string,
): Promise<History | undefined> => {
  const { bodies } = session;
  const imagesOf = (template: Parameters<typeof bodies.template>[0]): readonly string[] =>
    bodies.template(template).spec.containers.map(({ image = "" }) => image);
  const fold = new HistoryFold({ namespace, name, imagesOf });
  for await (const page of inPages(session.log(), signal)) for (const event of page) fold.apply(event);
  return fold.finish(knownUntil(session));
};

const instant = (ms: number): string => new Date(ms).toISOString();

/** The part of the history that `--all`, `--from` and `--to` ask for. Offsets count from the picture's own +0s. */
const chooseTimeline = (history: History, flags: ParsedFlags, nowMs: number): E.Either<Failure, Timeline> => {
  const all = flags.on("all");
  const [fromText, toText] = [flags.text("from"), flags.text("to")];
  const lastOriginMs = originOf(history, { all });
  const to = toText === "" ? undefined : parsePoint(toText, { nowMs, originMs: lastOriginMs });
  if (to && E.isLeft(to)) return left(to.left);
  const toMs = to?.right;
  const isOffset = toText === "" || toText.startsWith("+");
  const originMs = isOffset || toMs === undefined ? lastOriginMs : originOf(history, { all, toMs });
  const from = fromText === "" ? undefined : parsePoint(fromText, { nowMs, originMs });
  if (from && E.isLeft(from)) return left(from.left);
  const fromMs = from?.right;
  if (fromMs !== undefined && fromMs >= history.toMs)
    return left(`the log tells nothing after ${instant(history.toMs)}`);
  if (toMs !== undefined && toMs <= history.fromMs)
    return left(`there was no such deployment before ${instant(history.fromMs)}`);
  const timeline = clip(history, {
    all,
    originMs,
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
  });
  if (timeline.toMs <= timeline.fromMs) return left("there is nothing to show: that time ends before it begins");
  return E.right(timeline);
};

const show = (ctx: CommandContext, flags: ParsedFlags, timeline: Timeline): ExitCode => {
  if (flags.text("output") === "json") {
    ctx.io.out(`${JSON.stringify(timeline, null, 4)}\n`);
    return 0;
  }
  const paint = paintFor(ctx.io, flags);
  ctx.io.out(
    renderTimeline(timeline, {
      columns: flags.given("width") ? flags.integer("width") : columnsOf(ctx.io),
      ascii: flags.on("ascii"),
      everyPod: flags.on("pods"),
      ...(paint ? { paint } : {}),
    }),
  );
  return 0;
};

const run = async (ctx: CommandContext, { args, flags, namespace }: Invocation): Promise<ExitCode> => {
  const { session, io, signal } = ctx;
  const format = flags.text("output");
  if (format !== "" && format !== "json") {
    return report(ctx, [
      clientFailure(`a timeline is printed as a picture or with -o json, not as ${JSON.stringify(format)}`),
    ]);
  }
  const parsed = parseName(args);
  if (E.isLeft(parsed)) return report(ctx, [parsed.left]);
  const known = parsed.right === undefined ? deploymentsIn(session, namespace) : [];
  const name = parsed.right ?? known.at(-1);
  if (name === undefined) {
    io.err(noResourcesFound(namespace));
    return 0;
  }
  const history = await readHistory(ctx, namespace, name);
  if (signal?.aborted) return interruptedExitCode;
  if (!history) return report(ctx, [refusedFailure(notFound({ type: resourceTypeOf("Deployment"), namespace, name }))]);
  const timeline = chooseTimeline(history, flags, session.now());
  if (E.isLeft(timeline)) return report(ctx, [timeline.left]);
  const code = show(ctx, flags, timeline.right);
  const others = known.slice(0, -1).toReversed();
  if (others.length > 0) io.err(`Others: ${others.map((other) => `deploy/${other}`).join(", ")}\n`);
  return code;
};

export const timeline: Verb = {
  name: "timeline",
  ours: true,
  ledger: "as it is",
  summary: "What happened to a Deployment, as a picture: revisions, pods, availability",
  usage: "[deploy/NAME] [--all | --from TIME --to TIME]",
  examples: [
    "rollout timeline deploy/web",
    "rollout timeline deploy/web --all",
    "rollout timeline deploy/web --from +10s --to +25s",
    "rollout timeline deploy/web --color | less -R",
    "rollout timeline deploy/web -o json",
  ],
  flags: [
    { name: "all", type: "boolean", help: "Everything since the Deployment was created; else its last rollout." },
    { name: "from", type: "string", help: "Where the picture begins: +10s, -5m, 14:03:20 or an RFC 3339 time." },
    { name: "to", type: "string", help: "Where it ends." },
    { name: "pods", type: "boolean", help: "A bar for every pod, however many there are." },
    { name: "ascii", type: "boolean", help: "No characters beyond ASCII." },
    { name: "width", type: "integer", help: "Width in characters (default: the terminal's, or 100)." },
    ...colorFlags,
    { ...output, help: "json: the picture's own data." },
  ],
  run,
};
