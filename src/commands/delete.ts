import * as E from "fp-ts/lib/Either.js";
import type { Propagation } from "../domain/write.ts";
import { qualifiedName, qualifiedPlural } from "../kubernetes/kinds.ts";
import type { KubeObject } from "../kubernetes/objects.ts";
import type { Refusal } from "../kubernetes/refusal.ts";
import type { CommandContext } from "./command.ts";
import * as common from "./common-flags.ts";
import type { DryRun } from "./dry-run.ts";
import { dryRunSuffix, readDryRun } from "./dry-run.ts";
import type { Failure } from "./failure.ts";
import { clientFailure, fail, refusedFailure, report } from "./failure.ts";
import type { Flag, ParsedFlags } from "./grammar/flags.ts";
import { boolean } from "./grammar/values.ts";
import { notFound, refTo } from "./objects.ts";
import { request } from "./request.ts";
import type { Target } from "./resource-args.ts";
import { selectTargets } from "./targets.ts";
import type { Invocation, Verb } from "./verb.ts";
import { interruptedExitCode, waitUntilGone } from "./waiting.ts";

const flags: readonly Flag[] = [
  {
    name: "cascade",
    type: "string",
    default: "background",
    bare: "background",
    help: "What happens to the objects it owns: background or foreground deletes them, orphan leaves them.",
  },
  { name: "wait", type: "boolean", default: "true", help: "Wait until the objects are gone." },
  { name: "timeout", type: "duration", default: "0s", help: "How long to wait; 0 as long as it takes." },
  { name: "grace-period", type: "integer", default: "-1", help: "Seconds given to pods; -1 their own." },
  { name: "force", type: "boolean", help: "With a grace period of 0: do not wait for the pod's end." },
  { name: "now", type: "boolean", help: "A grace period of 1 second." },
  { name: "ignore-not-found", type: "boolean", help: "Objects that are not there are no error." },
  { name: "output", short: "o", type: "string", help: "name" },
  common.all,
  common.allNamespaces,
  common.selector,
  common.fieldSelector,
  ...common.files,
  common.dryRun,
];

const propagations: Readonly<Record<string, Propagation>> = {
  background: "Background",
  foreground: "Foreground",
  orphan: "Orphan",
};

const readCascade = (ctx: CommandContext, value: string): Propagation | undefined => {
  const asBoolean = boolean(value);
  if (E.isLeft(asBoolean)) return propagations[value];
  const instead = asBoolean.right ? "background" : "orphan";
  ctx.io.err(
    `Warning: --cascade=${value} is deprecated (boolean value) and can be replaced with --cascade=${instead}.\n`,
  );
  return propagations[instead];
};

/** Negative: the objects' own. Zero is only for those who say `--force`. */
const graceSeconds = (given: ParsedFlags): number => {
  const seconds = given.integer("grace-period");
  if (given.on("now")) return 1;
  if (given.on("force")) return Math.max(0, seconds);
  return seconds === 0 ? 1 : seconds;
};

interface Deletion {
  readonly dryRun: DryRun;
  readonly propagation: Propagation;
  readonly graceSeconds: number;
}

const refuseFlags = ({ flags: given }: Invocation): string | undefined => {
  const output = given.text("output");
  if (given.on("now") && given.given("grace-period")) return "--now and --grace-period cannot be specified together";
  if (output !== "" && output !== "name") return `unexpected -o output mode: ${output}. We only support '-o name'`;
  if (given.on("force") && graceSeconds(given) > 0) {
    return "--force and --grace-period greater than 0 cannot be specified together";
  }
  return undefined;
};

/** An object that came from a file is refused with the file's name. */
const refused = ({ source }: Target, refusal: Refusal): Failure =>
  refusedFailure(
    source === undefined
      ? refusal
      : { ...refusal, message: `error when deleting ${JSON.stringify(source)}: ${refusal.message}` },
  );

const deleteOne = (
  ctx: CommandContext,
  invocation: Invocation,
  { dryRun, propagation, graceSeconds: grace }: Deletion,
  target: Target,
): E.Either<Failure, KubeObject | undefined> => {
  const ref = refTo(target);
  if (!ref) return E.left(clientFailure(`${qualifiedPlural(target.type)} cannot be deleted`));
  if (dryRun === "client") return E.right(target.object);
  if (!target.object) return E.left(refused(target, notFound(target)));
  const answer = request(
    ctx,
    invocation,
    { verb: "delete", ref, propagation, ...(grace >= 0 ? { graceSeconds: grace } : {}) },
    { dryRun, fieldManager: "kubectl" },
  );
  return E.isLeft(answer) ? E.left(refused(target, answer.left)) : answer;
};

const resultText = ({ type, name }: Target, output: string, { dryRun, graceSeconds: grace }: Deletion): string => {
  if (output === "name") return `${qualifiedName(type, name)}\n`;
  const kind = qualifiedName(type, "").slice(0, -1);
  return `${kind} ${JSON.stringify(name)} ${grace === 0 ? "force deleted" : "deleted"}${dryRunSuffix[dryRun]}\n`;
};

const run: Verb["run"] = async (ctx, invocation) => {
  const given = invocation.flags;
  const cascade = readCascade(ctx, given.text("cascade"));
  if (cascade === undefined) {
    return fail(
      ctx,
      `invalid cascade value (${given.text("cascade")}). Must be "background", "foreground", or "orphan"`,
    );
  }
  const fault = refuseFlags(invocation);
  if (fault !== undefined) return fail(ctx, fault);
  const dryRun = readDryRun(ctx, given);
  if (E.isLeft(dryRun)) return report(ctx, [dryRun.left]);
  const selection = selectTargets(ctx, invocation);
  if (E.isLeft(selection)) return report(ctx, selection.left);
  const deletion = { dryRun: dryRun.right, propagation: cascade, graceSeconds: graceSeconds(given) };
  if (deletion.graceSeconds === 0) {
    ctx.io.err(
      "Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n",
    );
  }
  const { targets } = selection.right;
  if (given.given("namespace") && !given.on("all-namespaces") && targets.some(({ type }) => !type.namespaced)) {
    ctx.io.err("Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n");
  }
  return deleteAll(ctx, invocation, deletion, targets);
};

/** `--all` and selectors take what they find; an object named is an error when it is not there. */
const ignoresMissing = (given: ParsedFlags): boolean =>
  given.given("ignore-not-found")
    ? given.on("ignore-not-found")
    : given.on("all") || given.text("selector") !== "" || given.text("field-selector") !== "";

const deleteAll = async (
  ctx: CommandContext,
  invocation: Invocation,
  deletion: Deletion,
  targets: readonly Target[],
): Promise<number> => {
  const given = invocation.flags;
  const failures: Failure[] = [];
  const accepted: { readonly target: Target; readonly object: KubeObject }[] = [];
  for (const target of targets) {
    const answer = deleteOne(ctx, invocation, deletion, target);
    if (E.isRight(answer)) {
      ctx.io.out(resultText(target, given.text("output"), deletion));
      if (target.object) accepted.push({ target, object: target.object });
    } else if (!isMissing(answer.left) || !ignoresMissing(given)) failures.push(answer.left);
  }
  if (failures.length > 0) return report(ctx, failures);
  if (targets.length === 0) ctx.io.out("No resources found\n");
  if (!given.on("wait") || deletion.dryRun !== "none") return 0;
  return waitForAll(ctx, accepted, given.durationMs("timeout"));
};

const isMissing = (failure: Failure): boolean => failure.type === "refused" && failure.refusal.reason === "NotFound";

const waitForAll = async (
  ctx: CommandContext,
  accepted: readonly { readonly target: Target; readonly object: KubeObject }[],
  timeoutMs: number,
): Promise<number> => {
  const deadlineMs = ctx.session.now() + timeoutMs;
  for (const { target, object } of accepted) {
    const ref = refTo(target);
    if (ref && ctx.session.get(ref)?.metadata.uid !== object.metadata.uid) continue;
    const leftMs = timeoutMs > 0 ? Math.max(0, deadlineMs - ctx.session.now()) : undefined;
    const failure = await waitUntilGone(ctx, target, object, leftMs);
    if (failure === "interrupted") return interruptedExitCode;
    if (failure) return report(ctx, [failure]);
  }
  return 0;
};

export const deleteVerb: Verb = {
  name: "delete",
  summary: "Delete objects, and what they own",
  usage: "([-f FILENAME] | TYPE [(NAME | -l label | --all)])",
  examples: [
    "rollout delete deployment web",
    "rollout delete pod -l app=web --wait=false",
    "rollout delete -f web.yaml --ignore-not-found",
    "rollout delete deployment web --cascade=orphan",
  ],
  flags,
  run,
};
