/** `rollout advance`: lets cluster time pass at once. */
import * as E from "fp-ts/lib/Either.js";
import { rfc3339 } from "../../kubernetes/time.ts";
import { fail, failUsage } from "../failure.ts";
import { duration } from "../grammar/values.ts";
import { percent, progressLine } from "../progress-line.ts";
import type { Verb } from "../verb.ts";
import { interruptedExitCode } from "../waiting.ts";

export const advance: Verb = {
  name: "advance",
  ours: true,
  ledger: "as it is",
  summary: "Let cluster time pass at once",
  usage: "DURATION",
  examples: ["rollout advance 60s", "rollout advance 1h30m"],
  flags: [],
  run: async (ctx, { args, path }) => {
    const [text, ...more] = args;
    if (text === undefined || more.length > 0) return failUsage(ctx, path, "one duration is required, such as 60s");
    const parsed = duration(text);
    if (E.isLeft(parsed)) return fail(ctx, parsed.left);
    const durationMs = Math.round(parsed.right);
    if (durationMs < 0) return fail(ctx, `time cannot go back: ${text}`);
    const progress = progressLine(ctx);
    const fromMs = ctx.session.now();
    await ctx.session.advance(
      durationMs,
      (atMs) => progress.show(`${percent(atMs - fromMs, durationMs)}  ${rfc3339(atMs)}`),
      ctx.signal,
    );
    progress.clear();
    if (ctx.signal?.aborted) {
      ctx.io.err(`interrupted at ${rfc3339(ctx.session.now())}\n`);
      return interruptedExitCode;
    }
    ctx.io.out(`clock advanced by ${text} to ${rfc3339(ctx.session.now())}\n`);
    return 0;
  },
};
