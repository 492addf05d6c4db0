import type { Deployment, ReplicaSet } from "../state.ts";
import { touched, type When } from "./meta.ts";

type Workload = Deployment | ReplicaSet;

/** Another spec, with the generation that comes with it. */
export const withSpec = <W extends Workload>(
  before: W,
  event: When & { readonly data: { readonly generation: number } },
  spec: W["spec"],
): W => ({ ...before, meta: touched(before.meta, event, event.data.generation), spec });

/** A status in which some fields are others. */
export const withStatus = <W extends Workload>(before: W, event: When, change: Partial<W["status"]>): W => ({
  ...before,
  meta: touched(before.meta, event),
  status: { ...before.status, ...change },
});
