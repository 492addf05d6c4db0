/** Rollouts as rows of the table `rollouts`, and back. */
import type { Digest } from "../../domain/state.ts";
import type { Extreme, Outcome, Rollout, Span } from "./model.ts";

export interface RolloutRow {
  readonly number: number;
  readonly seq: number;
  readonly at: number;
  readonly actor: string;
  readonly is_creation: number;
  readonly verb: string | null;
  readonly to_revision: number | null;
  readonly is_inferred: number;
  readonly command: string | null;
  readonly change_cause: string | null;
  readonly template: string;
  readonly images: string;
  readonly revision: string | null;
  readonly restores: number | null;
  readonly started_at: number | null;
  readonly completed_at: number | null;
  readonly deadline_exceeded_at: number | null;
  readonly closed_at: number | null;
  readonly closed_seq: number | null;
  readonly superseded_by: number | null;
  readonly outcome: string;
  readonly counted_to: number;
  readonly progressing_ms: number;
  readonly paused_ms: number;
  readonly waiting_ms: number;
  readonly pauses: string | null;
  readonly pods_created: number;
  readonly pods_lost: number;
  readonly container_exits: number;
  readonly lowest_available: number | null;
  readonly lowest_floor: number | null;
  readonly lowest_at: number | null;
  readonly highest_pods: number | null;
  readonly highest_ceiling: number | null;
  readonly highest_at: number | null;
}

/** In the order of the table. */
export const rolloutColumns = [
  "number",
  "seq",
  "at",
  "actor",
  "is_creation",
  "verb",
  "to_revision",
  "is_inferred",
  "command",
  "change_cause",
  "template",
  "images",
  "revision",
  "restores",
  "started_at",
  "completed_at",
  "deadline_exceeded_at",
  "closed_at",
  "closed_seq",
  "superseded_by",
  "outcome",
  "counted_to",
  "progressing_ms",
  "paused_ms",
  "waiting_ms",
  "pauses",
  "pods_created",
  "pods_lost",
  "container_exits",
  "lowest_available",
  "lowest_floor",
  "lowest_at",
  "highest_pods",
  "highest_ceiling",
  "highest_at",
] as const satisfies readonly (keyof RolloutRow)[];

export const rowOf = (rollout: Rollout): RolloutRow => ({
  number: rollout.number,
  seq: rollout.seq,
  at: rollout.atMs,
  actor: rollout.actor,
  is_creation: rollout.isCreation ? 1 : 0,
  verb: rollout.verb ?? null,
  to_revision: rollout.toRevision ?? null,
  is_inferred: rollout.inferred ? 1 : 0,
  command: rollout.command ?? null,
  change_cause: rollout.changeCause ?? null,
  template: rollout.template,
  images: JSON.stringify(rollout.images),
  revision: rollout.revision ?? null,
  restores: rollout.restores ?? null,
  started_at: rollout.startedAtMs ?? null,
  completed_at: rollout.completedAtMs ?? null,
  deadline_exceeded_at: rollout.deadlineExceededAtMs ?? null,
  closed_at: rollout.replacedAtMs ?? rollout.deletedAtMs ?? null,
  closed_seq: rollout.closedSeq ?? null,
  superseded_by: rollout.supersededBy ?? null,
  outcome: rollout.outcome,
  counted_to: rollout.countedToMs,
  progressing_ms: rollout.progressingMs,
  paused_ms: rollout.pausedMs,
  waiting_ms: rollout.waitingMs,
  pauses: pausesText(rollout.paused),
  pods_created: rollout.podsCreated,
  pods_lost: rollout.podsLost,
  container_exits: rollout.containerExits,
  lowest_available: rollout.lowest?.pods ?? null,
  lowest_floor: rollout.lowest?.bound ?? null,
  lowest_at: rollout.lowest?.atMs ?? null,
  highest_pods: rollout.highest?.pods ?? null,
  highest_ceiling: rollout.highest?.bound ?? null,
  highest_at: rollout.highest?.atMs ?? null,
});

/** `before` is the row of the number before, whose template was replaced. */
export const rolloutOf = (row: RolloutRow, before: RolloutRow | undefined): Rollout => {
  const closed =
    row.superseded_by === null
      ? { deletedAtMs: row.closed_at }
      : { replacedAtMs: row.closed_at, supersededBy: row.superseded_by };
  const replaced =
    row.is_creation === 1 || !before
      ? {}
      : { templateBefore: before.template as Digest, imagesBefore: imagesIn(before.images) };
  return {
    number: row.number,
    seq: row.seq,
    atMs: row.at,
    actor: row.actor,
    isCreation: row.is_creation === 1,
    ...known({
      verb: row.verb,
      toRevision: row.to_revision,
      inferred: row.is_inferred === 1 ? (true as const) : null,
      command: row.command,
      changeCause: row.change_cause,
    }),
    template: row.template as Digest,
    images: imagesIn(row.images),
    ...replaced,
    ...known({
      revision: row.revision,
      restores: row.restores,
      startedAtMs: row.started_at,
      completedAtMs: row.completed_at,
      deadlineExceededAtMs: row.deadline_exceeded_at,
      closedSeq: row.closed_seq,
    }),
    ...known(closed),
    outcome: row.outcome as Outcome,
    countedToMs: row.counted_to,
    progressingMs: row.progressing_ms,
    pausedMs: row.paused_ms,
    waitingMs: row.waiting_ms,
    paused: pausesIn(row.pauses),
    podsCreated: row.pods_created,
    podsLost: row.pods_lost,
    containerExits: row.container_exits,
    ...known({
      lowest: extreme(row.lowest_at, row.lowest_available, row.lowest_floor),
      highest: extreme(row.highest_at, row.highest_pods, row.highest_ceiling),
    }),
  };
};

type Known<T> = { readonly [K in keyof T]?: NonNullable<T[K]> };

/** The fields that are not null. */
const known = <T extends object>(fields: T): Known<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as Known<T>;

const imagesIn = (text: string): readonly string[] => JSON.parse(text);

const pausesText = (pauses: readonly Span[]): string | null =>
  pauses.length === 0 ? null : JSON.stringify(pauses.map(({ fromMs, toMs }) => [fromMs, toMs ?? null]));

const pausesIn = (text: string | null): readonly Span[] => {
  const pauses: readonly (readonly [number, number | null])[] = text === null ? [] : JSON.parse(text);
  return pauses.map(([fromMs, toMs]) => (toMs === null ? { fromMs } : { fromMs, toMs }));
};

const extreme = (atMs: number | null, pods: number | null, bound: number | null): Extreme | null =>
  atMs === null || pods === null || bound === null ? null : { atMs, pods, bound };
