/**
 * Points in history as people type them: `seq:812`, `rollout:3`, `revision:2`, `2026-01-01T00:00:10Z`, `14:03:20`, `-5m`, each
 * with `+10s` behind it. One grammar for every verb that reads the past.
 */
import * as E from "fp-ts/lib/Either.js";
import type { ObjectRef } from "../../domain/state.ts";
import type { Session } from "../../engine/session.ts";
import type { Moment } from "../../history/moment.ts";
import { resourceTypeNamed } from "../../kubernetes/kinds.ts";
import { isCalendarDay, parseRfc3339 } from "../../kubernetes/time.ts";
import { spanOfTime } from "../grammar/values.ts";
import { eventAt, momentAtTime } from "./reading.ts";
import { revisionSeq, rolloutSeq } from "./rollout-points.ts";

/** What a point is read against. */
export interface Standpoint {
  readonly session: Session;
  /** Where Deployments are looked for. */
  readonly namespace: string;
  /** The name of the Deployment whose rollouts and revisions are meant; left out, the only one of the namespace. */
  readonly deployment?: string;
  /** What `+10s` alone counts from, ms; the ledger's first event unless it is given. */
  readonly originMs?: number;
}

interface Numbered {
  readonly is: "seq" | "rollout" | "revision";
  readonly number: number;
}

type Base =
  | Numbered
  | { readonly is: "time"; readonly atMs: number }
  | { readonly is: "ago"; readonly ms: number }
  | { readonly is: "origin" };

interface Point {
  readonly base: Base;
  /** What stands behind `+`, ms. */
  readonly plusMs?: number;
  /** `deploy/web@` in front. */
  readonly deployment?: string;
}

const forms =
  "seq:812, rollout:3, revision:2, 2026-01-01T00:00:10Z, 14:03:20 or -5m (ago), with +10s behind it to go on";
const dayMs = 86_400_000;
const clockForm = /^(\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,3})?)?$/;
const dayForm = /^(\d{4}-\d{2}-\d{2})T/;
const prefixForm = /^([^@/]+)\/([^@/]+)@(.*)$/;
/** Not what stands behind the plus of a time zone: an offset has a unit. */
const plusForm = /^(.*)\+((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+|0)$/;
const numberForm = /^(seq|rollout|revision):(\d+)$/;

/** The last time that a clock in UTC showed this; undefined when the text is no time of day. */
const parseClock = (text: string, nowMs: number): number | undefined => {
  const match = clockForm.exec(text);
  if (!match) return undefined;
  const [, hours = "", minutes = "", seconds = "0", fraction = "0"] = match;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const sinceMidnightMs = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds) + Number(fraction)) * 1000;
  const atMs = nowMs - (nowMs % dayMs) + Math.round(sinceMidnightMs);
  return atMs > nowMs ? atMs - dayMs : atMs;
};

const parseBase = (text: string, nowMs: number): E.Either<string, Base> => {
  const numbered = numberForm.exec(text);
  if (numbered) return E.right({ is: numbered[1] as "seq" | "rollout" | "revision", number: Number(numbered[2]) });
  if (/^#?\d+$/.test(text)) {
    const number = text.replace("#", "");
    return E.left(`${JSON.stringify(text)} could be several things: say revision:${number} or rollout:${number}`);
  }
  if (text.startsWith("-")) {
    const ago = spanOfTime(text);
    if (E.isRight(ago)) return E.right({ is: "ago", ms: -Math.round(ago.right) });
  }
  const atMs = parseRfc3339(text) ?? parseClock(text, nowMs);
  if (atMs !== undefined) return E.right({ is: "time", atMs });
  const day = dayForm.exec(text)?.[1];
  if (day !== undefined && !isCalendarDay(day)) return E.left(`${text} never was: the calendar has no ${day}`);
  return E.left(`${JSON.stringify(text)} is no point in history: say ${forms}`);
};

const parsePoint = (text: string, nowMs: number): E.Either<string, Point> => {
  const prefix = prefixForm.exec(text);
  if (prefix) {
    const [, type = "", deployment = "", rest = ""] = prefix;
    if (resourceTypeNamed(type)?.kind !== "Deployment") {
      return E.left(
        `only deployments have rollouts and revisions, as in deploy/web@rollout:3, not ${type}/${deployment}`,
      );
    }
    const point = parsePoint(rest, nowMs);
    return E.isLeft(point) ? point : E.right({ ...point.right, deployment });
  }
  const [, front = text, plus] = plusForm.exec(text) ?? [];
  const parsedPlus = plus === undefined ? E.right(undefined) : spanOfTime(plus);
  if (E.isLeft(parsedPlus)) return parsedPlus;
  const offset = parsedPlus.right === undefined ? {} : { plusMs: Math.round(parsedPlus.right) };
  if (front === "" && plus !== undefined) return E.right({ base: { is: "origin" }, ...offset });
  const base = parseBase(front, nowMs);
  return E.isLeft(base) ? base : E.right({ base: base.right, ...offset });
};

/** Whose rollouts and revisions are meant. */
const deploymentOf = (
  { session, namespace, deployment }: Standpoint,
  { is, number }: Numbered,
  prefix: string | undefined,
): E.Either<string, ObjectRef> => {
  const named = prefix ?? deployment;
  if (named !== undefined) return E.right({ kind: "Deployment", namespace, name: named });
  const [only, ...others] = session.list("Deployment", namespace);
  if (only && others.length === 0) return E.right({ kind: "Deployment", namespace, name: only.metadata.name });
  const example = `deploy/${only?.metadata.name ?? "web"}@${is}:${number}`;
  const why = only
    ? `the namespace ${namespace} has several deployments`
    : `no deployment is in namespace ${namespace}`;
  return E.left(`${why}: say which is meant, as in ${example}`);
};

const firstEventMs = (session: Session): number => eventAt(session, 1)?.at ?? session.now();

/** Where a numbered thing stands in the log. */
const seqOf = (around: Standpoint, base: Numbered, prefix: string | undefined): E.Either<string, number> => {
  const { is, number } = base;
  if (is === "seq") {
    const last = around.session.moment().seq;
    if (number >= 1 && number <= last) return E.right(number);
    return E.left(`the log has no event seq:${number}: it goes from seq:1 to seq:${last}`);
  }
  const deployment = deploymentOf(around, base, prefix);
  if (E.isLeft(deployment)) return deployment;
  const find = is === "rollout" ? rolloutSeq : revisionSeq;
  return find(around.session, deployment.right, number);
};

/** A time, and the place in the log where it is a commit that was named. */
interface Place {
  readonly atMs: number;
  readonly seq?: number;
}

/** What a `Date` can hold, to either side of 1970. */
const maxTimeMs = 8.64e15;

const bounded = (ms: number, mostMs: number): number => Math.max(-mostMs, Math.min(mostMs, ms));

/** From one end of what a `Date` can hold to the other: a longer span leads no further, and an endless one cannot be added to another. */
const boundedSpan = (ms: number): number => bounded(ms, 2 * maxTimeMs);

const locate = (around: Standpoint, text: string): E.Either<string, Place> => {
  const place = locateAnywhere(around, text);
  return E.isLeft(place) ? place : E.right({ ...place.right, atMs: bounded(place.right.atMs, maxTimeMs) });
};

const locateAnywhere = (around: Standpoint, text: string): E.Either<string, Place> => {
  const { session } = around;
  const parsed = parsePoint(text, session.now());
  if (E.isLeft(parsed)) return parsed;
  const { base, plusMs, deployment } = parsed.right;
  const offsetMs = boundedSpan(plusMs ?? 0);
  switch (base.is) {
    case "time":
      return E.right({ atMs: base.atMs + offsetMs });
    case "ago":
      return E.right({ atMs: session.now() - boundedSpan(base.ms) + offsetMs });
    case "origin":
      return E.right({ atMs: (around.originMs ?? firstEventMs(session)) + offsetMs });
    case "seq":
    case "rollout":
    case "revision": {
      const seq = seqOf(around, base, deployment);
      if (E.isLeft(seq)) return seq;
      const event = eventAt(session, seq.right);
      if (!event) throw new Error(`the log has lost its event ${seq.right}`);
      // With an offset it is that time that counts, also one of 0 s: everything of that millisecond.
      return plusMs === undefined
        ? E.right({ atMs: event.at, seq: event.commit.lastSeq })
        : E.right({ atMs: event.at + offsetMs });
    }
  }
};

/** The time that a point names, ms; it may lie outside of what the log tells. Left says what can be typed. */
export const readTime = (text: string, around: Standpoint): E.Either<string, number> => {
  const place = locate(around, text);
  return E.isLeft(place) ? place : E.right(place.right.atMs);
};

/** Whether a point is a rollout or a revision itself, and so stands for its template. */
export const namesTemplate = (text: string): boolean =>
  ["rollout", "revision"].includes(numberForm.exec(prefixForm.exec(text)?.[3] ?? text)?.[1] ?? "");

const instant = (ms: number): string => new Date(ms).toISOString();

/** `-5m is 2026-01-01T00:00:10.000Z`. */
const told = (text: string, atMs: number): string =>
  `${text} is ${Math.abs(atMs) < maxTimeMs ? instant(atMs) : "beyond every calendar"}`;

/**
 * The moment that a point names: at a time, everything that happened by then; at a commit, it and all before it. Left says
 * what can be typed, or that the point lies before the ledger or in the future.
 */
export const readMoment = (text: string, around: Standpoint): E.Either<string, Moment> => {
  const { session } = around;
  const place = locate(around, text);
  if (E.isLeft(place)) return place;
  const { seq, atMs } = place.right;
  if (seq !== undefined) return E.right({ seq, atMs });
  const [fromMs, nowMs] = [firstEventMs(session), session.now()];
  if (atMs < fromMs) return E.left(`${told(text, atMs)}, before the ledger begins: ${instant(fromMs)}`);
  if (atMs > nowMs) return E.left(`${told(text, atMs)}, and now it is ${instant(nowMs)}: that is still to come`);
  return E.right(momentAtTime(session, atMs));
};

/** The end of the last commit before a point: 0 when there is none. Left as with {@link readMoment}. */
export const seqBefore = (text: string, around: Standpoint): E.Either<string, number> => {
  const { session } = around;
  const place = locate(around, text);
  if (E.isLeft(place)) return place;
  const { seq, atMs } = place.right;
  if (seq === undefined) return E.right(momentAtTime(session, Math.min(atMs, session.now()) - 1).seq);
  const event = eventAt(session, seq);
  if (!event) throw new Error(`the log has lost its event ${seq}`);
  return E.right(event.commit.firstSeq - 1);
};
