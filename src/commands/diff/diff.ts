import * as E from "fp-ts/lib/Either.js";
import { asJson } from "../../kubernetes/json.ts";
import { resourceTypeOf } from "../../kubernetes/kinds.ts";
import type { KubeObject } from "../../kubernetes/objects.ts";
import { lastApplied } from "../../kubernetes/patch/last-applied.ts";
import { createThreeWayPatch } from "../../kubernetes/patch/strategic-diff.ts";
import { shownJson } from "../../kubernetes/printing/structured.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import * as common from "../common-flags.ts";
import type { Failure } from "../failure.ts";
import { clientFailure, fail, failUsage, report } from "../failure.ts";
import type { ManifestObject } from "../manifests.ts";
import { readManifests, refusedObject } from "../manifests.ts";
import { refTo } from "../objects.ts";
import { request } from "../request.ts";
import type { Invocation, Verb } from "../verb.ts";
import { asError } from "./exit-code.ts";
import { fileDifference, fileOf } from "./file.ts";
import { diffPoints } from "./points.ts";

interface Comparison {
  readonly live: KubeObject | undefined;
  readonly merged: KubeObject;
}

/** What the object would become, as the API server says without recording anything. */
const compare = (ctx: CommandContext, invocation: Invocation, made: ManifestObject): E.Either<Failure, Comparison> => {
  const { object, manifest } = made;
  const type = resourceTypeOf(manifest.kind);
  const ref = refTo({ type, namespace: object.metadata.namespace ?? "", name: object.metadata.name });
  const live = ref && ctx.session.get(ref);
  const details = { dryRun: "server", fieldManager: "kubectl-client-side-apply", verb: "diff" } as const;
  if (!ref || !live) {
    const created = request(ctx, invocation, { verb: "create", object }, details);
    if (E.isLeft(created)) return E.left(refusedObject("creating", made, created.left));
    return E.right({ live: undefined, merged: created.right });
  }
  const previous = lastApplied(asJson(live));
  if (E.isLeft(previous)) return E.left(clientFailure(previous.left));
  // As in apply, an object without annotations says that it has none of its own: it does not remove those of others.
  const modified = { ...object, metadata: { ...object.metadata, annotations: object.metadata.annotations ?? {} } };
  const patch = createThreeWayPatch(previous.right ?? {}, asJson(modified), asJson(live), live.kind);
  const patched = request(ctx, invocation, { verb: "patch", ref, patchType: "strategic", patch }, details);
  return E.isLeft(patched)
    ? E.left(refusedObject("patching", made, patched.left))
    : E.right({ live, merged: patched.right });
};

const difference = ({ live, merged }: Comparison): string =>
  fileDifference(
    { at: "LIVE", value: live && shownJson(live) },
    { at: "MERGED", value: shownJson(merged) },
    fileOf(merged),
  );

const diffManifests = async (ctx: CommandContext, invocation: Invocation): Promise<ExitCode> => {
  const { args, flags, path } = invocation;
  if (args.length > 0) return asError(failUsage(ctx, path, `Unexpected args: [${args.join(" ")}]`));
  if (flags.given(common.output.name)) return asError(fail(ctx, "-o goes with two points in history, not with -f"));
  const manifests = readManifests(ctx, invocation);
  if (E.isLeft(manifests)) return asError(report(ctx, manifests.left));
  const failures: Failure[] = [];
  let differs = false;
  for (const made of manifests.right ?? []) {
    const comparison = compare(ctx, invocation, made);
    if (E.isLeft(comparison)) {
      failures.push(comparison.left);
      continue;
    }
    const shown = difference(comparison.right);
    differs ||= shown !== "";
    ctx.io.out(shown);
  }
  return asError(report(ctx, failures)) || (differs ? 1 : 0);
};

const run: Verb["run"] = async (ctx, invocation) => {
  const { args, flags } = invocation;
  if (flags.given("filename")) return diffManifests(ctx, invocation);
  if (args.length > 0) return diffPoints(ctx, invocation);
  return asError(
    fail(ctx, "must specify -f, or an object and two points in history: deploy/web revision:1 revision:2"),
  );
};

export const diff: Verb = {
  name: "diff",
  summary: "What apply would change, or what changed between two points in history: exit code 0 nothing, 1 something",
  usage: "(-f FILENAME | TYPE/NAME POINT [POINT])",
  examples: [
    "rollout diff -f web.yaml",
    "rollout diff deploy/web revision:1 revision:3",
    "rollout diff deploy/web rollout:2",
    "rollout diff pod/web-5db6b86685-x2k9q -5m rollout:3+10s",
    "rollout diff deploy/web seq:812 14:03:20 -o json",
  ],
  flags: [
    ...common.files,
    { ...common.output, help: "With two points: json, a JSON Patch from the first to the second." },
  ],
  run,
};
