import * as E from "fp-ts/lib/Either.js";
import { asJson } from "../kubernetes/json.ts";
import { qualifiedName, resourceTypeOf } from "../kubernetes/kinds.ts";
import type { KubeObject } from "../kubernetes/objects.ts";
import { withLastApplied } from "../kubernetes/patch/last-applied.ts";
import { LAST_APPLIED } from "../kubernetes/well-known.ts";
import type { CommandContext } from "./command.ts";
import * as common from "./common-flags.ts";
import type { DryRun } from "./dry-run.ts";
import { readDryRun } from "./dry-run.ts";
import type { Failure } from "./failure.ts";
import { fail, report } from "./failure.ts";
import type { ManifestObject } from "./manifests.ts";
import { readManifests, refusedObject } from "./manifests.ts";
import { asKubeObject, refTo } from "./objects.ts";
import type { ResultPrinter } from "./output.ts";
import { resultPrinter } from "./output.ts";
import { recordChangeCause, request } from "./request.ts";
import type { Invocation, Verb } from "./verb.ts";
import { interruptedExitCode, waitUntilGone } from "./waiting.ts";

interface Work {
  readonly ctx: CommandContext;
  readonly invocation: Invocation;
  readonly dryRun: DryRun;
  readonly print: ResultPrinter;
}

/** An object that is managed by apply stays so: the annotation then holds the new configuration. */
const prepared = (object: KubeObject, invocation: Invocation): KubeObject => {
  const recorded = recordChangeCause(object, invocation);
  const applied = object.metadata.annotations?.[LAST_APPLIED] !== undefined;
  return applied || invocation.flags.on("save-config") ? asKubeObject(withLastApplied(asJson(recorded))) : recorded;
};

const replaceOne = (
  { ctx, invocation, dryRun, print }: Work,
  made: ManifestObject,
  verb: "update" | "create",
): readonly Failure[] => {
  const sent = prepared(made.object, invocation);
  if (dryRun === "client") return print(sent, "replaced");
  const details = { dryRun, fieldManager: invocation.flags.text("field-manager"), verb: "replace" };
  const answer = request(ctx, invocation, { verb, object: sent }, details);
  return E.isLeft(answer) ? [refusedObject("replacing", made, answer.left)] : print(answer.right, "replaced");
};

/** `--force`: deletes what is there and waits until it is gone. */
const deleteFirst = async (
  { ctx, invocation }: Work,
  made: ManifestObject,
): Promise<Failure | "interrupted" | undefined> => {
  const { object, manifest } = made;
  const type = resourceTypeOf(manifest.kind);
  const target = { type, namespace: object.metadata.namespace ?? "", name: object.metadata.name };
  const ref = refTo(target);
  const live = ref && ctx.session.get(ref);
  if (!ref || !live) return undefined;
  const answer = request(
    ctx,
    invocation,
    { verb: "delete", ref, propagation: "Background" },
    { fieldManager: "kubectl" },
  );
  if (E.isLeft(answer)) return refusedObject("deleting", made, answer.left);
  ctx.io.out(`${qualifiedName(type, "").slice(0, -1)} ${JSON.stringify(target.name)} deleted\n`);
  return ctx.session.get(ref) ? waitUntilGone(ctx, target, live, undefined) : undefined;
};

const run: Verb["run"] = async (ctx, invocation) => {
  const { flags } = invocation;
  if (!flags.given("filename")) return fail(ctx, "must specify one of -f and -k");
  const dryRun = readDryRun(ctx, flags);
  if (E.isLeft(dryRun)) return report(ctx, [dryRun.left]);
  const print = resultPrinter(ctx, invocation, dryRun.right);
  if (E.isLeft(print)) return report(ctx, [print.left]);
  const manifests = readManifests(ctx, invocation);
  if (E.isLeft(manifests)) return report(ctx, manifests.left);
  const objects = manifests.right ?? [];
  if (objects.length === 0) return fail(ctx, "no objects passed to replace");
  const work = { ctx, invocation, dryRun: dryRun.right, print: print.right };
  const force = flags.on("force");
  if (force && dryRun.right !== "none") return fail(ctx, "--dry-run can not be used when --force is set");
  const failures: Failure[] = [];
  if (force) {
    for (const each of objects) {
      const failure = await deleteFirst(work, each);
      if (failure === "interrupted") return interruptedExitCode;
      if (failure) return report(ctx, [failure]);
    }
  }
  for (const each of objects) failures.push(...replaceOne(work, each, force ? "create" : "update"));
  return report(ctx, failures);
};

export const replace: Verb = {
  name: "replace",
  summary: "Replace objects by those of a manifest, as a whole",
  usage: "-f FILENAME",
  examples: ["rollout replace -f web.yaml", "rollout replace --force -f web.yaml"],
  flags: [
    ...common.files,
    { name: "force", type: "boolean", help: "Delete the objects and create them anew." },
    { name: "save-config", type: "boolean", help: "Keep the configuration for a later apply." },
    common.validate,
    common.output,
    common.dryRun,
    common.record,
    common.fieldManager("kubectl-replace"),
  ],
  run,
};
