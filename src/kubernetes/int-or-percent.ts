/** Counts that may be given as a share (`25%`), and the numbers of a rolling update that follow from them. */
import * as E from "fp-ts/lib/Either.js";
import type { Deployment, IntOrPercent } from "./objects.ts";

const notANumber = (text: string, digits: string): string =>
  `invalid value for IntOrString: invalid value ${JSON.stringify(text)}: strconv.Atoi: parsing ${JSON.stringify(digits)}: invalid syntax`;

/** The percentage, or why it is none. Kubernetes reads a sign here; only its validation refuses one. */
const percentage = (text: string): E.Either<string, number> => {
  if (!text.endsWith("%")) return E.left("invalid value for IntOrString: invalid type: string is not a percentage");
  const digits = text.slice(0, -1);
  return /^[-+]?[0-9]+$/.test(digits) ? E.right(Number(digits)) : E.left(notANumber(text, digits));
};

/**
 * A count as it is, a percentage as its share of `total`, rounded up or down to whole pods. An error is the sentence that
 * Kubernetes gives for a string that is no percentage.
 */
export const scaledValue = (value: IntOrPercent, total: number, rounding: "up" | "down"): E.Either<string, number> => {
  if (typeof value === "number") return E.right(value);
  const round = rounding === "up" ? Math.ceil : Math.floor;
  // Adding zero turns the -0 of a small negative share into 0.
  return E.map((share: number) => round((share * total) / 100) + 0)(percentage(value));
};

interface Fenceposts {
  readonly maxSurge: number;
  readonly maxUnavailable: number;
}

/**
 * Kubernetes' `ResolveFenceposts`: both limits of a rolling update as counts of pods for `desired` replicas. Surge is
 * rounded up and unavailability down; if both come out as 0, one pod may be unavailable, or the update could not move.
 */
export const resolveFenceposts = (
  maxSurge: IntOrPercent | undefined,
  maxUnavailable: IntOrPercent | undefined,
  desired: number,
): E.Either<string, Fenceposts> => {
  const surge = scaledValue(maxSurge ?? 0, desired, "up");
  if (E.isLeft(surge)) return surge;
  const unavailable = scaledValue(maxUnavailable ?? 0, desired, "down");
  if (E.isLeft(unavailable)) return unavailable;
  const stuck = surge.right === 0 && unavailable.right === 0;
  return E.right({ maxSurge: surge.right, maxUnavailable: stuck ? 1 : unavailable.right });
};

/** What the numbers below are taken from: a Deployment's spec, in its wire or stored form. */
type Rollable = Pick<Deployment["spec"], "replicas" | "strategy">;

const noFenceposts: Fenceposts = { maxSurge: 0, maxUnavailable: 0 };

/** Validation keeps strings that are no percentages out, so that here, as in Kubernetes, they count as zeros. */
const fencepostsOf = ({ replicas = 1, strategy }: Rollable): Fenceposts => {
  if (strategy?.type === "Recreate") return noFenceposts;
  const { maxSurge, maxUnavailable } = strategy?.rollingUpdate ?? {};
  return E.getOrElse(() => noFenceposts)(resolveFenceposts(maxSurge, maxUnavailable, replicas));
};

/** How many pods above `spec.replicas` a rolling update may make. */
export const maxSurge = (spec: Rollable): number => fencepostsOf(spec).maxSurge;

/** How many of the desired pods may be unavailable during a rolling update. */
export const maxUnavailable = (spec: Rollable): number => {
  const { replicas = 1 } = spec;
  return replicas === 0 ? 0 : Math.min(fencepostsOf(spec).maxUnavailable, replicas);
};

/** How many pods a rolling update keeps available. */
export const minAvailable = (spec: Rollable): number =>
  spec.strategy?.type === "Recreate" ? 0 : (spec.replicas ?? 1) - maxUnavailable(spec);
