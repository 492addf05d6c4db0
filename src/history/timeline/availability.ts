/** How many pods were there and available, against what the Deployment promised, moment by moment. */
import type { Deployment } from "../../domain/state.ts";
import { type Levels, levelsAfter, noLevels, PodTally, sameLevels } from "../../projections/rollouts/levels.ts";
import type { PodState } from "../../projections/rollouts/pod-state.ts";
import type { AvailabilityStep } from "./model.ts";

type AvailableBy = AvailabilityStep["availableBy"];

const sameBy = (a: AvailableBy, b: AvailableBy): boolean =>
  a.length === b.length && a.every(({ replicaSet, pods }, i) => replicaSet === b[i]?.replicaSet && pods === b[i]?.pods);

export class AvailabilityTrack {
  readonly #steps: AvailabilityStep[] = [];
  /** By index of the ReplicaSet. */
  readonly #availableBy: number[] = [];
  readonly #tally = new PodTally();
  #levels: Levels;

  /** `levels` are those before the first moment. */
  constructor(levels = noLevels) {
    this.#levels = levels;
  }

  get steps(): readonly AvailabilityStep[] {
    return this.#steps;
  }

  availableIn(replicaSet: number): number {
    return this.#availableBy[replicaSet] ?? 0;
  }

  /** A pod of the ReplicaSet went from one state to another; undefined stands for not being there. */
  move(replicaSet: number, from: PodState | undefined, to: PodState | undefined): void {
    this.#tally.move(from, to);
    if (from === "available") this.#availableBy[replicaSet] = this.availableIn(replicaSet) - 1;
    if (to === "available") this.#availableBy[replicaSet] = this.availableIn(replicaSet) + 1;
  }

  /** All that happened at this moment is known: takes down what it led to. */
  settle(atMs: number, deployment: Deployment | undefined): void {
    const levels = levelsAfter(this.#levels, deployment, this.#tally);
    const availableBy = this.#availableBy.flatMap((pods, replicaSet) => (pods > 0 ? [{ replicaSet, pods }] : []));
    const last = this.#steps.at(-1);
    const isSame = last !== undefined && sameLevels(last, levels) && sameBy(last.availableBy, availableBy);
    this.#levels = levels;
    if (!isSame) this.#steps.push({ atMs, ...levels, availableBy });
  }
}
