/** `rollout verify`: proves the ledger. */
import * as E from "fp-ts/lib/Either.js";
import type { HeadClaim, LedgerReport } from "../../engine/upkeep/verify.ts";
import { count } from "../../history/report/words.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { output } from "../common-flags.ts";
import { clientFailure, fail, failUsage, report } from "../failure.ts";
import type { Verb } from "../verb.ts";
import { adviceFor, faultText } from "./faults.ts";
import { bodies, longWork, upkeepOf, wantsJson } from "./file.ts";
import { proofText } from "./progress.ts";

/** `HASH`, or `SEQ:HASH` as this verb prints it. */
const parseHead = (typed: string): E.Either<string, HeadClaim> => {
  const [, seq, hash] = /^(?:(\d+):)?([0-9a-fA-F]{64})$/.exec(typed) ?? [];
  if (hash === undefined) {
    return E.left(`--head is a hash of 64 hexadecimal digits, or SEQ:HASH: ${JSON.stringify(typed)}`);
  }
  return E.right({ hash: hash.toLowerCase(), ...(seq === undefined ? {} : { seq: Number(seq) }) });
};

/** How much of it the file has proven itself. */
const eventsText = ({ events, commits, seam }: LedgerReport): string => {
  if (!seam || seam.isProven) {
    const place = seam ? `, those up to seq ${seam.seq} in ${seam.file}` : "";
    return `${count(events, "event")} in ${count(commits, "commit")}, each chained to the one before it${place}`;
  }
  const own = count(events - seam.seq, "event");
  return `${own} since seq ${seam.seq}, each chained to the one before it; the others are in ${seam.file}, which is not here`;
};

const snapshotsText = ({ snapshots }: LedgerReport): readonly string[] => {
  if (snapshots.count === 0) return [];
  const many = count(snapshots.count, "snapshot");
  if (snapshots.areProven) return [`  ${many}, each what the log tells up to there`];
  return [`  ${many} for reading the past, not compared: --snapshots does that, and "rollout rebuild" drops them`];
};

const soundText = (path: string, found: LedgerReport, claim: HeadClaim | undefined): string => {
  const { redacted, readModels, head } = found;
  const models = readModels.map(({ model, rows }) => `${model} (${count(rows, "row")})`).join(", ");
  return [
    `${path} is sound${found.seam && !found.seam.isProven ? ` from seq ${found.seam.seq + 1} on` : ""}`,
    `  ${eventsText(found)}`,
    `  ${bodies(found.bodies)}, each what its digest says${redacted > 0 ? `; ${bodies(redacted)} redacted` : ""}`,
    `  read models as the log tells them: ${models}`,
    ...snapshotsText(found),
    ...(claim
      ? [`  the hash that was kept is that of ${claim.seq === undefined ? "the head" : `event ${claim.seq}`}`]
      : []),
    `head ${head.seq}:${head.hash}`,
    "",
  ].join("\n");
};

/** How far the log can be believed. */
const provenText = ({ seq, hash }: LedgerReport["head"]): string => {
  if (seq === 0) return "no event is proven";
  return seq === 1 ? `only the first event is proven: 1:${hash}` : `the first ${seq} events are proven: ${seq}:${hash}`;
};

const tell = (ctx: CommandContext, found: LedgerReport, asText: (found: LedgerReport) => string): ExitCode => {
  const { faults, head } = found;
  if (faults.length === 0) {
    ctx.io.out(asText(found));
    return 0;
  }
  const isWhole = faults.every(({ _tag }) => _tag === "ReadModel" || _tag === "Snapshot" || _tag === "OtherHead");
  const notes = [...faults.map(faultText), ...(isWhole ? [] : [provenText(head)]), ...adviceFor(faults)].map(
    (line) => `  ${line}`,
  );
  return report(ctx, [clientFailure(`${upkeepOf(ctx).path} is not sound`, notes)]);
};

const jsonText = (found: LedgerReport): string =>
  `${JSON.stringify({ sound: found.faults.length === 0, ...found }, null, 4)}\n`;

export const verify: Verb = {
  name: "verify",
  ours: true,
  ledger: "file",
  summary: "Prove that the ledger holds what was recorded, and that its read models are what it tells",
  usage: "[--head HASH|SEQ:HASH]",
  examples: [
    "rollout verify",
    "rollout verify --snapshots",
    "rollout verify -o json",
    "rollout verify | tail -1 >> heads.txt",
    "rollout verify --head 812:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
  ],
  flags: [
    { name: "head", type: "string", help: "A hash that was kept: that of the head, or SEQ:HASH for an earlier event." },
    {
      name: "snapshots",
      type: "boolean",
      help: "Compare the snapshots too, from which the past is told; takes about three times as long.",
    },
    { ...output, help: "json" },
  ],
  run: async (ctx, { args, flags, path }) => {
    if (args.length > 0) return failUsage(ctx, path, "verify takes no arguments");
    const json = wantsJson(flags.text("output"), "findings");
    if (E.isLeft(json)) return fail(ctx, json.left);
    const claim = flags.given("head") ? parseHead(flags.text("head")) : E.right(undefined);
    if (E.isLeft(claim)) return fail(ctx, claim.left);
    const head = claim.right;
    const upkeep = upkeepOf(ctx);
    return longWork(
      ctx,
      (progress) =>
        upkeep.verify({
          ...(head ? { head } : {}),
          snapshots: flags.on("snapshots"),
          ...(ctx.signal ? { signal: ctx.signal } : {}),
          onProgress: (step) => progress.show(proofText("verifying", step, step.total)),
        }),
      (found) => {
        if (!json.right) return tell(ctx, found, (sound) => soundText(upkeep.path, sound, head));
        ctx.io.out(jsonText(found));
        return found.faults.length === 0 ? 0 : 1;
      },
    );
  },
};
