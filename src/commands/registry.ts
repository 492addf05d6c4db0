/** Every verb there is, in the order help lists them. */
import { apiResources } from "./api-resources.ts";
import { apply } from "./apply/apply.ts";
import { viewLastApplied } from "./apply/view-last-applied.ts";
import { inPresent, throughTime } from "./as-of.ts";
import { create } from "./create/create.ts";
import { expose } from "./create/expose.ts";
import { createVerbs } from "./create/generators.ts";
import { deleteVerb } from "./delete.ts";
import { describe } from "./describe/describe.ts";
import { diff } from "./diff/diff.ts";
import { edit } from "./edit.ts";
import { events } from "./events.ts";
import { get } from "./get/get.ts";
import { historyVerbs } from "./history/verbs.ts";
import { annotate } from "./metadata/annotate.ts";
import { label } from "./metadata/label.ts";
import { patch } from "./patch.ts";
import { replace } from "./replace.ts";
import { rolloutVerbs } from "./rollout/verbs.ts";
import { scale } from "./scale.ts";
import { setVerbs } from "./set/verbs.ts";
import { simulationVerbs } from "./simulation/verbs.ts";
import { upkeepVerbs } from "./upkeep/verbs.ts";
import type { Verb } from "./verb.ts";
import { version } from "./version.ts";
import { wait } from "./wait.ts";

export const verbs: readonly Verb[] = [
  create,
  ...createVerbs,
  expose,
  ...setVerbs,
  get,
  edit,
  deleteVerb,
  describe,
  ...rolloutVerbs,
  ...historyVerbs,
  scale,
  patch,
  replace,
  wait,
  diff,
  apply,
  viewLastApplied,
  label,
  annotate,
  events,
  apiResources,
  version,
  ...simulationVerbs,
  ...upkeepVerbs,
].map(throughTime);

/** The same, for whoever has a ledger open while time goes on: the cluster catches up before those that tell of the present. */
export const presentVerbs: readonly Verb[] = verbs.map(inPresent);
