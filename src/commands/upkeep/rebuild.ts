/** `rollout rebuild`: the read models, told anew by the log. */
import type { RebuildReport } from "../../engine/upkeep/rebuild.ts";
import { count } from "../../history/report/words.ts";
import { failUsage } from "../failure.ts";
import { percent } from "../progress-line.ts";
import type { Verb } from "../verb.ts";
import { longWork, upkeepOf } from "./file.ts";

const toldText = ({ events, since, readModels }: RebuildReport): string => {
  const models = readModels.map(({ model, rows }) => `${model} (${count(rows, "row")})`).join(", ");
  const place = since > 0 ? ` since seq ${since}, the archive before them not being here` : "";
  return `rebuilt from ${count(events, "event")}${place}: ${models}\n`;
};

export const rebuild: Verb = {
  name: "rebuild",
  ours: true,
  ledger: "file",
  summary: "Make the read models anew from the log; interrupted, the old ones stay",
  usage: "",
  examples: ["rollout rebuild"],
  flags: [],
  run: (ctx, { args, path }) => {
    if (args.length > 0) return Promise.resolve(failUsage(ctx, path, "rebuild takes no arguments"));
    return longWork(
      ctx,
      (progress) =>
        upkeepOf(ctx).rebuild({
          ...(ctx.signal ? { signal: ctx.signal } : {}),
          onProgress: ({ done, total }) => progress.show(`rebuilding: ${percent(done, total)} of the events`),
        }),
      (report) => {
        ctx.io.out(toldText(report));
        return 0;
      },
    );
  },
};
