/** Rollouts as a table: one line each. */
import type { BodySource } from "../../domain/bodies.ts";
import type { DeploymentName } from "../../invariants/check.ts";
import type { Cell, Column, Table } from "../../kubernetes/printing/table.ts";
import { rfc3339 } from "../../kubernetes/time.ts";
import { type Extreme, endOf, wasOverdue } from "../../projections/rollouts/model.ts";
import { oneLine, shortDuration } from "../format.ts";
import { shortImage } from "../images.ts";
import { templateChange } from "../log/changes.ts";
import type { LedgerRollout } from "../rollouts.ts";

/** A rollout, and whose it is. */
export interface Entry {
  readonly of: DeploymentName;
  readonly rollout: LedgerRollout;
}

export interface LedgerTableOptions {
  readonly bodies: BodySource;
  /** Instant of printing: the day whose times need no date. */
  readonly nowMs: number;
  readonly wide: boolean;
  /** A column with the Deployment's namespace, and one with its name. */
  readonly showNamespace: boolean;
  readonly showName: boolean;
}

const none = "<none>";

/** `1 → 3` where the template goes by another revision now, `2 → gone` where no ReplicaSet has it any more. */
const revisionText = ({ revision, replicaSet, closedSeq }: LedgerRollout): string => {
  if (revision === undefined) return none;
  if (!replicaSet) return closedSeq === undefined ? revision : `${revision} → gone`;
  const { revision: now = revision } = replicaSet;
  return now === revision ? revision : `${revision} → ${now}`;
};

const sameImages = ({ images, imagesBefore = [] }: LedgerRollout): boolean =>
  images.length === imagesBefore.length && images.every((image, i) => image === imagesBefore[i]);

/**
 * `web:1 → 2`, `restarted`, the fields that changed; the images of a Deployment that was created. Of one that restores another,
 * `as #1: web:1`: in the wide table with what was before, too.
 */
const changeText = (rollout: LedgerRollout, { bodies, wide }: LedgerTableOptions): string => {
  const { template, templateBefore, images, restores } = rollout;
  const toImages = images.map(shortImage).join(", ");
  if (templateBefore === undefined) return toImages;
  const change = templateChange(bodies.template(templateBefore), bodies.template(template)).replace(/^image /, "");
  if (restores === undefined) return change;
  return `as #${restores}: ${wide || sameImages(rollout) ? change : toImages}`;
};

const dayMs = 86_400_000;

/** The time of today, the date of any other day. */
const briefly = (atMs: number, nowMs: number): string => {
  const text = rfc3339(atMs);
  return Math.floor(atMs / dayMs) === Math.floor(nowMs / dayMs) ? text.slice(11, 19) : text.slice(0, 10);
};

/** `complete`, `rolled back by #3, past its deadline`. */
const outcomeText = (rollout: LedgerRollout): string => {
  const { outcome, supersededBy } = rollout;
  const isBy = (outcome === "superseded" || outcome === "rolled back") && supersededBy !== undefined;
  const late = outcome !== "deadline exceeded" && wasOverdue(rollout) ? ", past its deadline" : "";
  return `${outcome}${isBy ? ` by #${supersededBy}` : ""}${late}`;
};

const extremeText = (extreme: Extreme | undefined, bound: string): string =>
  extreme ? `${extreme.pods}/${extreme.bound} ${bound}` : none;

const columns: readonly (Column & { readonly only?: "namespace" | "name" })[] = [
  { header: "Namespace", only: "namespace" },
  { header: "Deployment", only: "name" },
  { header: "#" },
  { header: "Revision" },
  { header: "Actor" },
  { header: "Change" },
  { header: "Started" },
  { header: "Duration" },
  { header: "Outcome" },
  { header: "Lowest" },
  { header: "Highest", wide: true },
  { header: "Ended", wide: true },
  { header: "Progressing", wide: true },
  { header: "Paused", wide: true },
  { header: "Waiting", wide: true },
  { header: "Pods", wide: true },
  { header: "Exits", wide: true },
  { header: "Template", wide: true },
  { header: "ReplicaSet", wide: true },
  { header: "Cause", wide: true },
  { header: "Command", wide: true },
];

const cellsOf = ({ of, rollout }: Entry, options: LedgerTableOptions): readonly Cell[] => {
  const { nowMs, wide } = options;
  const { startedAtMs, progressingMs, pausedMs, waitingMs, podsCreated, podsLost } = rollout;
  const isStarted = startedAtMs !== undefined;
  const time = (atMs: number | undefined): string =>
    atMs === undefined ? none : wide ? rfc3339(atMs) : briefly(atMs, nowMs);
  const duration = (ms: number): string => (isStarted ? shortDuration(ms) : none);
  return [
    of.namespace,
    of.name,
    rollout.number,
    revisionText(rollout),
    rollout.actor,
    oneLine(changeText(rollout, options)),
    time(startedAtMs),
    duration(progressingMs + pausedMs + waitingMs),
    outcomeText(rollout),
    extremeText(rollout.lowest, "floor"),
    extremeText(rollout.highest, "ceiling"),
    time(endOf(rollout)),
    duration(progressingMs),
    duration(pausedMs),
    duration(waitingMs),
    `+${podsCreated}${podsLost > 0 ? `, ${podsLost} lost` : ""}`,
    rollout.containerExits,
    rollout.template.slice(0, 12),
    rollout.replicaSet?.name ?? none,
    rollout.changeCause ?? none,
    rollout.command ?? (rollout.inferred && rollout.verb !== undefined ? `(${rollout.verb})` : none),
  ];
};

export const ledgerTable = (entries: readonly Entry[], options: LedgerTableOptions): Table => {
  const isShown = columns.map(
    ({ only }) => (only !== "namespace" || options.showNamespace) && (only !== "name" || options.showName),
  );
  return {
    columns: columns.filter((_, i) => isShown[i]),
    rows: entries.map((entry) => cellsOf(entry, options).filter((_, i) => isShown[i])),
  };
};
