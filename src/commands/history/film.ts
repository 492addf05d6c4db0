/** What `rollout replay` plays: the changes of a Deployment and what belongs to it, and how each of them is shown. */
import * as E from "fp-ts/lib/Either.js";
import { streamOf } from "../../domain/state.ts";
import { type Line, type Paint, plainPaint, printLines } from "../../history/ink.ts";
import { LogLines } from "../../history/log/lines.ts";
import type { Moment } from "../../history/moment.ts";
import type { Reel } from "../../history/replay/player.ts";
import type { Timeline } from "../../history/timeline/model.ts";
import { renderTimeline } from "../../history/timeline/render.ts";
import { clip } from "../../history/timeline/window.ts";
import type { DeploymentName } from "../../invariants/check.ts";
import type { CommandContext } from "../command.ts";
import { dispatch } from "../dispatch.ts";
import type { Failure } from "../failure.ts";
import { get } from "../get/get.ts";
import type { ParsedFlags } from "../grammar/flags.ts";
import { readHistory } from "./deployment-history.ts";
import { paintFor, widthOf } from "./paint.ts";
import { seqSince } from "./reading.ts";
import { readTimeline } from "./timeline.ts";

export interface Film {
  readonly reel: Reel;
  /** What was so at a moment: tables, picture, and the change that led to it. */
  readonly show: (moment: Moment) => Promise<string>;
}

/** Changes of a commit that are shown; of more, the first. */
const maxChanges = 4;

/** The ends of the commits that changed anything in the picture. */
const stopsOf = ({ session }: CommandContext, timeline: Timeline): readonly Moment[] => {
  const { namespace, name, replicaSets } = timeline;
  const streams = [streamOf({ kind: "Deployment", namespace, name })];
  for (const replicaSet of replicaSets) {
    streams.push(streamOf({ kind: "ReplicaSet", namespace, name: replicaSet.name }));
    for (const pod of replicaSet.pods) streams.push(streamOf({ kind: "Pod", namespace, name: pod.name }));
  }
  const [from, to] = [seqSince(session, timeline.fromMs), seqSince(session, timeline.toMs + 1) - 1];
  const stops: Moment[] = [];
  for (const { at, commit } of session.log(from, to, { streams })) {
    if (stops.at(-1)?.seq !== commit.lastSeq) stops.push({ seq: commit.lastSeq, atMs: at });
  }
  return stops;
};

/** What a command line prints there. */
const printed = async (ctx: CommandContext, words: readonly string[]): Promise<string> => {
  let out = "";
  const write = (text: string): void => {
    out += text;
  };
  await dispatch({ ...ctx, io: { ...ctx.io, out: write, err: write, isTerminal: false } }, words, [get]);
  return out;
};

const tables = async (past: CommandContext, { namespace, name, replicaSets }: Timeline): Promise<string> => {
  const there = new Set(past.session.list("ReplicaSet", namespace).map(({ metadata }) => metadata.name));
  const theirs = replicaSets.filter((replicaSet) => there.has(replicaSet.name)).map((each) => `rs/${each.name}`);
  const deployment = past.session.get({ kind: "Deployment", namespace, name })
    ? await printed(past, ["get", `deploy/${name}`, "-n", namespace])
    : `deploy/${name} is not there\n`;
  const owned = theirs.length > 0 ? await printed(past, ["get", ...theirs, "-n", namespace]) : "";
  return owned === "" ? deployment : `${deployment}\n${owned}`;
};

/** The commit that a moment is the end of, in the words of `rollout log`. */
const lastChange = ({ session }: CommandContext, { seq }: Moment, columns: number, paint: Paint): string => {
  const [last] = session.log(seq, seq);
  if (!last) return "";
  const events = [...session.log(last.commit.firstSeq, seq)];
  const log = new LogLines({ bodies: session.bodies, fullTime: false, columns });
  const lines: readonly Line[] = log.lines(events.slice(0, maxChanges), events[maxChanges]);
  return printLines(lines, paint);
};

/** Chooses what `--all`, `--from` and `--to` ask for, as `rollout timeline` does; undefined when the reading was aborted. */
export const chooseFilm = async (
  ctx: CommandContext,
  flags: ParsedFlags,
  { namespace, name }: DeploymentName,
): Promise<E.Either<Failure, Film> | undefined> => {
  const chosen = await readTimeline(ctx, flags, { namespace, name });
  if (!chosen || E.isLeft(chosen)) return chosen;
  const timeline = chosen.right;
  const { fromMs, toMs, originMs } = timeline;

  const columns = widthOf(ctx.io, flags);
  const ascii = flags.on("ascii");
  const paint = paintFor(ctx.io, flags);
  const pictureAt = async (past: CommandContext, atMs: number): Promise<string> => {
    const known = await readHistory(past, { namespace, name }, { sinceMs: fromMs });
    if (!known || known.toMs <= fromMs) return "";
    const picture = clip(known, { all: false, fromMs, toMs: atMs, originMs });
    return renderTimeline(picture, { columns, ascii, ...(paint ? { paint } : {}) });
  };
  const show = async (moment: Moment): Promise<string> => {
    const past: CommandContext = { ...ctx, session: ctx.session.at(moment) };
    const parts = [
      lastChange(ctx, moment, columns, paint ?? plainPaint),
      await tables(past, timeline),
      await pictureAt(past, moment.atMs),
    ];
    return parts.filter((part) => part !== "").join("\n");
  };
  return E.right({
    reel: { start: { seq: seqSince(ctx.session, fromMs) - 1, atMs: fromMs }, toMs, stops: stopsOf(ctx, timeline) },
    show,
  });
};
