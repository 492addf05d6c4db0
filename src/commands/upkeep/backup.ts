/** `rollout backup`: a copy of the ledger while it is in use. */
import { count } from "../../history/report/words.ts";
import { failUsage } from "../failure.ts";
import type { Verb } from "../verb.ts";
import { longWork, upkeepOf } from "./file.ts";
import { proofText } from "./progress.ts";

export const backup: Verb = {
  name: "backup",
  ours: true,
  ledger: "file",
  summary: "Copy the ledger into another file, also while others write; the copy is proven before it gets its name",
  usage: "FILE [--force]",
  examples: ["rollout backup monday.db", "rollout backup /backups/latest.db --force"],
  flags: [{ name: "force", type: "boolean", help: "Replace a file of that name." }],
  run: (ctx, { args, flags, path }) => {
    const [file, ...more] = args;
    if (file === undefined || more.length > 0) {
      return Promise.resolve(failUsage(ctx, path, "one file is required, such as backup.db"));
    }
    return longWork(
      ctx,
      (progress) =>
        upkeepOf(ctx).backup(file, {
          force: flags.on("force"),
          ...(ctx.signal ? { signal: ctx.signal } : {}),
          onProgress: (step) => progress.show(step.doing === "storage" ? "copying" : proofText("proving", step)),
        }),
      ({ events, seam, head }) => {
        const since = seam ? ` since seq ${seam.seq}` : "";
        const others = seam ? `; those before are in ${seam.file}, of which this is no copy` : "";
        ctx.io.out(`${file} holds ${count(events, "event")}${since}, proven${others}\nhead ${head.seq}:${head.hash}\n`);
        return 0;
      },
    );
  },
};
