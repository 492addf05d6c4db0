/** `rollout stats`: how much the ledger holds, and of what. */
import * as E from "fp-ts/lib/Either.js";
import type { LedgerStats } from "../../engine/upkeep/stats.ts";
import { shortDuration } from "../../history/format.ts";
import { count } from "../../history/report/words.ts";
import { layoutRows } from "../../kubernetes/printing/table.ts";
import { rfc3339 } from "../../kubernetes/time.ts";
import { output } from "../common-flags.ts";
import { fail, failUsage } from "../failure.ts";
import type { Verb } from "../verb.ts";
import { bodies, upkeepOf, wantsJson } from "./file.ts";

type Cells = readonly (string | number)[];

const units = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** `512 B`, `4.0 KiB`, `187.3 MiB`. */
export const sizeText = (bytes: number): string => {
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`;
};

const perEvent = (bytes: number, events: number): string => (events === 0 ? "" : (bytes / events).toFixed(1));

const section = (header: Cells, rows: readonly Cells[]): string =>
  rows.length === 0 ? "" : `\n${layoutRows([header, ...rows]).text}`;

const heading = ({
  head,
  span,
  commits,
  streams,
  blobs,
  fileBytes,
  freeBytes,
  bytesPerEvent,
  events,
  seam,
  next,
}: LedgerStats): string =>
  layoutRows([
    ["Events:", `${events} in ${count(commits, "commit")}, of ${count(streams, "stream")}`],
    ...(seam
      ? [["Archived:", `seq 1 to ${seam.seq}, in ${seam.file}${seam.isHere ? "" : ", which is not here"}`]]
      : []),
    ...(next ? [["Archive:", `closed; the log goes on in ${next.file}`]] : []),
    ["Head:", `${head.seq}:${head.hash}`],
    ...(span
      ? [["Time:", `${rfc3339(span.fromMs)} to ${rfc3339(span.toMs)} (${shortDuration(span.toMs - span.fromMs)})`]]
      : []),
    ["Bodies:", `${bodies(blobs.count)}, ${sizeText(blobs.bytes)}`],
    [
      "File:",
      `${sizeText(fileBytes)}${freeBytes > 0 ? `, of which ${sizeText(freeBytes)} free` : ""}` +
        `${bytesPerEvent === undefined ? "" : `; ${bytesPerEvent.toFixed(1)} bytes an event`}`,
    ],
  ]).text;

const statsText = (stats: LedgerStats): string => {
  const { events, types, tables = [], actors, snapshots } = stats;
  return [
    heading(stats),
    section(
      ["TYPE", "EVENTS", "DATA BYTES/EVENT"],
      types.map(({ type, events: number, dataBytes }) => [type, number, perEvent(dataBytes, number)]),
    ),
    section(
      ["TABLE", "ROWS", "SIZE", "BYTES/EVENT"],
      tables.map(({ table, rows, bytes }) => [table, rows, sizeText(bytes), perEvent(bytes, events)]),
    ),
    section(
      ["ACTOR", "COMMITS"],
      actors.map(({ actor, commits }) => [actor, commits]),
    ),
    section(
      ["SNAPSHOTS", "COUNT", "SIZE"],
      snapshots.map(({ name, count: number, bytes }) => [name, number, sizeText(bytes)]),
    ),
  ].join("");
};

export const stats: Verb = {
  name: "stats",
  ours: true,
  ledger: "file",
  summary: "How much the ledger holds: events by type, bytes by table, bodies, snapshots, actors, time",
  usage: "",
  examples: ["rollout stats", "rollout stats -o json"],
  flags: [{ ...output, help: "json" }],
  run: async (ctx, { args, flags, path }) => {
    if (args.length > 0) return failUsage(ctx, path, "stats takes no arguments");
    const json = wantsJson(flags.text("output"), "figures");
    if (E.isLeft(json)) return fail(ctx, json.left);
    const found = await upkeepOf(ctx).stats();
    if (E.isLeft(found)) return fail(ctx, found.left.message);
    ctx.io.out(json.right ? `${JSON.stringify(found.right, null, 4)}\n` : statsText(found.right));
    return 0;
  },
};
