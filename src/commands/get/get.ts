import * as E from "fp-ts/lib/Either.js";
import { noResourcesFound, printObjects } from "../../kubernetes/printing/get.ts";
import type { OutputFormat } from "../../kubernetes/printing/output-format.ts";
import type { WatchOptions } from "../../kubernetes/printing/watch.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import * as common from "../common-flags.ts";
import { clientFailure, fail, report } from "../failure.ts";
import { printable } from "../objects.ts";
import { readFormat } from "../output.ts";
import type { Selection } from "../resource-args.ts";
import { present } from "../resource-args.ts";
import { selectTargets } from "../targets.ts";
import type { Invocation, Verb } from "../verb.ts";
import { watchSelection } from "./watch.ts";

/** Names have their type in front when objects of several types could be among them. */
const showsKind = ({ flags }: Invocation, { types, targets, named }: Selection): boolean => {
  const found = new Set(targets.filter(({ object }) => object).map(({ type }) => type));
  return flags.on("show-kind") || (named ? found.size : types.length) > 1;
};

const printOptions = (
  ctx: CommandContext,
  invocation: Invocation,
  selection: Selection,
  output: OutputFormat,
): WatchOptions => {
  const { flags } = invocation;
  return {
    output,
    nowMs: ctx.session.now(),
    noHeaders: flags.on("no-headers"),
    showLabels: flags.on("show-labels"),
    labelColumns: flags.list("label-columns"),
    showKind: showsKind(invocation, selection),
    allNamespaces: flags.on("all-namespaces"),
    single: selection.single,
    sortBy: flags.text("sort-by"),
    showEventTypes: flags.on("output-watch-events"),
  };
};

const printOnce = (
  ctx: CommandContext,
  invocation: Invocation,
  selection: Selection,
  options: WatchOptions,
): ExitCode => {
  const { flags, namespace } = invocation;
  const ignoreMissing = flags.on("ignore-not-found");
  const { found, failures: missing } = present(selection.targets);
  const failures = ignoreMissing ? [] : [...missing];
  const showsNothing = found.length === 0 && (options.output.form === "table" || selection.targets.length > 0);
  if (!showsNothing) {
    const text = printObjects(
      found.map(({ object }) => printable(object)),
      options,
    );
    if (E.isRight(text)) ctx.io.out(text.right);
    else failures.unshift(clientFailure(text.left));
  }
  if (showsNothing && selection.targets.length === 0 && !ignoreMissing) {
    const everywhere = flags.on("all-namespaces") || selection.types.some((type) => !type.namespaced);
    ctx.io.err(noResourcesFound(everywhere ? undefined : namespace));
  }
  return report(ctx, failures);
};

const nothingAsked = `You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.

error: Required resource not specified.
Use "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).
See 'kubectl get -h' for help and examples
`;

const run: Verb["run"] = async (ctx, invocation) => {
  const { flags } = invocation;
  const watching = flags.on("watch") || flags.on("watch-only");
  if (watching && flags.given("as-of")) return fail(ctx, "what was does not change: leave out --watch or --as-of");
  if (invocation.args.length === 0 && !flags.given("filename") && !watching) {
    ctx.io.err(nothingAsked);
    return 1;
  }
  const format = readFormat(flags);
  if (E.isLeft(format)) return report(ctx, [format.left]);
  const selection = selectTargets(ctx, invocation, { typeAloneMeansAll: true });
  if (E.isLeft(selection)) return report(ctx, selection.left);
  const options = printOptions(ctx, invocation, selection.right, format.right);
  return watching
    ? watchSelection(ctx, invocation, selection.right, options)
    : printOnce(ctx, invocation, selection.right, options);
};

export const get: Verb = {
  name: "get",
  summary: "Show objects as tables, YAML, JSON or columns of your choice",
  usage: "(TYPE[,TYPE…] [NAME…] | TYPE/NAME… | -f FILENAME) [-o FORMAT] [-w]",
  examples: [
    "rollout get deploy,rs,pods -o wide",
    "rollout get pods -l app=web -w",
    "rollout get deploy,rs,pods --as-of 14:03:20",
    "rollout get pods --as-of rollout:3+10s",
    "rollout get deployment web -o yaml",
    "rollout get rs -o custom-columns=NAME:.metadata.name,REPLICAS:.spec.replicas",
    "rollout get pods -o jsonpath='{.items[*].metadata.name}'",
  ],
  flags: [
    { ...common.output, help: "wide, json, yaml, name, jsonpath=…, custom-columns=…" },
    { name: "watch", short: "w", type: "boolean", help: "Show the objects, then every change." },
    { name: "watch-only", type: "boolean", help: "Show every change." },
    { name: "output-watch-events", type: "boolean", help: "With -w: say what happened to the object." },
    { name: "show-labels", type: "boolean", help: "A last column with the labels." },
    { name: "label-columns", short: "L", type: "list", help: "A column for each of these labels." },
    { name: "show-kind", type: "boolean", help: "Names with their type in front." },
    { name: "sort-by", type: "string", help: "The path of the field to sort by: .metadata.creationTimestamp." },
    { name: "no-headers", type: "boolean", help: "Leave the header line out." },
    { name: "ignore-not-found", type: "boolean", help: "Objects that are not there are no error." },
    common.asOf,
    common.allNamespaces,
    common.selector,
    common.fieldSelector,
    ...common.files,
  ],
  run,
};
