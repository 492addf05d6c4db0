/** The fold of rollouts as it is kept at positions of the log. */
import type { World } from "../../domain/world.ts";
import { isJsonArray, isJsonObject } from "../../kubernetes/json.ts";
import { applied } from "../change.ts";
import type { FoldSource, KeptFold } from "../kept-fold.ts";
import { worldAt } from "../world-at.ts";
import type { TemplateSource } from "./deployment-track.ts";
import { RolloutsFold, type RolloutsState } from "./fold.ts";

interface Following {
  /** Both as of the same seq. */
  readonly world: World;
  readonly fold: RolloutsFold;
}

/** Under this it is kept. */
export const keptRollouts = { name: "rollouts", version: 2 } as const;

/** As far as a form can tell: a snapshot is seen under its fold's name and version only. */
const isState = (kept: unknown): kept is RolloutsState =>
  isJsonObject(kept) && isJsonArray(kept.deployments) && kept.deployments.every(isJsonObject);

/** What the objects of the cluster tell is not kept twice: it is taken from the world of the same seq. */
export const rolloutsFold = (source: FoldSource, templateOf: TemplateSource): KeptFold<Following> => ({
  ...keptRollouts,
  begin: () => ({ world: worldAt(source, 0), fold: new RolloutsFold(templateOf) }),
  apply(following, event) {
    following.fold.observe(applied(following.world, event));
    following.fold.take();
    return following;
  },
  keep: ({ fold }) => fold.state(),
  resume(kept, seq) {
    if (!isState(kept)) return undefined;
    const world = worldAt(source, seq);
    return { world, fold: RolloutsFold.restore(kept, world, templateOf) };
  },
});
