import * as E from "fp-ts/lib/Either.js";
import type { KubeObject } from "../../kubernetes/objects.ts";
import { printObjects } from "../../kubernetes/printing/get.ts";
import * as common from "../common-flags.ts";
import { readDryRun } from "../dry-run.ts";
import type { Failure } from "../failure.ts";
import { clientFailure, fail, failUsage, report } from "../failure.ts";
import { readManifests } from "../manifests.ts";
import { printable } from "../objects.ts";
import { readFormat } from "../output.ts";
import { nameOf, resultLine } from "../result-lines.ts";
import type { Verb } from "../verb.ts";
import { applyObject } from "./apply-object.ts";

const run: Verb["run"] = async (ctx, invocation) => {
  const { args, flags, path } = invocation;
  if (args.length > 0) return failUsage(ctx, path, `Unexpected args: [${args.join(" ")}]`);
  if (!flags.given("filename")) return fail(ctx, "must specify one of -f and -k");
  const dryRun = readDryRun(ctx, flags);
  if (E.isLeft(dryRun)) return report(ctx, [dryRun.left]);
  const format = readFormat(flags);
  if (E.isLeft(format)) return report(ctx, [format.left]);
  const manifests = readManifests(ctx, invocation);
  if (E.isLeft(manifests)) return report(ctx, manifests.left);
  const objects = manifests.right ?? [];
  if (objects.length === 0) return fail(ctx, "no objects passed to apply");
  const output = format.right;
  const failures: Failure[] = [];
  const applied: KubeObject[] = [];
  for (const each of objects) {
    const outcome = applyObject({ ctx, invocation, dryRun: dryRun.right }, each);
    if (E.isLeft(outcome)) {
      failures.push(outcome.left);
      continue;
    }
    const { object, operation } = outcome.right;
    applied.push(object);
    if (output.form === "table") ctx.io.out(resultLine(object, operation, dryRun.right));
    if (output.form === "name") ctx.io.out(`${nameOf(object)}\n`);
  }
  if (applied.length > 0 && output.form !== "table" && output.form !== "name") {
    const single = applied.length === 1;
    const text = printObjects(applied.map(printable), { output, single, nowMs: ctx.session.now() });
    if (E.isRight(text)) ctx.io.out(text.right);
    else failures.push(clientFailure(text.left));
  }
  return report(ctx, failures);
};

export const apply: Verb = {
  name: "apply",
  ledger: "new",
  summary: "Create the objects of a manifest, or change them to what it says",
  usage: "-f FILENAME | view-last-applied TYPE/NAME",
  examples: [
    "rollout apply -f web.yaml",
    "rollout apply -f manifests/ -R",
    "cat web.yaml | rollout apply -f -",
    "rollout apply -f web.yaml --dry-run=server",
  ],
  flags: [
    ...common.files,
    common.validate,
    common.output,
    common.dryRun,
    common.record,
    common.fieldManager("kubectl-client-side-apply"),
  ],
  run,
};
