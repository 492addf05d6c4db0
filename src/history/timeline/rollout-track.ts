/** The rollouts of a Deployment while they are being read from the log. */
import type { Change } from "../../projections/change.ts";
import type { TemplateSource } from "../../projections/rollouts/deployment-track.ts";
import { RolloutsFold } from "../../projections/rollouts/fold.ts";
import type { Rollout } from "../../projections/rollouts/model.ts";

export class RolloutTrack {
  readonly #stream: string;
  readonly #fold: RolloutsFold;
  readonly #closed: Rollout[] = [];

  constructor(stream: string, templateOf: TemplateSource) {
    this.#stream = stream;
    this.#fold = new RolloutsFold(templateOf);
  }

  observe(change: Change): void {
    this.#fold.observe(change);
    for (const { rollout } of this.#fold.take().closed) this.#closed.push(rollout);
  }

  /** All rollouts as they stand at this moment, which is not before the last change. */
  at(atMs: number): readonly Rollout[] {
    const open = this.#fold.openAt(this.#stream, atMs);
    return open ? [...this.#closed, open] : this.#closed;
  }
}
