import * as E from "fp-ts/lib/Either.js";
import { asJson } from "../../kubernetes/json.ts";
import { resourceTypeOf } from "../../kubernetes/kinds.ts";
import type { KubeObject } from "../../kubernetes/objects.ts";
import { lastApplied } from "../../kubernetes/patch/last-applied.ts";
import { createThreeWayPatch } from "../../kubernetes/patch/strategic-diff.ts";
import { shownJson } from "../../kubernetes/printing/structured.ts";
import { printYaml } from "../../kubernetes/printing/yaml.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import * as common from "../common-flags.ts";
import type { Failure } from "../failure.ts";
import { clientFailure, failUsage, report } from "../failure.ts";
import type { ManifestObject } from "../manifests.ts";
import { readManifests, refusedObject } from "../manifests.ts";
import { refTo } from "../objects.ts";
import { request } from "../request.ts";
import type { Invocation, Verb } from "../verb.ts";
import { unifiedDiff } from "./unified.ts";

/** Errors have a code of their own, so that 1 can mean "differs". */
const errorExitCode: ExitCode = 2;

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

const text = (object: KubeObject | undefined): string => (object ? printYaml(shownJson(object)) : "");

/** The difference as `diff -u -N` shows the two versions of the file; empty when there is none. */
const difference = ({ live, merged }: Comparison): string => {
  const hunks = unifiedDiff(text(live), text(merged));
  if (hunks === "") return "";
  const { apiVersion, kind, metadata } = merged;
  const file = [apiVersion.replace("/", "."), kind, metadata.namespace ?? "", metadata.name].join(".");
  return `diff -u -N LIVE/${file} MERGED/${file}\n--- LIVE/${file}\n+++ MERGED/${file}\n${hunks}`;
};

const run: Verb["run"] = async (ctx, invocation) => {
  const { args, flags, path } = invocation;
  const asError = (exitCode: ExitCode): ExitCode => (exitCode === 0 ? 0 : errorExitCode);
  if (args.length > 0) return asError(failUsage(ctx, path, `Unexpected args: [${args.join(" ")}]`));
  if (!flags.given("filename")) return asError(report(ctx, [clientFailure("must specify one of -f and -k")]));
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

export const diff: Verb = {
  name: "diff",
  summary: "What apply would change: exit code 0 nothing, 1 something",
  usage: "-f FILENAME",
  examples: ["rollout diff -f web.yaml"],
  flags: [...common.files],
  run,
};
