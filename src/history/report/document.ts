/** A report as facts and tables: what the text and the Markdown of it are printed from. */
import { endOf, wasOverdue } from "../../projections/rollouts/model.ts";
import { offset, oneLine, shortDuration } from "../format.ts";
import { imageChange, shortImage } from "../images.ts";
import type { Extreme } from "../timeline/model.ts";
import type { Loss, PodStart, Report, StaleDecision } from "./model.ts";
import { blameText, count, holdUpText, totalMsOf } from "./words.ts";

export interface Section {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface ReportDocument {
  readonly verdict: string;
  readonly isGood: boolean;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** Those that have something to say. */
  readonly sections: readonly Section[];
}

const instant = (ms: number): string => new Date(ms).toISOString().replace(".000Z", "Z");

const imagesText = ({ rollout: { images, imagesBefore, otherChanges } }: Report): string =>
  [
    ...images.map((image, i) => {
      const before = imagesBefore?.[i];
      return before === undefined || before === image ? shortImage(image) : imageChange(before, image);
    }),
    ...(otherChanges === undefined ? [] : [otherChanges]),
  ].join(", ");

const numberText = ({ rollout: { number, revision, restores } }: Report): string =>
  [
    `#${number}`,
    ...(revision === undefined ? [] : [`revision ${revision}`]),
    ...(restores === undefined ? [] : [`restores #${restores}`]),
  ].join(", ");

const outcomeText = ({ rollout, endMs }: Report): string => {
  const { outcome, supersededBy, atMs } = rollout;
  const by = supersededBy === undefined || outcome === "complete" ? "" : ` by #${supersededBy}`;
  const isOver = endOf(rollout) !== undefined && outcome !== "superseded before start";
  const complete = rollout.completedAtMs !== undefined && outcome !== "complete" ? "complete, then " : "";
  return `${complete}${outcome}${by}${isOver ? ` at ${offset((complete === "" ? endMs : (rollout.replacedAtMs ?? endMs)) - atMs)}` : ""}`;
};

/** A change made while paused began later, if ever; times are counted from the change all the same. */
const beginning = ({ rollout: { atMs, startedAtMs, actor } }: Report): readonly (readonly [string, string])[] => {
  const change = `${instant(atMs)} by ${actor}`;
  if (startedAtMs === atMs) return [["Started", change]];
  const start = startedAtMs === undefined ? "not, while paused" : `at ${offset(startedAtMs - atMs)}, paused until then`;
  return [
    ["Changed", change],
    ["Started", start],
  ];
};

/** What became of it when it was no longer the newest. */
const closedText = ({ rollout, closed }: Report): string | undefined => {
  if (!closed) return undefined;
  const { supersededBy, atMs } = rollout;
  const what = supersededBy === undefined ? "deployment deleted" : `#${supersededBy} took its place`;
  return `${what} at ${offset(closed.atMs - atMs)} by ${closed.actor}`;
};

const durationText = ({ rollout }: Report): string | undefined => {
  const { progressingMs, pausedMs, waitingMs, startedAtMs } = rollout;
  if (startedAtMs === undefined) return undefined;
  const parts = [
    `${shortDuration(progressingMs)} progressing`,
    `${shortDuration(pausedMs)} paused`,
    `${shortDuration(waitingMs)} waiting`,
  ];
  return `${shortDuration(totalMsOf(rollout))}: ${parts.join(", ")}`;
};

const deadlineText = ({ rollout: { deadlineExceededAtMs, atMs } }: Report): string | undefined =>
  deadlineExceededAtMs === undefined ? undefined : `exceeded at ${offset(deadlineExceededAtMs - atMs)}`;

/** The bound of that moment, where it is not the one that was told already. */
const extremeText = (word: string, extreme: Extreme | undefined, told: number, originMs: number): string => {
  if (!extreme) return "";
  const bound = extreme.bound === told ? "" : ` where ${extreme.bound} was the bound`;
  return `; ${word} ${extreme.pods}${bound}, at ${offset(extreme.atMs - originMs)}`;
};

const podsText = ({ rollout, lost, exitsAfter, endMs }: Report): string => {
  const { podsCreated, podsLost, containerExits } = rollout;
  const after = lost.filter(({ atMs }) => atMs > endMs).length;
  const during = [`${podsCreated} created`, `${podsLost} lost`, count(containerExits, "container exit")].join(", ");
  const later = [
    ...(after > 0 ? [`${after} lost`] : []),
    ...(exitsAfter > 0 ? [count(exitsAfter, "container exit")] : []),
  ];
  return `${during}${later.length > 0 ? `; ${later.join(", ")} afterwards` : ""}`;
};

const factsOf = (report: Report): ReportDocument["facts"] => {
  const { rollout, promise, downMs } = report;
  const { lowest, highest } = rollout;
  const { desired, floor, ceiling } = promise;
  const known: readonly (readonly [string, string | undefined])[] = [
    ["Rollout", numberText(report)],
    ...beginning(report),
    ["Command", rollout.command],
    ["Change-cause", rollout.changeCause],
    ["Images", imagesText(report)],
    ["Outcome", outcomeText(report)],
    ["Then", closedText(report)],
    ["Duration", durationText(report)],
    ["Deadline", deadlineText(report)],
    [
      "Floor",
      `${floor} of ${count(desired, "pod")}${extremeText(report.hadFewer ? "tightest" : "lowest", lowest, floor, rollout.atMs)}`,
    ],
    [
      "Ceiling",
      `${count(ceiling, "pod")}${extremeText(report.hadMore ? "tightest" : "highest", highest, ceiling, rollout.atMs)}`,
    ],
    ["No pod available", downMs > 0 ? `for ${shortDuration(downMs)}` : undefined],
    ["Pods", podsText(report)],
  ];
  return known.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value: oneLine(value) }]));
};

type Clock = (ms: number) => string;

const shortfallRows = ({ shortfalls }: Report, at: Clock): Section["rows"] =>
  shortfalls.flatMap(({ fromMs, toMs, pods, bound, blames, isOpen }) => {
    const head = [at(fromMs), `${shortDuration(toMs - fromMs)}${isOpen ? ", still" : ""}`, String(pods), String(bound)];
    if (blames.length === 0) return [[...head, "", "it was broken before", ""]];
    return blames.map((blame, i) => [
      ...(i === 0 ? head : ["", "", "", ""]),
      `${blame.pods} for ${shortDuration(blame.podMs / Math.max(1, blame.losses.length))}`,
      blameText(blame),
      `seq:${blame.cause.type === "rollout" || blame.cause.type === "scale-down" ? (blame.cause.scaling?.seq ?? blame.losses[0]?.seq) : (blame.origin?.seq ?? blame.losses[0]?.seq)}`,
    ]);
  });

const excessRows = ({ excesses }: Report, at: Clock): Section["rows"] =>
  excesses.map(({ fromMs, toMs, pods, bound, surplus }) => {
    const [first] = surplus;
    const more = first
      ? `${first.actor} made ${count(surplus.length, "pod")} of rs/${first.replicaSet}${first.scaling ? `, which ${first.scaling.actor} had scaled from ${first.scaling.from} to ${first.scaling.to}` : ""}`
      : "";
    return [at(fromMs), shortDuration(toMs - fromMs), String(pods), String(bound), more];
  });

const awaitedRows = ({ awaited }: Report, at: Clock): Section["rows"] =>
  awaited.map(({ fromMs, reachedAtMs, givenUpAtMs, floor, floorBefore, change, origin }) => [
    at(fromMs),
    `${floorBefore} → ${floor}`,
    change,
    origin?.actor ?? "",
    reachedAtMs !== undefined
      ? `after ${shortDuration(reachedAtMs - fromMs)}`
      : givenUpAtMs !== undefined
        ? `given up after ${shortDuration(givenUpAtMs - fromMs)}`
        : "not yet",
  ]);

const staleText = ({ behind, believed }: StaleDecision): string =>
  [
    ...(believed ? [`believed ${believed.available} available, in truth ${believed.inTruth}`] : []),
    ...(behind ? [`${count(behind.events, "event")}, ${shortDuration(behind.ms)} behind, first ${behind.first}`] : []),
  ].join("; ");

const staleRows = ({ staleDecisions }: Report, at: Clock): Section["rows"] =>
  staleDecisions.map((decision) => [
    at(decision.atMs),
    decision.actor,
    decision.what,
    staleText(decision),
    `seq:${decision.seq}`,
  ]);

const lossRow = (loss: Loss, at: Clock): readonly string[] => [
  at(loss.atMs),
  loss.pod,
  blameText({ cause: loss.cause, losses: [loss], ...(loss.origin ? { origin: loss.origin } : {}) }),
  `seq:${loss.seq}`,
];

const phaseNames: Readonly<Partial<Record<PodStart["phases"][number]["state"], string>>> = {
  running: "running, not ready",
  ready: "ready, not available",
  "backing-off": "backing off",
};

const startRow = (
  { pod, node = "<none>", fromMs, tookMs, isAvailable, phases }: PodStart,
  at: Clock,
): readonly string[] => [
  pod,
  node,
  at(fromMs),
  isAvailable ? shortDuration(tookMs) : `not after ${shortDuration(tookMs)}`,
  phases.map(({ state, ms }) => `${phaseNames[state] ?? state} ${shortDuration(ms)}`).join(", "),
];

/** A report has room for so many rows of one kind; the JSON has all. */
const maxRows = 20;

const section = (title: string, columns: readonly string[], rows: Section["rows"]): readonly Section[] => {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, maxRows).map((row) => row.map(oneLine));
  const more = rows.length - shown.length;
  const rest = more > 0 ? [[`… and ${more} more`, ...columns.slice(1).map(() => "")]] : [];
  return [{ title, columns, rows: [...shown, ...rest] }];
};

export const documentOf = (report: Report): ReportDocument => {
  const { lost, slowest, heldUp, refusals, happenings, rollout } = report;
  const at: Clock = (ms) => offset(ms - rollout.atMs);
  return {
    verdict: oneLine(report.verdict),
    isGood:
      report.shortfalls.length === 0 &&
      report.excesses.length === 0 &&
      rollout.outcome === "complete" &&
      !wasOverdue(rollout),
    facts: factsOf(report),
    sections: [
      ...section(
        "Below the floor",
        ["At", "For", "Lowest", "Floor", "Missing", "Because", "Event"],
        shortfallRows(report, at),
      ),
      ...section("Above the ceiling", ["At", "For", "Highest", "Ceiling", "Because"], excessRows(report, at)),
      ...section("Raised floors", ["At", "Floor", "Change", "By", "Reached"], awaitedRows(report, at)),
      ...section(
        "Held up",
        ["Since", "What", "Pods"],
        heldUp.map((held) => [at(held.sinceMs), holdUpText(held), held.pods.join(", ")]),
      ),
      ...section("Decisions on a stale view", ["At", "By", "Decision", "Did not know", "Event"], staleRows(report, at)),
      ...section(
        "Pods lost",
        ["At", "Pod", "Because", "Event"],
        lost.map((loss) => lossRow(loss, at)),
      ),
      ...section(
        "Slowest pods",
        ["Pod", "Node", "Created", "Available", "Spent"],
        slowest.map((start) => startRow(start, at)),
      ),
      ...section(
        "Refusals",
        ["At", "By", "What", "Times", "Why"],
        refusals.map(({ actor, what, code, reason, message, times, firstAtMs }) => [
          at(firstAtMs),
          actor,
          what,
          String(times),
          `${code} ${reason}: ${message}`,
        ]),
      ),
      ...section(
        "Meanwhile",
        ["At", "Who", "What", "Command"],
        happenings.map(({ atMs, actor, type, what, command = "" }) => [at(atMs), actor, `${type} ${what}`, command]),
      ),
    ],
  };
};
