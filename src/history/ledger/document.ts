/** Rollouts as data for programs: times as the API writes them, to the millisecond; what is not known is left out. */
import type { JsonObject } from "../../kubernetes/json.ts";
import { type Extreme, endOf } from "../../projections/rollouts/model.ts";
import type { CsvCell } from "../csv.ts";
import { instant } from "../data.ts";
import type { Entry } from "./table.ts";

const optional = <T>(name: string, value: T | undefined, form: (value: T) => JsonObject[string]): JsonObject =>
  value === undefined ? {} : { [name]: form(value) };
const asItIs = <T extends JsonObject[string]>(value: T): T => value;

const extremeOf = ({ atMs, pods, bound }: Extreme, count: string, limit: string): JsonObject => ({
  [count]: pods,
  [limit]: bound,
  at: instant(atMs),
});

/** One object for each rollout. Durations are in ms; those of a rollout that goes on are counted up to `countedTo`. */
export const documentOf = ({ of, rollout }: Entry): JsonObject => ({
  namespace: of.namespace,
  deployment: of.name,
  number: rollout.number,
  ...optional("revision", rollout.revision, asItIs),
  ...optional("revisionNow", rollout.replicaSet?.revision, asItIs),
  ...optional("replicaSet", rollout.replicaSet?.name, asItIs),
  outcome: rollout.outcome,
  ...optional("supersededBy", rollout.supersededBy, asItIs),
  ...optional("restores", rollout.restores, asItIs),
  actor: rollout.actor,
  ...optional("verb", rollout.verb, asItIs),
  ...optional("toRevision", rollout.toRevision, asItIs),
  inferred: rollout.inferred === true,
  ...optional("command", rollout.command, asItIs),
  ...optional("changeCause", rollout.changeCause, asItIs),
  images: rollout.images,
  ...optional("imagesBefore", rollout.imagesBefore, asItIs),
  template: rollout.template,
  ...optional("templateBefore", rollout.templateBefore, asItIs),
  seq: rollout.seq,
  at: instant(rollout.atMs),
  ...optional("startedAt", rollout.startedAtMs, instant),
  ...optional("completedAt", rollout.completedAtMs, instant),
  ...optional("deadlineExceededAt", rollout.deadlineExceededAtMs, instant),
  ...optional("replacedAt", rollout.replacedAtMs, instant),
  ...optional("deletedAt", rollout.deletedAtMs, instant),
  ...optional("endedAt", endOf(rollout), instant),
  countedTo: instant(rollout.countedToMs),
  progressingMs: rollout.progressingMs,
  pausedMs: rollout.pausedMs,
  waitingMs: rollout.waitingMs,
  pauses: rollout.paused.map(({ fromMs, toMs }) => ({ from: instant(fromMs), ...optional("to", toMs, instant) })),
  podsCreated: rollout.podsCreated,
  podsLost: rollout.podsLost,
  containerExits: rollout.containerExits,
  ...optional("lowest", rollout.lowest, (extreme) => extremeOf(extreme, "available", "floor")),
  ...optional("highest", rollout.highest, (extreme) => extremeOf(extreme, "pods", "ceiling")),
});

const time = (atMs: number | undefined): CsvCell => (atMs === undefined ? null : instant(atMs));

type CsvColumn = readonly [header: string, cell: (entry: Entry) => CsvCell];

const csvColumns: readonly CsvColumn[] = [
  ["namespace", ({ of }) => of.namespace],
  ["deployment", ({ of }) => of.name],
  ["number", ({ rollout }) => rollout.number],
  ["revision", ({ rollout }) => rollout.revision ?? null],
  ["revision_now", ({ rollout }) => rollout.replicaSet?.revision ?? null],
  ["outcome", ({ rollout }) => rollout.outcome],
  ["superseded_by", ({ rollout }) => rollout.supersededBy ?? null],
  ["restores", ({ rollout }) => rollout.restores ?? null],
  ["actor", ({ rollout }) => rollout.actor],
  ["verb", ({ rollout }) => rollout.verb ?? null],
  ["inferred", ({ rollout }) => String(rollout.inferred === true)],
  ["command", ({ rollout }) => rollout.command ?? null],
  ["change_cause", ({ rollout }) => rollout.changeCause ?? null],
  ["images", ({ rollout }) => rollout.images.join(" ")],
  ["images_before", ({ rollout }) => rollout.imagesBefore?.join(" ") ?? null],
  ["template", ({ rollout }) => rollout.template],
  ["seq", ({ rollout }) => rollout.seq],
  ["at", ({ rollout }) => time(rollout.atMs)],
  ["started_at", ({ rollout }) => time(rollout.startedAtMs)],
  ["completed_at", ({ rollout }) => time(rollout.completedAtMs)],
  ["deadline_exceeded_at", ({ rollout }) => time(rollout.deadlineExceededAtMs)],
  ["ended_at", ({ rollout }) => time(endOf(rollout))],
  ["progressing_ms", ({ rollout }) => rollout.progressingMs],
  ["paused_ms", ({ rollout }) => rollout.pausedMs],
  ["waiting_ms", ({ rollout }) => rollout.waitingMs],
  ["pods_created", ({ rollout }) => rollout.podsCreated],
  ["pods_lost", ({ rollout }) => rollout.podsLost],
  ["container_exits", ({ rollout }) => rollout.containerExits],
  ["lowest_available", ({ rollout }) => rollout.lowest?.pods ?? null],
  ["lowest_floor", ({ rollout }) => rollout.lowest?.bound ?? null],
  ["highest_pods", ({ rollout }) => rollout.highest?.pods ?? null],
  ["highest_ceiling", ({ rollout }) => rollout.highest?.bound ?? null],
];

/** The header, then a record for each rollout. */
export const csvRecords = (entries: readonly Entry[]): readonly (readonly CsvCell[])[] => [
  csvColumns.map(([header]) => header),
  ...entries.map((entry) => csvColumns.map(([, cell]) => cell(entry))),
];
