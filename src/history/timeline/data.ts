import type { JsonObject } from "../../kubernetes/json.ts";
import { objectData } from "../data.ts";
import { documentOf } from "../ledger/document.ts";
import type { Timeline } from "./model.ts";

/** A timeline for programs; its rollouts are those of `ledger -o json`. */
export const timelineData = ({ namespace, name, rollouts, ...rest }: Timeline): JsonObject => ({
  namespace,
  deployment: name,
  ...objectData(rest),
  rollouts: rollouts.map((rollout) => documentOf({ of: { namespace, name }, rollout })),
});
