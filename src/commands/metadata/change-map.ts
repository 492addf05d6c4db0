/** What `label` and `annotate` have in common: they change a map in the metadata of objects, one merge patch each. */
import * as E from "fp-ts/lib/Either.js";
import type { JsonObject } from "../../kubernetes/json.ts";
import { resourceTypeOfKind } from "../../kubernetes/kinds.ts";
import type { KubeObject, StringMap } from "../../kubernetes/objects.ts";
import { CHANGE_CAUSE } from "../../kubernetes/well-known.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import * as common from "../common-flags.ts";
import type { DryRun } from "../dry-run.ts";
import { readDryRun } from "../dry-run.ts";
import type { Failure } from "../failure.ts";
import { clientFailure, fail, refusedFailure, report } from "../failure.ts";
import type { Flag } from "../grammar/flags.ts";
import { refTo } from "../objects.ts";
import type { ResultPrinter } from "../output.ts";
import { resultPrinter } from "../output.ts";
import type { Pairs } from "../pairs.ts";
import { readPairs } from "../pairs.ts";
import { request, withAnnotation } from "../request.ts";
import type { FoundTarget } from "../resource-args.ts";
import { present } from "../resource-args.ts";
import { selectTargets } from "../targets.ts";
import type { Invocation } from "../verb.ts";

/** What differs between the two verbs. */
export interface MapVerb {
  readonly map: "labels" | "annotations";
  readonly word: "label" | "annotation";
  readonly fieldManager: string;
  /** A fault in the pairs themselves. */
  readonly refusePairs: (pairs: Pairs) => string | undefined;
  /** Faults of changing values without `--overwrite`. */
  readonly refuseOverwrite: (current: StringMap, set: StringMap) => readonly string[];
  /** What the result line says. */
  readonly outcome: (before: KubeObject, after: KubeObject, overwrite: boolean) => string;
  /** Lines printed about keys to be removed that are not there. */
  readonly aboutMissing?: (current: StringMap, removed: readonly string[]) => string;
}

export const mapFlags = (word: string, fieldManager: string): readonly Flag[] => [
  { name: "overwrite", type: "boolean", help: `Change ${word}s that have another value.` },
  { name: "list", type: "boolean", help: `Print the ${word}s.` },
  { name: "resource-version", type: "string", help: "Change the object only when it still has this version." },
  common.all,
  common.allNamespaces,
  common.selector,
  common.fieldSelector,
  ...common.files,
  common.output,
  common.dryRun,
  common.record,
  common.fieldManager(fieldManager),
];

const changed = (verb: MapVerb, object: KubeObject, { set, removed }: Pairs): KubeObject => {
  const values: Record<string, string> = { ...object.metadata[verb.map], ...set };
  for (const key of removed) delete values[key];
  return { ...object, metadata: { ...object.metadata, [verb.map]: values } };
};

const patchOf = (verb: MapVerb, { set, removed }: Pairs, { flags, changeCause }: Invocation): JsonObject => {
  const values = { ...set, ...Object.fromEntries(removed.map((key) => [key, null])) };
  const annotations = {
    ...(flags.on("record") ? { [CHANGE_CAUSE]: changeCause } : {}),
    ...(verb.map === "annotations" ? values : {}),
  };
  const version = flags.text("resource-version");
  return {
    metadata: {
      ...(verb.map === "labels" ? { labels: values } : {}),
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
      ...(version === "" ? {} : { resourceVersion: version }),
    },
  };
};

const listing = (verb: MapVerb, object: KubeObject, single: boolean): string => {
  const group = resourceTypeOfKind(object.kind)?.group ?? "";
  const title = single ? "" : `Listing ${verb.map} for ${object.kind}.${group}/${object.metadata.name}:\n`;
  const entries = Object.entries(object.metadata[verb.map] ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return title + entries.map(([key, value]) => `${single ? "" : " "}${key}=${value}\n`).join("");
};

interface Work {
  readonly verb: MapVerb;
  readonly pairs: Pairs;
  readonly dryRun: DryRun;
  readonly print: ResultPrinter;
  readonly single: boolean;
}

const changeOne = (
  ctx: CommandContext,
  invocation: Invocation,
  { verb, pairs, dryRun, print, single }: Work,
  target: FoundTarget,
): readonly Failure[] => {
  const { flags, changeCause } = invocation;
  const current = target.object.metadata[verb.map] ?? {};
  const overwrite = flags.on("overwrite");
  const recorded = flags.on("record") ? withAnnotation(target.object, CHANGE_CAUSE, changeCause) : target.object;
  ctx.io.out(verb.aboutMissing?.(current, pairs.removed) ?? "");
  const faults = overwrite ? [] : verb.refuseOverwrite(current, pairs.set);
  if (faults.length > 0) return faults.map((fault) => clientFailure(fault));
  const after = changed(verb, recorded, pairs);
  const outcome = verb.outcome(target.object, after, overwrite);
  if (flags.on("list")) {
    ctx.io.out(listing(verb, after, single));
    return [];
  }
  if (dryRun === "client") return print(after, outcome);
  const ref = refTo(target);
  if (!ref) return [clientFailure(`${target.type.plural} cannot be changed`)];
  const patch = patchOf(verb, pairs, invocation);
  const answer = request(
    ctx,
    invocation,
    { verb: "patch", ref, patchType: "merge", patch },
    { dryRun, fieldManager: flags.text("field-manager"), verb: verb.word === "label" ? "label" : "annotate" },
  );
  return E.isLeft(answer) ? [refusedFailure(answer.left)] : print(answer.right, outcome);
};

/** Runs `label` or `annotate`. */
export const changeMaps = async (verb: MapVerb, ctx: CommandContext, invocation: Invocation): Promise<ExitCode> => {
  const { flags } = invocation;
  const dryRun = readDryRun(ctx, flags);
  if (E.isLeft(dryRun)) return report(ctx, [dryRun.left]);
  const print = resultPrinter(ctx, invocation, dryRun.right);
  if (E.isLeft(print)) return report(ctx, [print.left]);
  if (flags.on("list") && flags.given("output")) {
    return fail(ctx, "--list and --output may not be specified together");
  }
  const pairs = readPairs(invocation.args, verb.word);
  if (E.isLeft(pairs)) return fail(ctx, pairs.left);
  if (pairs.right.resources.length === 0 && !flags.given("filename")) {
    return fail(ctx, "one or more resources must be specified as <resource> <name> or <resource>/<name>");
  }
  const nothing = Object.keys(pairs.right.set).length === 0 && pairs.right.removed.length === 0;
  if (nothing && !flags.on("list")) return fail(ctx, `at least one ${verb.word} update is required`);
  const fault = verb.refusePairs(pairs.right);
  if (fault !== undefined) return fail(ctx, fault);
  const selection = selectTargets(ctx, invocation, { args: pairs.right.resources });
  if (E.isLeft(selection)) return report(ctx, selection.left);
  const { targets, single } = selection.right;
  if (!single && flags.given("resource-version")) {
    return fail(ctx, "--resource-version may only be used with a single resource");
  }
  const { found, failures } = present(targets);
  const work = { verb, pairs: pairs.right, dryRun: dryRun.right, print: print.right, single };
  return report(ctx, [...found.flatMap((target) => changeOne(ctx, invocation, work, target)), ...failures]);
};
