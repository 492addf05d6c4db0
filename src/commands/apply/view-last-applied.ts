import * as E from "fp-ts/lib/Either.js";
import { asJson } from "../../kubernetes/json.ts";
import { lastApplied } from "../../kubernetes/patch/last-applied.ts";
import { goJson } from "../../kubernetes/printing/go-format.ts";
import { printYaml } from "../../kubernetes/printing/yaml.ts";
import * as common from "../common-flags.ts";
import { clientFailure, failUsage, report } from "../failure.ts";
import { present } from "../resource-args.ts";
import { selectTargets } from "../targets.ts";
import type { Verb } from "../verb.ts";

const run: Verb["run"] = async (ctx, invocation) => {
  const { flags, path } = invocation;
  const format = flags.text("output");
  if (format !== "yaml" && format !== "json") {
    return failUsage(ctx, path, `Unexpected -o output mode: ${format}, the flag 'output' must be one of yaml|json`);
  }
  const selection = selectTargets(ctx, invocation);
  if (E.isLeft(selection)) return report(ctx, selection.left);
  const { found, failures } = present(selection.right.targets);
  const faults = [...failures];
  for (const { object } of found) {
    const configuration = lastApplied(asJson(object));
    if (E.isLeft(configuration)) faults.push(clientFailure(configuration.left));
    else if (configuration.right) {
      ctx.io.out(format === "yaml" ? printYaml(configuration.right) : `${goJson(configuration.right, 2)}\n`);
    }
  }
  return report(ctx, faults);
};

export const viewLastApplied: Verb = {
  name: "view-last-applied",
  group: "apply",
  summary: "Show the manifest that was applied last",
  usage: "(TYPE NAME | TYPE/NAME | -f FILENAME)",
  examples: ["rollout apply view-last-applied deployment/web"],
  flags: [
    { name: "output", short: "o", type: "string", default: "yaml", help: "yaml or json." },
    common.all,
    common.selector,
    ...common.files,
  ],
  run,
};
