/** `rollout replay`: history played in the terminal, the tables and the picture moving with it. */
import * as E from "fp-ts/lib/Either.js";
import { plainPaint } from "../../history/ink.ts";
import type { Moment } from "../../history/moment.ts";
import { type FrameOptions, footerOf, headerOf } from "../../history/replay/frame.ts";
import { isAtEnd, momentOf, type Player, type PlayerInput, play, playerAtStart } from "../../history/replay/player.ts";
import { noResourcesFound } from "../../kubernetes/printing/get.ts";
import type { CommandContext, ExitCode, Keyboard } from "../command.ts";
import { fail, report } from "../failure.ts";
import type { Invocation, Verb } from "../verb.ts";
import { interruptedExitCode } from "../waiting.ts";
import { deploymentNamed, deploymentsIn } from "./deployment-history.ts";
import { chooseFilm, type Film } from "./film.ts";
import { colorFlags, paintFor, widthFlag, widthOf } from "./paint.ts";

/** Real time between two pictures, ms. */
const frameMs = 100;
/** Nobody likes to watch nothing happen for longer, real ms. */
const longestPauseMs = 2_000;
/** Pictures of a replay that nobody steers, where no step is asked for. */
const unattendedFrames = 20;
/** An arrow key goes this share of the whole. */
const seekShare = 0.05;

const parseSpeed = (typed: string): number | undefined => {
  const match = /^(\d+(?:\.\d+)?)x?$/.exec(typed);
  const speed = match ? Number(match[1]) : 0;
  return speed > 0 ? speed : undefined;
};

/** What a key asks for; undefined for keys that ask for nothing. */
const inputOf = (key: string, { reel }: Player): PlayerInput | "quit" | undefined => {
  const seekMs = Math.max(1, Math.round((reel.toMs - reel.start.atMs) * seekShare));
  switch (key) {
    case "space":
    case "k":
      return { type: "toggle" };
    case "n":
    case ".":
    case "down":
      return { type: "step", by: 1 };
    case "p":
    case ",":
    case "up":
      return { type: "step", by: -1 };
    case "right":
    case "l":
    case ">":
      return { type: "seek", byMs: seekMs };
    case "left":
    case "h":
    case "<":
      return { type: "seek", byMs: -seekMs };
    case "+":
    case "=":
      return { type: "speed", by: 1 };
    case "-":
      return { type: "speed", by: -1 };
    case "g":
    case "home":
    case "0":
      return { type: "first" };
    case "G":
    case "end":
    case "$":
      return { type: "last" };
    case "q":
    case "escape":
    case "ctrl-c":
    case "ctrl-d":
      return "quit";
    default:
      return undefined;
  }
};

const esc = "\u001b";
const enterScreen = `${esc}[?1049h${esc}[?25l`;
const leaveScreen = `${esc}[?25h${esc}[?1049l`;
const home = `${esc}[H`;
const clearLine = `${esc}[K`;
const clearBelow = `${esc}[J`;

/** The part of a picture that the terminal has lines for, drawn over the one before it without flicker. */
const drawn = (body: string, footer: string, rows: number): string => {
  const lines = body.split("\n").slice(0, rows - 2);
  return `${home}${lines.map((line) => `${line}${clearLine}\n`).join("")}${clearBelow}${footer.trimEnd()}`;
};

const pictureAt = async (film: Film, player: Player, options: FrameOptions): Promise<string> =>
  `${headerOf(player, options)}\n${await film.show(momentOf(player))}`;

/** Steered by keys, until somebody has seen enough. */
const attended = async (ctx: CommandContext, film: Film, keyboard: Keyboard, options: FrameOptions, start: Player) => {
  const { io } = ctx;
  let player = start;
  io.out(enterScreen);
  try {
    while (!ctx.signal?.aborted) {
      const beganMs = performance.now();
      io.out(drawn(await pictureAt(film, player, options), footerOf(options), io.rows ?? 24));
      const key = await keyboard.next(player.isPlaying ? frameMs : undefined);
      const input = key === undefined ? undefined : inputOf(key, player);
      if (input === "quit") break;
      player = play(player, { type: "tick", elapsedMs: performance.now() - beganMs });
      if (input) player = play(player, input);
    }
  } finally {
    keyboard.close();
    io.out(leaveScreen);
  }
};

/** The moments at which a replay without a reader at the keys is shown. */
const framesOf = (start: Player, everyStep: boolean): readonly Player[] => {
  const frames = [start];
  const { reel } = start;
  if (everyStep) {
    for (let at = start; !isAtEnd(at); frames.push(at)) at = play(at, { type: "step", by: 1 });
    return frames;
  }
  const stepMs = (reel.toMs - reel.start.atMs) / unattendedFrames;
  for (let n = 1; n <= unattendedFrames; n += 1)
    frames.push(play(start, { type: "seek", byMs: Math.round(n * stepMs) }));
  return frames;
};

const unattended = async (ctx: CommandContext, film: Film, options: FrameOptions, frames: readonly Player[]) => {
  let shown: Moment | undefined;
  for (const player of frames) {
    const moment = momentOf(player);
    if (ctx.signal?.aborted) return interruptedExitCode;
    if (shown?.seq === moment.seq && shown.atMs === moment.atMs) continue;
    if (shown) ctx.io.out("\n");
    ctx.io.out(await pictureAt(film, player, options));
    shown = moment;
  }
  return 0;
};

const run = async (ctx: CommandContext, invocation: Invocation): Promise<ExitCode> => {
  const { flags, namespace } = invocation;
  const { io } = ctx;
  const speed = parseSpeed(flags.text("speed"));
  if (speed === undefined) return fail(ctx, `--speed: say how many times faster than it was, such as 10x`);
  const named = deploymentNamed(invocation.args, "a replay");
  if (E.isLeft(named)) return report(ctx, [named.left]);
  const name = named.right ?? deploymentsIn(ctx.session, namespace).at(-1);
  if (name === undefined) {
    io.err(noResourcesFound(namespace));
    return 0;
  }
  const film = await chooseFilm(ctx, flags, { namespace, name });
  if (!film || ctx.signal?.aborted) return interruptedExitCode;
  if (E.isLeft(film)) return report(ctx, [film.left]);
  const options: FrameOptions = {
    columns: widthOf(io, flags),
    ascii: flags.on("ascii"),
    paint: paintFor(io, flags) ?? plainPaint,
  };
  const isPlaying = !flags.on("step");
  const player = playerAtStart(film.right.reel, { isPlaying, speed, longestPauseMs });
  if (io.takeKeyboard && !flags.on("no-input")) {
    await attended(ctx, film.right, io.takeKeyboard(), options, player);
    return 0;
  }
  return unattended(ctx, film.right, options, framesOf(player, flags.on("step")));
};

export const replay: Verb = {
  name: "replay",
  ours: true,
  ledger: "as it is",
  summary: "Play the history of a Deployment in the terminal, forwards, backwards and step by step",
  usage: "[deploy/NAME] [--all | --from POINT --to POINT] [--speed 10x] [--step]",
  examples: [
    "rollout replay deploy/web",
    "rollout replay deploy/web --speed 10x",
    "rollout replay deploy/web --step",
    "rollout replay deploy/web --from +5s --to +20s --no-input",
  ],
  flags: [
    { name: "all", type: "boolean", help: "Everything since the Deployment was created; else its last rollout." },
    {
      name: "from",
      type: "string",
      help: "Where the replay begins: +10s (from its +0s), -5m, rollout:3, seq:812, 14:03:20, RFC 3339; see rollout help points.",
    },
    { name: "to", type: "string", help: "Where it ends: as --from." },
    {
      name: "speed",
      type: "string",
      default: "1x",
      help: "How many times faster than it was. No pause takes longer than 2 seconds.",
    },
    {
      name: "step",
      type: "boolean",
      help: "Begin paused; n goes from change to change. With --no-input, a picture for every change.",
    },
    {
      name: "no-input",
      type: "boolean",
      help: "Print pictures one below the other; so it is also where there is no terminal.",
    },
    { name: "ascii", type: "boolean", help: "No characters beyond ASCII." },
    widthFlag,
    ...colorFlags,
  ],
  run,
};
