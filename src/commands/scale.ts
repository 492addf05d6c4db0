/** `kubectl scale`: writes the number of replicas through the scale subresource. */
import * as E from "fp-ts/lib/Either.js";
import type { ObjectRef } from "../domain/state.ts";
import { isJsonObject, type JsonObject } from "../kubernetes/json.ts";
import type { KubeObject } from "../kubernetes/objects.ts";
import type { Refusal } from "../kubernetes/refusal.ts";
import { CHANGE_CAUSE } from "../kubernetes/well-known.ts";
import type { CommandContext, ExitCode } from "./command.ts";
import { all, dryRun as dryRunFlag, files, output, record, selector } from "./common-flags.ts";
import { type DryRun, readDryRun } from "./dry-run.ts";
import { clientFailure, type Failure, fail, refusedFailure, report } from "./failure.ts";
import { notFound, refTo } from "./objects.ts";
import { type ResultPrinter, resultPrinter } from "./output.ts";
import { request } from "./request.ts";
import { type FoundTarget, present } from "./resource-args.ts";
import { selectTargets } from "./targets.ts";
import type { Invocation, Verb } from "./verb.ts";
import { interruptedExitCode, watchObject } from "./waiting.ts";

/** A write that met a newer version is decided again on that version, at most this often. */
const MAX_ATTEMPTS = 10;

interface Scaling {
  readonly invocation: Invocation;
  readonly replicas: number;
  /** -1: any. */
  readonly currentReplicas: number;
  /** Empty: any. */
  readonly resourceVersion: string;
  /** How long to wait until the replicas are there; 0: not at all. */
  readonly timeoutMs: number;
  readonly dryRun: DryRun;
  readonly print: ResultPrinter;
}

const replicasIn = (object: KubeObject, part: "spec" | "status"): number => {
  const value: unknown = Object.entries(object).find(([key]) => key === part)?.[1];
  return isJsonObject(value) && typeof value.replicas === "number" ? value.replicas : 0;
};

/** What `--current-replicas` and `--resource-version` ask for and do not find. */
const unmet = ({ currentReplicas, resourceVersion }: Scaling, object: KubeObject): string | undefined => {
  const replicas = replicasIn(object, "spec");
  const version = object.metadata.resourceVersion ?? "";
  if (currentReplicas !== -1 && replicas !== currentReplicas) {
    return `Expected replicas to be ${currentReplicas}, was ${replicas}`;
  }
  if (resourceVersion !== "" && version !== resourceVersion) {
    return `Expected resource version to be ${resourceVersion}, was ${version}`;
  }
  return undefined;
};

const patchScale = (
  ctx: CommandContext,
  { invocation, dryRun }: Scaling,
  ref: ObjectRef,
  patch: JsonObject,
): E.Either<Refusal, KubeObject> =>
  request(
    ctx,
    invocation,
    { verb: "patch", ref, patchType: "merge", subresource: "scale", patch },
    { fieldManager: "kubectl", verb: "scale", dryRun },
  );

/** With a precondition the version that was looked at goes along, so that nothing comes between. */
const writeScale = (ctx: CommandContext, scaling: Scaling, ref: ObjectRef): E.Either<Failure, KubeObject> => {
  const spec = { replicas: scaling.replicas };
  if (scaling.currentReplicas === -1 && scaling.resourceVersion === "") {
    return E.mapLeft(refusedFailure)(patchScale(ctx, scaling, ref, { spec }));
  }
  let conflict: Refusal | undefined;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const object = ctx.session.get(ref);
    if (object === undefined) break;
    const problem = unmet(scaling, object);
    if (problem !== undefined) return E.left(clientFailure(problem));
    const resourceVersion = object.metadata.resourceVersion ?? "";
    const answer = patchScale(ctx, scaling, ref, { metadata: { resourceVersion }, spec });
    if (E.isRight(answer)) return answer;
    if (answer.left.reason !== "Conflict") return E.left(refusedFailure(answer.left));
    conflict = answer.left;
  }
  return E.left(clientFailure(conflict?.message ?? `${ref.name} has been deleted`));
};

/** `--record` is a second write, as kubectl has it: the scale has no annotations. */
const recordCause = (ctx: CommandContext, { invocation }: Scaling, ref: ObjectRef): readonly Failure[] => {
  const { changeCause } = invocation;
  const answer = request(
    ctx,
    invocation,
    { verb: "patch", ref, patchType: "merge", patch: { metadata: { annotations: { [CHANGE_CAUSE]: changeCause } } } },
    { fieldManager: "kubectl", verb: "annotate", changeCause },
  );
  return E.isLeft(answer) ? [refusedFailure(answer.left)] : [];
};

/** Also over when somebody else has scaled or deleted the object. */
const waitForReplicas = async (
  ctx: CommandContext,
  { replicas, timeoutMs }: Scaling,
  target: FoundTarget,
): Promise<readonly Failure[] | "interrupted"> => {
  const end = await watchObject(ctx, target, timeoutMs, ({ type, object }) => {
    const isOver = type === "DELETED" || replicasIn(object, "spec") !== replicas;
    return isOver || replicasIn(object, "status") === replicas ? "stop" : "continue";
  });
  if (end === "stopped") return [];
  if (end === "interrupted") return end;
  return [clientFailure(`timed out waiting for ${JSON.stringify(target.name)} to be synced`)];
};

const scaleOne = async (
  ctx: CommandContext,
  scaling: Scaling,
  target: FoundTarget,
): Promise<readonly Failure[] | "interrupted"> => {
  const { invocation, dryRun, print } = scaling;
  if (dryRun === "client") return print(target.object, "scaled");
  const ref = refTo(target);
  if (!ref) return [clientFailure("the server could not find the requested resource")];
  const written = writeScale(ctx, scaling, ref);
  if (E.isLeft(written)) return [written.left];
  if (dryRun === "none" && scaling.timeoutMs > 0) {
    const failures = await waitForReplicas(ctx, scaling, target);
    if (failures === "interrupted" || failures.length > 0) return failures;
  }
  const recorded = dryRun === "none" && invocation.flags.on("record") ? recordCause(ctx, scaling, ref) : [];
  return [...recorded, ...print(written.right, "scaled")];
};

/** The first object that cannot be scaled ends the command, as in kubectl; objects that are not there are told last. */
const scaleAll = async (ctx: CommandContext, scaling: Scaling): Promise<ExitCode> => {
  const selection = selectTargets(ctx, scaling.invocation);
  if (E.isLeft(selection)) return report(ctx, selection.left);
  const { targets } = selection.right;
  const { found, failures } = present(targets);
  if (scaling.resourceVersion !== "" && found.length > 1) {
    return fail(ctx, "cannot use --resource-version with multiple resources");
  }
  if (found.length === 0) {
    const reasons = targets.map((target) => notFound(target).message);
    const text = reasons.length > 1 ? `[${reasons.join(", ")}]` : (reasons[0] ?? "<nil>");
    return fail(ctx, `no objects passed to scale ${text}`);
  }
  for (const target of found) {
    const problems = await scaleOne(ctx, scaling, target);
    if (problems === "interrupted") return interruptedExitCode;
    if (problems.length > 0) return report(ctx, problems);
  }
  return report(ctx, failures);
};

const run = async (ctx: CommandContext, invocation: Invocation): Promise<ExitCode> => {
  const { flags } = invocation;
  const replicas = flags.integer("replicas");
  if (replicas < 0) {
    return fail(ctx, "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0");
  }
  const currentReplicas = flags.integer("current-replicas");
  if (currentReplicas < -1) return fail(ctx, "The --current-replicas must specify an integer of -1 or greater");
  const dryRun = readDryRun(ctx, flags);
  if (E.isLeft(dryRun)) return report(ctx, [dryRun.left]);
  const print = resultPrinter(ctx, invocation, dryRun.right);
  if (E.isLeft(print)) return report(ctx, [print.left]);
  return scaleAll(ctx, {
    invocation,
    replicas,
    currentReplicas,
    resourceVersion: flags.text("resource-version"),
    timeoutMs: flags.durationMs("timeout"),
    dryRun: dryRun.right,
    print: print.right,
  });
};

export const scale: Verb = {
  name: "scale",
  summary: "Set the number of replicas of a Deployment or ReplicaSet",
  usage: "[--current-replicas=COUNT] --replicas=COUNT (-f FILENAME | TYPE NAME)",
  examples: [
    "rollout scale deployment/web --replicas=5",
    "rollout scale deployment/web --current-replicas=2 --replicas=5",
    "rollout scale rs --all --replicas=1",
  ],
  flags: [
    { name: "replicas", type: "integer", required: true, help: "The new number of replicas." },
    { name: "current-replicas", type: "integer", default: "-1", help: "Fail unless this is the number now; -1: any." },
    { name: "resource-version", type: "string", help: "Fail unless this is the object's version now." },
    { name: "timeout", type: "duration", help: "How long to wait until the replicas are there; 0: not at all." },
    all,
    selector,
    ...files,
    output,
    dryRunFlag,
    record,
  ],
  run,
};
