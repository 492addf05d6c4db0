/** Causes, refusals and waits in words. */
import { refOfStream } from "../../domain/world.ts";
import type { Durations } from "../../projections/rollouts/model.ts";
import { shortDuration } from "../format.ts";
import type { Blame, Cause, HoldUp, Origin, Shortfall } from "./model.ts";

const shortKinds: Readonly<Record<string, string>> = { Deployment: "deploy", ReplicaSet: "rs", Namespace: "ns" };

/** `rs/web-5db6`; a stream that is no object's as it is. */
export const objectText = (stream: string): string => {
  const ref = refOfStream(stream);
  return ref ? `${shortKinds[ref.kind] ?? ref.kind.toLowerCase()}/${ref.name}` : stream;
};

export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;

const faultBy = (origin: Origin | undefined): string => (origin ? ` (injected by ${origin.actor})` : "");

/** What the controller took away, and what it took for granted when it did. */
const decisionText = ({ scaling }: Extract<Cause, { readonly type: "rollout" | "scale-down" }>): string => {
  if (!scaling) return "";
  const { from, to, believed, available } = scaling;
  const belief =
    believed !== undefined && believed > available ? `, believing ${believed} available where ${available} were` : "";
  return ` from ${from} to ${to}${belief}`;
};

/** To follow "because": `node-2 went down`, `user:alice deleted pod/web-5db6-x2k9q`. */
export const blameText = ({
  cause,
  origin,
  losses,
  exits = [],
}: Pick<Blame, "cause" | "origin" | "losses" | "exits">): string => {
  // Where pods crash, those count that did, and not only those that are missing below the floor.
  const pods = new Set([...losses, ...exits].map(({ pod }) => pod)).size;
  const times = exits.length > pods ? ` ${exits.length} times` : "";
  const their = pods === 1 ? `pod/${losses[0]?.pod ?? ""}` : `${pods} pods`;
  switch (cause.type) {
    case "rollout":
      return `the rollout scaled rs/${cause.replicaSet}${decisionText(cause)}`;
    case "scale-down":
      return `${origin?.actor ?? "somebody"} scaled down, which took pods of rs/${cause.replicaSet}${decisionText(cause)}`;
    case "deletion": {
      const object = cause.object.startsWith("pod/") ? their : cause.object;
      return `${origin?.actor ?? "somebody"} deleted ${object}`;
    }
    case "crash":
      return `${their} crashed${times}: ${cause.container} exited with ${cause.exitCode}${faultBy(origin)}`;
    case "node":
      return `${cause.node === "" ? "a node" : cause.node} went down${faultBy(origin)}`;
    case "eviction":
      return `${their} ${pods === 1 ? "was" : "were"} evicted${faultBy(origin)}`;
    case "readiness":
      return `${their} stopped being ready${faultBy(origin)}`;
    case "finished":
      return `${their} ${cause.phase === "Failed" ? "failed" : "finished"}${faultBy(origin)}`;
    case "release":
      return `${their} no longer ${pods === 1 ? "belongs" : "belong"} to the Deployment${origin ? ` (${origin.actor})` : ""}`;
    case "spec":
      return `${origin?.actor ?? "somebody"} asked for ${cause.change}`;
    case "unknown":
      return "of something that the log does not tell";
  }
};

/** `node-2 went down, and user:alice deleted pod/web-5db6-x2k9q`. */
export const becauseText = ({ blames }: Pick<Shortfall, "blames">): string => {
  const told = blames.slice(0, 2).map(blameText);
  const more = blames.length - told.length;
  return `${told.join(", and ")}${more > 0 ? `, and ${count(more, "other cause")}` : ""}`;
};

/** `4 pods cannot pull nginx:1.99 (ErrImagePull)`. */
export const holdUpText = ({ why, what, pods }: HoldUp): string => {
  const many = count(pods.length, "pod");
  const one = pods.length === 1;
  switch (why) {
    case "image":
      return `${many} ${one ? "has" : "have"} no image: ${what}`;
    case "crash":
      return `${many} ${one ? "crashes" : "crash"}: ${what}`;
    case "unschedulable":
      return `${many} ${one ? "fits" : "fit"} on no node: ${what}`;
    case "unready":
      return `${many} ${one ? "runs" : "run"}, but ${one ? "is" : "are"} not ready`;
    case "starting":
      return `${many} ${one ? "is" : "are"} coming up: ${what}`;
  }
};

export const totalMsOf = ({ progressingMs, pausedMs, waitingMs }: Durations): number =>
  progressingMs + pausedMs + waitingMs;

/** `42s`, or with what went into it: `42s, 8s of it paused`. */
export const tookText = (durations: Durations): string =>
  [
    shortDuration(totalMsOf(durations)),
    ...(durations.pausedMs > 0 ? [`${shortDuration(durations.pausedMs)} of it paused`] : []),
    ...(durations.waitingMs > 0 ? [`${shortDuration(durations.waitingMs)} of it waiting`] : []),
  ].join(", ");
