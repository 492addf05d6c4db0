/** `rollout archive`: the log before a point into a file of its own. */
import { basename } from "node:path";
import * as E from "fp-ts/lib/Either.js";
import { openLedger } from "../../engine/open.ts";
import type { ArchiveProgress, ArchiveReport } from "../../engine/upkeep/archive.ts";
import { count } from "../../history/report/words.ts";
import { rfc3339 } from "../../kubernetes/time.ts";
import { output } from "../common-flags.ts";
import { fail, failUsage } from "../failure.ts";
import { seqBefore } from "../history/points.ts";
import type { Verb } from "../verb.ts";
import { longWork, upkeepOf, wantsJson } from "./file.ts";
import { sizeText } from "./stats.ts";

const progressText = ({ doing, done }: ArchiveProgress): string =>
  done === 0 ? `archiving: ${doing}` : `archiving: ${doing} ${count(done, "event")}`;

/** Opens the ledger for as long as it takes to read the point. */
const endBefore = (path: string, point: string, namespace: string): E.Either<string, number> => {
  const opened = openLedger(path);
  if (E.isLeft(opened)) return E.left(opened.left.message);
  try {
    return seqBefore(point, { session: opened.right, namespace });
  } finally {
    opened.right.close();
  }
};

const told = (path: string, { file, seam, events, commits, head, bytes }: ArchiveReport): string => {
  const what = `${count(events, "event")} in ${count(commits, "commit")}, up to seq ${seam.seq} of ${rfc3339(seam.atMs)}`;
  if (!bytes) return `would move ${what}, into ${file}\n`;
  return [
    `${file} holds ${what}, proven (${sizeText(bytes.archive)})`,
    `${basename(path)} goes on from there (${sizeText(bytes.before)} before, ${sizeText(bytes.after)} now)`,
    `head ${head.seq}:${head.hash}`,
    "",
  ].join("\n");
};

export const archive: Verb = {
  name: "archive",
  ours: true,
  ledger: "file",
  summary:
    "Move the log before a point into a file of its own; as long as that stands beside the ledger, history is read from it",
  usage: "--before POINT [--to FILE] [--dry-run]",
  examples: [
    "rollout archive --before 2026-01-01T00:00:00Z",
    "rollout archive --before -720h --dry-run",
    "rollout archive --before seq:812 --to rollout.2025.db",
  ],
  flags: [
    {
      name: "before",
      type: "string",
      required: true,
      help: "A point in history: seq:812, rollout:3, a time, or -720h (ago). The commits before it are moved.",
    },
    { name: "to", type: "string", help: "The archive; by default LEDGER.archive-SEQ.db beside the ledger." },
    { name: "dry-run", type: "boolean", help: "Only say what would be moved." },
    { ...output, help: "json" },
  ],
  run: async (ctx, { args, flags, namespace, path }) => {
    if (args.length > 0) return failUsage(ctx, path, "archive takes no arguments: --before says what, --to where to");
    const json = wantsJson(flags.text("output"), "archives");
    if (E.isLeft(json)) return fail(ctx, json.left);
    const upkeep = upkeepOf(ctx);
    if (upkeep.path === ":memory:") return fail(ctx, "a ledger in memory has no file to divide");
    const upTo = endBefore(upkeep.path, flags.text("before"), namespace);
    if (E.isLeft(upTo)) return fail(ctx, upTo.left);
    return longWork(
      ctx,
      (progress) =>
        upkeep.archive({
          upTo: upTo.right,
          ...(flags.given("to") ? { file: flags.text("to") } : {}),
          dryRun: flags.on("dry-run"),
          ...(ctx.signal ? { signal: ctx.signal } : {}),
          onProgress: (step) => progress.show(progressText(step)),
        }),
      (report) => {
        ctx.io.out(json.right ? `${JSON.stringify(report, null, 4)}\n` : told(upkeep.path, report));
        return 0;
      },
    );
  },
};
