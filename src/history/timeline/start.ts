/** The state of things from which a Deployment's history can be read on, without what came before. */
import type { Digest, Entity, ReplicaSet } from "../../domain/state.ts";
import type { Levels } from "../../projections/rollouts/levels.ts";
import type { Rollout as NumberedRollout } from "../../projections/rollouts/model.ts";
import type { Rollout } from "./model.ts";

export interface HistoryStart {
  /** All that happened up to this time, and nothing behind it, went into the rest. */
  readonly atMs: number;
  /** The time of the log's first event. */
  readonly knownFromMs: number;
  /** The namespace's objects as they were; Pods in the order in which they were created. */
  readonly entities: readonly Entity[];
  /** ReplicaSets that were gone already while Pods of theirs were not, as they were last. */
  readonly gone: readonly ReplicaSet[];
  /** All rollouts that the history tells of, those before and those to come. */
  readonly rollouts: readonly NumberedRollout[];
  /** The Deployment's pods against its promises; what was in force can be told only by the past. */
  readonly levels: Levels;
}

/** Numbers templates in the order in which they are asked for: what has the same look in a picture. */
export class Hues {
  readonly #hues = new Map<Digest, number>();

  of(template: Digest): number {
    const known = this.#hues.get(template);
    if (known !== undefined) return known;
    this.#hues.set(template, this.#hues.size);
    return this.#hues.size - 1;
  }

  with(rollouts: readonly NumberedRollout[]): readonly Rollout[] {
    return rollouts.map((rollout) => ({ ...rollout, hue: this.of(rollout.template) }));
  }
}
