import { resourceTypes } from "../kubernetes/kinds.ts";
import { layoutRows } from "../kubernetes/printing/table.ts";
import type { Verb } from "./verb.ts";

const header = ["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"];

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const apiResources: Verb = {
  name: "api-resources",
  ledger: "none",
  summary: "The types of objects, with their short names",
  usage: "",
  examples: ["rollout api-resources"],
  flags: [],
  run: async (ctx) => {
    const sorted = resourceTypes.toSorted((a, b) =>
      a.group === b.group ? compare(a.plural, b.plural) : compare(a.group, b.group),
    );
    const rows = sorted.map((type) => [
      type.plural,
      type.shortNames.join(","),
      type.apiVersion,
      String(type.namespaced),
      type.kind,
    ]);
    ctx.io.out(layoutRows([header, ...rows]).text);
    return 0;
  },
};
