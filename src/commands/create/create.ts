import * as E from "fp-ts/lib/Either.js";
import { asJson } from "../../kubernetes/json.ts";
import { withLastApplied } from "../../kubernetes/patch/last-applied.ts";
import type { CommandContext } from "../command.ts";
import * as common from "../common-flags.ts";
import type { DryRun } from "../dry-run.ts";
import { readDryRun } from "../dry-run.ts";
import type { Failure } from "../failure.ts";
import { fail, failUsage, report } from "../failure.ts";
import type { ManifestObject } from "../manifests.ts";
import { readManifests, refusedObject } from "../manifests.ts";
import { asKubeObject } from "../objects.ts";
import type { ResultPrinter } from "../output.ts";
import { resultPrinter } from "../output.ts";
import { recordChangeCause, request } from "../request.ts";
import type { Invocation, Verb } from "../verb.ts";

const createOne = (
  ctx: CommandContext,
  invocation: Invocation,
  made: ManifestObject,
  dryRun: DryRun,
  print: ResultPrinter,
): readonly Failure[] => {
  const { flags } = invocation;
  const recorded = recordChangeCause(made.object, invocation);
  const sent = flags.on("save-config") ? asKubeObject(withLastApplied(asJson(recorded))) : recorded;
  if (dryRun === "client") return print(sent, "created");
  const details = { dryRun, fieldManager: flags.text("field-manager") };
  const answer = request(ctx, invocation, { verb: "create", object: sent }, details);
  return E.isLeft(answer) ? [refusedObject("creating", made, answer.left)] : print(answer.right, "created");
};

const run: Verb["run"] = async (ctx, invocation) => {
  const { args, flags, path } = invocation;
  if (args.length > 0) return failUsage(ctx, path, `Unexpected args: [${args.join(" ")}]`);
  if (!flags.given("filename")) return fail(ctx, "must specify one of -f and -k");
  const dryRun = readDryRun(ctx, flags);
  if (E.isLeft(dryRun)) return report(ctx, [dryRun.left]);
  const print = resultPrinter(ctx, invocation, dryRun.right);
  if (E.isLeft(print)) return report(ctx, [print.left]);
  const manifests = readManifests(ctx, invocation);
  if (E.isLeft(manifests)) return report(ctx, manifests.left);
  const objects = manifests.right ?? [];
  if (objects.length === 0) return fail(ctx, "no objects passed to create");
  return report(
    ctx,
    objects.flatMap((each) => createOne(ctx, invocation, each, dryRun.right, print.right)),
  );
};

export const create: Verb = {
  name: "create",
  ledger: "new",
  summary: "Create objects from files, or from flags: create deployment, namespace, configmap, service",
  usage: "-f FILENAME | (deployment | namespace | configmap | service) NAME …",
  examples: [
    "rollout create -f web.yaml --record=true",
    "rollout create deployment web --image=nginx:1.14 --replicas=3",
    "rollout create namespace staging",
  ],
  flags: [
    ...common.files,
    common.validate,
    common.output,
    common.dryRun,
    { name: "save-config", type: "boolean", help: "Keep the configuration for a later apply." },
    common.record,
    common.fieldManager("kubectl-create"),
  ],
  run,
};
