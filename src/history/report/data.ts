import type { JsonObject } from "../../kubernetes/json.ts";
import { objectData } from "../data.ts";
import { documentOf } from "../ledger/document.ts";
import type { Report } from "./model.ts";

/** A report for programs; its rollout is that of `ledger -o json`. */
export const reportData = ({ namespace, name, rollout, ...rest }: Report): JsonObject => ({
  namespace,
  deployment: name,
  rollout: documentOf({ of: { namespace, name }, rollout }),
  ...objectData(rest),
});
