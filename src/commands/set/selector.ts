/** `kubectl set selector`: which pods a Service sends its traffic to. */
import * as E from "fp-ts/lib/Either.js";
import { asJson, isJsonObject, type JsonObject } from "../../kubernetes/json.ts";
import type { KubeObject, Service, StringMap } from "../../kubernetes/objects.ts";
import { createStrategicMergePatch } from "../../kubernetes/patch/strategic-diff.ts";
import type { Requirement } from "../../kubernetes/selector.ts";
import { parseSelector } from "../../kubernetes/selector-parser.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { all, dryRun as dryRunFlag, fieldManager, files, output, record } from "../common-flags.ts";
import { type DryRun, readDryRun } from "../dry-run.ts";
import { clientFailure, type Failure, fail, refusedFailure, report } from "../failure.ts";
import { notFound, refTo } from "../objects.ts";
import { type ResultPrinter, resultPrinter } from "../output.ts";
import { recordChangeCause, request } from "../request.ts";
import type { Target } from "../resource-args.ts";
import { selectTargets } from "../targets.ts";
import type { Invocation, Verb } from "../verb.ts";

const isService = (object: KubeObject): object is Service => object.kind === "Service";

const unsupported = (requirement: Requirement): string | undefined => {
  const { key, operator } = requirement;
  switch (operator) {
    case "=":
    case "==":
      return undefined;
    case "!=":
      return `{${key} NotIn [${requirement.value}]}`;
    case "in":
      return `{${key} In [${requirement.values.join(" ")}]}`;
    case "notin":
      return `{${key} NotIn [${requirement.values.join(" ")}]}`;
    case "exists":
      return `{${key} Exists []}`;
    case "!":
      return `{${key} DoesNotExist []}`;
    case "gt":
    case "lt":
      return `{${key} ${operator} [${requirement.value}]}`;
  }
};

/** A Service knows labels only, no expressions. */
const readLabels = (text: string): E.Either<string, StringMap> => {
  const requirements = parseSelector(text);
  if (E.isLeft(requirements)) return E.left(`couldn't parse the selector string "${text}": ${requirements.left}`);
  const labels: Record<string, string> = {};
  const expressions: string[] = [];
  for (const requirement of requirements.right) {
    const expression = unsupported(requirement);
    if (expression !== undefined) expressions.push(expression);
    else if ("value" in requirement) labels[requirement.key] = requirement.value;
  }
  return expressions.length > 0
    ? E.left(`match expression [${expressions.join(" ")}] not supported on this object`)
    : E.right(labels);
};

interface Selected {
  readonly wanted: KubeObject;
  readonly patch: JsonObject;
}

/** As kubectl computes it; empty when nothing changes, and sent all the same. */
const patchOf = (object: KubeObject, labels: StringMap, invocation: Invocation): E.Either<string, Selected> => {
  if (!isService(object)) return E.left("setting a selector is only supported for Services");
  const service = { ...object, spec: { ...object.spec, selector: labels } };
  const wanted = recordChangeCause(service, invocation);
  const version = invocation.flags.text("resource-version");
  const patch = createStrategicMergePatch(asJson(object), asJson(wanted), object.kind);
  if (version === "") return E.right({ wanted, patch });
  const metadata = isJsonObject(patch.metadata) ? patch.metadata : {};
  return E.right({ wanted, patch: { ...patch, metadata: { ...metadata, resourceVersion: version } } });
};

interface Work {
  readonly invocation: Invocation;
  readonly labels: StringMap;
  readonly dryRun: DryRun;
  readonly print: ResultPrinter;
}

const selectOne = (ctx: CommandContext, work: Work, target: Target): readonly Failure[] => {
  const { invocation, labels, dryRun, print } = work;
  if (!target.object) return [refusedFailure(notFound(target))];
  const ref = refTo(target);
  const selected = patchOf(target.object, labels, invocation);
  if (E.isLeft(selected)) return [clientFailure(selected.left)];
  if (!ref) throw new Error("a Service is stored");
  const { wanted, patch } = selected.right;
  if (dryRun === "client") return print(wanted, "selector updated");
  const answer = request(
    ctx,
    invocation,
    { verb: "patch", ref, patchType: "strategic", patch },
    { fieldManager: invocation.flags.text("field-manager"), verb: "set selector", dryRun },
  );
  return E.isLeft(answer) ? [refusedFailure(answer.left)] : print(answer.right, "selector updated");
};

const run = async (ctx: CommandContext, invocation: Invocation): Promise<ExitCode> => {
  const { args, flags } = invocation;
  const text = args.at(-1);
  if (text === undefined) return fail(ctx, "one selector is required");
  const dryRun = readDryRun(ctx, flags);
  if (E.isLeft(dryRun)) return report(ctx, [dryRun.left]);
  const print = resultPrinter(ctx, invocation, dryRun.right);
  if (E.isLeft(print)) return report(ctx, [print.left]);
  const labels = readLabels(text);
  if (E.isLeft(labels)) return fail(ctx, labels.left);
  const selection = selectTargets(ctx, invocation, { args: args.slice(0, -1) });
  if (E.isLeft(selection)) return report(ctx, selection.left);
  const work: Work = { invocation, labels: labels.right, dryRun: dryRun.right, print: print.right };
  return report(
    ctx,
    selection.right.targets.flatMap((target) => selectOne(ctx, work, target)),
  );
};

export const selector: Verb = {
  name: "selector",
  group: "set",
  summary: "Change the labels by which a Service finds its pods",
  usage: "(-f FILENAME | TYPE NAME) LABELS [--resource-version=VERSION]",
  examples: ["rollout set selector service web app=web,version=v2"],
  flags: [
    { name: "resource-version", type: "string", help: "Fail unless this is the object's version now." },
    all,
    ...files,
    output,
    dryRunFlag,
    fieldManager("kubectl-set"),
    record,
  ],
  run,
};
