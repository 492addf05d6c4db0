/** `rollout init`: starts a ledger. */
import * as E from "fp-ts/lib/Either.js";
import { fail, failUsage } from "../commands/failure.ts";
import type { ParsedFlags } from "../commands/grammar/flags.ts";
import type { Verb } from "../commands/verb.ts";
import type { InitOptions } from "../engine/open.ts";
import { parseRfc3339, rfc3339 } from "../kubernetes/time.ts";
import type { CliContext } from "./context.ts";

/** Beyond this a simulated cluster is a mistake in typing. */
const maxNodes = 10_000;

const readOptions = (flags: ParsedFlags): E.Either<string, InitOptions> => {
  const clock = flags.text("clock");
  if (clock !== "wall" && clock !== "manual") return E.left(`--clock is wall or manual, not ${JSON.stringify(clock)}`);
  const nodes = flags.integer("nodes");
  if (nodes < 0 || nodes > maxNodes) return E.left(`--nodes is a number from 0 to ${maxNodes}: ${nodes}`);
  const options: InitOptions = { clock, nodes, seed: flags.integer("seed") };
  if (!flags.given("start")) return E.right(options);
  const startMs = parseRfc3339(flags.text("start"));
  if (startMs === undefined) {
    return E.left(`--start is a time such as 2026-01-01T00:00:00Z: ${JSON.stringify(flags.text("start"))}`);
  }
  if (clock === "wall") return E.left("--start is for a manual clock; a wall clock shows real time");
  return E.right({ ...options, startMs });
};

const told = (path: string, { clock, nodes = 0 }: InitOptions, nowMs: number): string => {
  const time =
    clock === "manual"
      ? `a manual clock at ${rfc3339(nowMs)}: it moves by "rollout advance 60s" and by commands that wait`
      : "a wall clock: the cluster lives in real time";
  return `started ${path} with ${nodes} node${nodes === 1 ? "" : "s"} and ${time}\n`;
};

export const init: Verb<CliContext> = {
  name: "init",
  ours: true,
  summary: "Start a ledger",
  usage: "[--clock wall|manual] [--seed N] [--nodes N] [--start TIME]",
  examples: ["rollout init", "rollout init --clock manual --seed 7 --nodes 5", "rollout init --ledger incident.db"],
  flags: [
    { name: "clock", type: "string", default: "wall", help: "wall: real time. manual: time moves when it is told to." },
    { name: "seed", type: "integer", default: "1", help: "What every draw is keyed by." },
    { name: "nodes", type: "integer", default: "3", help: "Nodes to begin with, each of 8 CPUs, 16Gi and 110 pods." },
    { name: "start", type: "string", help: "Where a manual clock starts (default 2026-01-01T00:00:00Z)." },
  ],
  run: async (ctx, { args, flags, path }) => {
    if (args.length > 0)
      return failUsage(ctx, path, `init takes no arguments; the file is named by --ledger ${args[0]}`);
    const options = readOptions(flags);
    if (E.isLeft(options)) return fail(ctx, options.left);
    const { createLedger } = await import("../engine/open.ts");
    const started = createLedger(ctx.ledgers.path, ctx.actor, options.right);
    if (E.isLeft(started)) return fail(ctx, started.left.message);
    const nowMs = started.right.now();
    started.right.close();
    ctx.io.out(told(ctx.ledgers.path, options.right, nowMs));
    return 0;
  },
};
