/** A rollout in one sentence: how it came out, and whether the Deployment kept its promise meanwhile. */
import { wasOverdue } from "../../projections/rollouts/model.ts";
import { offset, shortDuration } from "../format.ts";
import type { Breach } from "../timeline/model.ts";
import type { Blame, Report, Shortfall } from "./model.ts";
import { becauseText, count, holdUpText, tookText } from "./words.ts";

type Facts = Omit<Report, "verdict">;

const lengthOf = ({ fromMs, toMs }: Breach): number => toMs - fromMs;
const totalOf = (breaches: readonly Breach[]): number =>
  breaches.reduce((total, breach) => total + lengthOf(breach), 0);

const heldUpText = ({ heldUp }: Facts): string => {
  const worst = heldUp.toSorted((a, b) => b.pods.length - a.pods.length)[0];
  return worst && worst.why !== "starting" ? ` (${holdUpText(worst)})` : "";
};

const exceededAt = ({ rollout: { deadlineExceededAtMs, atMs } }: Facts): string =>
  deadlineExceededAtMs === undefined ? "" : ` at ${offset(deadlineExceededAtMs - atMs)}`;

/** What was exceeded once stays so, however the rollout came out. */
const lateText = (facts: Facts): string =>
  wasOverdue(facts.rollout) ? `, its progress deadline exceeded${exceededAt(facts)}` : "";

const outcomeText = (facts: Facts): string => {
  const { rollout } = facts;
  const { outcome, supersededBy = 0, completedAtMs, replacedAtMs = 0 } = rollout;
  const took = tookText(rollout);
  const late = lateText(facts);
  const held = `${heldUpText(facts)}${late}`;
  const completed = `${rollout.isCreation ? "was up after" : "completed in"} ${took}${late}`;
  switch (outcome) {
    case "complete":
      return completed;
    case "rolled back":
      return completedAtMs === undefined
        ? `was rolled back by #${supersededBy} after ${took}${held}`
        : `${completed}, and was rolled back by #${supersededBy} ${shortDuration(replacedAtMs - completedAtMs)} later`;
    case "superseded":
      return `was superseded by #${supersededBy} after ${took}${held}`;
    case "superseded before start":
      return `never began: #${supersededBy} took its place while the Deployment was paused`;
    case "deleted":
      return `ended after ${took}, when the Deployment was deleted${held}`;
    case "paused":
      return `is paused after ${took}${late}`;
    case "deadline exceeded":
      return `exceeded its progress deadline${exceededAt(facts)}, and is not complete after ${took}${heldUpText(facts)}`;
    case "in progress":
      return `is in progress for ${took}${held}`;
  }
};

/** What crashes in one shortfall has mostly crashed in the others, too: all of it counts, and nothing twice. */
const exitsOf = ({ exits }: Blame, shortfalls: readonly Shortfall[]): Pick<Blame, "exits"> => {
  if (!exits) return {};
  const all = shortfalls.flatMap(({ blames }) => blames.flatMap((blame) => blame.exits ?? []));
  return { exits: [...new Map(all.map((exit) => [exit.seq, exit])).values()] };
};

/** The worst shortfall, and how long all of them took. */
const fellText = (shortfalls: readonly Shortfall[]): string => {
  const [first, ...rest] = shortfalls;
  if (!first) return "";
  const depth = ({ bound, pods }: Shortfall): number => bound - pods;
  const worst = rest.reduce((a, b) => (depth(b) > depth(a) ? b : a), first);
  const spread = rest.length > 0 ? ` in ${count(shortfalls.length, "interval")}` : "";
  const blames = worst.blames.map((blame) => ({ ...blame, ...exitsOf(blame, shortfalls) }));
  const because = blames.length > 0 ? ` because ${becauseText({ blames })}` : ", as it had before";
  return `to ${worst.pods}, below its floor of ${worst.bound}, for ${shortDuration(totalOf(shortfalls))}${spread}${because}`;
};

const floorText = ({ shortfalls, rollout: { lowest }, awaited, promise, downMs, floors }: Facts): string => {
  const own = shortfalls.filter(({ isAfter }) => !isAfter);
  if (own.length > 0) return `availability fell ${fellText(own)}`;
  const [due] = awaited;
  if (floors.length > 1) return `availability never fell below its floor (${floors.join(", then ")})`;
  if (lowest && lowest.bound > 0) return `availability never fell below its floor of ${lowest.bound}`;
  if (due?.reachedAtMs !== undefined)
    return `its floor of ${due.floor} was reached after ${shortDuration(due.reachedAtMs - due.fromMs)}`;
  if (due) return `its floor of ${due.floor} was not reached`;
  if (promise.desired === 0) return "no pods were wanted";
  return downMs > 0
    ? `its strategy promises no availability, and no pod was available for ${shortDuration(downMs)}`
    : "its strategy promises no availability, but some pods always were available";
};

const ceilingText = ({ excesses }: Facts): string => {
  const own = excesses.filter(({ isAfter }) => !isAfter);
  const most = own.reduce<Breach | undefined>((a, b) => (a && a.pods - a.bound >= b.pods - b.bound ? a : b), undefined);
  return most
    ? `, and pods rose to ${most.pods} over a ceiling of ${most.bound} for ${shortDuration(totalOf(own))}`
    : "";
};

const afterText = ({ shortfalls }: Facts): string => {
  const after = shortfalls.filter(({ isAfter }) => isAfter);
  return after.length > 0 ? `; afterwards it fell ${fellText(after)}` : "";
};

/** `Rollout #3 of deployment/web completed in 42s; availability never fell below its floor of 8.` */
export const verdictOf = (facts: Facts): string => {
  const { rollout, name } = facts;
  const began = `Rollout #${rollout.number} of deployment/${name} ${outcomeText(facts)}`;
  if (rollout.outcome === "superseded before start") return `${began}.`;
  return `${began}; ${floorText(facts)}${ceilingText(facts)}${afterText(facts)}.`;
};
