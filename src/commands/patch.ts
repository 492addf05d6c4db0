import * as E from "fp-ts/lib/Either.js";
import type { PatchType, Subresource } from "../domain/write.ts";
import { canonicalJson } from "../kubernetes/canonical-json.ts";
import type { Json } from "../kubernetes/json.ts";
import { readYaml } from "../kubernetes/manifest/yaml-documents.ts";
import type { KubeObject } from "../kubernetes/objects.ts";
import { applyPatchTo } from "../kubernetes/patch/index.ts";
import { refusal } from "../kubernetes/refusal.ts";
import { CHANGE_CAUSE } from "../kubernetes/well-known.ts";
import type { CommandContext } from "./command.ts";
import * as common from "./common-flags.ts";
import type { DryRun } from "./dry-run.ts";
import { readDryRun } from "./dry-run.ts";
import type { Failure } from "./failure.ts";
import { clientFailure, fail, refusedFailure, report } from "./failure.ts";
import type { ParsedFlags } from "./grammar/flags.ts";
import { parseGoJson } from "./grammar/go-json.ts";
import { readOne } from "./manifest-sources.ts";
import { refTo } from "./objects.ts";
import type { ResultPrinter } from "./output.ts";
import { resultPrinter } from "./output.ts";
import { request } from "./request.ts";
import type { FoundTarget } from "./resource-args.ts";
import { present } from "./resource-args.ts";
import { selectTargets } from "./targets.ts";
import type { Invocation, Verb } from "./verb.ts";

const types: Readonly<Record<string, PatchType>> = { json: "json", merge: "merge", strategic: "strategic" };
const subresources: Readonly<Record<string, Subresource>> = { scale: "scale" };

const textOfPatch = (ctx: CommandContext, flags: ParsedFlags): E.Either<Failure, string> => {
  if (!flags.given("patch-file")) return E.right(flags.text("patch"));
  const file = flags.text("patch-file");
  const source = readOne(ctx.io, file);
  return E.isLeft(source)
    ? E.left(clientFailure(`unable to read patch file: open ${file}: no such file or directory`))
    : E.right(source.right.text);
};

/** JSON goes to the API server as it is, so that it is the one to refuse it; anything else is read as YAML. */
const parsePatch = (text: string): E.Either<Failure, Json> => {
  if (/^\s*[{[]/.test(text)) {
    return E.mapLeft((message: string) => refusedFailure(refusal("BadRequest", message)))(parseGoJson(text));
  }
  const { documents, faults } = readYaml(text);
  const [fault] = faults;
  if (fault) return E.left(clientFailure(`unable to parse ${JSON.stringify(text)}: ${fault.message}`));
  return E.right(documents[0]?.value ?? {});
};

interface Work {
  readonly patchType: PatchType;
  readonly patch: Json;
  readonly subresource: Subresource | undefined;
  readonly dryRun: DryRun;
  readonly print: ResultPrinter;
}

const send = (
  ctx: CommandContext,
  invocation: Invocation,
  { patchType, patch, subresource, dryRun }: Work,
  target: FoundTarget,
): E.Either<Failure, KubeObject> => {
  const ref = refTo(target);
  if (!ref) return E.left(clientFailure(`${target.type.plural} cannot be changed`));
  if (dryRun === "client") return E.mapLeft(refusedFailure)(applyPatchTo(target.object, patchType, patch));
  const details = { dryRun, fieldManager: invocation.flags.text("field-manager") };
  const answer = request(
    ctx,
    invocation,
    { verb: "patch", ref, patchType, patch, ...(subresource ? { subresource } : {}) },
    details,
  );
  if (E.isLeft(answer) || !invocation.flags.on("record")) return E.mapLeft(refusedFailure)(answer);
  const cause = { metadata: { annotations: { [CHANGE_CAUSE]: invocation.changeCause } } };
  return E.mapLeft(refusedFailure)(
    request(ctx, invocation, { verb: "patch", ref, patchType: "merge", patch: cause }, details),
  );
};

const patchOne = (ctx: CommandContext, invocation: Invocation, work: Work, target: FoundTarget): readonly Failure[] => {
  const answer = send(ctx, invocation, work, target);
  if (E.isLeft(answer)) return [answer.left];
  const operation = canonicalJson(answer.right) === canonicalJson(target.object) ? "patched (no change)" : "patched";
  if (work.subresource === "scale" && !invocation.flags.given("output")) {
    ctx.io.out(`scale.autoscaling/${target.name} ${operation}\n`);
    return [];
  }
  return work.print(answer.right, operation);
};

const refuseFlags = ({ flags }: Invocation): string | undefined => {
  const type = flags.text("type");
  const subresource = flags.text("subresource");
  if (flags.given("patch") && flags.given("patch-file")) return "cannot specify --patch and --patch-file together";
  if (flags.text("patch") === "" && flags.text("patch-file") === "") {
    return "must specify --patch or --patch-file containing the contents of the patch";
  }
  if (!types[type.toLowerCase()]) return `--type must be one of [json merge strategic], not ${JSON.stringify(type)}`;
  if (subresource !== "" && !subresources[subresource]) {
    return `invalid subresource value: ${JSON.stringify(subresource)}. Must be scale`;
  }
  return undefined;
};

const run: Verb["run"] = async (ctx, invocation) => {
  const { flags } = invocation;
  const fault = refuseFlags(invocation);
  if (fault !== undefined) return fail(ctx, fault);
  const dryRun = readDryRun(ctx, flags);
  if (E.isLeft(dryRun)) return report(ctx, [dryRun.left]);
  // kubectl's result line for patches never says that it was a dry run.
  const print = resultPrinter(ctx, invocation);
  if (E.isLeft(print)) return report(ctx, [print.left]);
  const text = textOfPatch(ctx, flags);
  if (E.isLeft(text)) return report(ctx, [text.left]);
  const selection = selectTargets(ctx, invocation);
  if (E.isLeft(selection)) return report(ctx, selection.left);
  const { found, failures } = present(selection.right.targets);
  const patch = parsePatch(text.right);
  if (E.isLeft(patch)) return report(ctx, found.length > 0 ? [patch.left] : failures);
  const work = {
    patchType: types[flags.text("type").toLowerCase()] ?? "strategic",
    patch: patch.right,
    subresource: subresources[flags.text("subresource")],
    dryRun: dryRun.right,
    print: print.right,
  };
  return report(ctx, [...found.flatMap((target) => patchOne(ctx, invocation, work, target)), ...failures]);
};

export const patch: Verb = {
  name: "patch",
  summary: "Change fields of objects by a patch",
  usage: "(-f FILENAME | TYPE NAME) -p PATCH [--type=strategic|merge|json]",
  examples: [
    `rollout patch deployment web -p '{"spec":{"minReadySeconds":5}}'`,
    `rollout patch deployment web --type=json -p '[{"op":"replace","path":"/spec/replicas","value":5}]'`,
    `rollout patch deployment web --type=merge -p '{"spec":{"strategy":{"rollingUpdate":{"maxUnavailable":0}}}}'`,
  ],
  flags: [
    { name: "patch", short: "p", type: "string", help: "The patch, as JSON or YAML." },
    { name: "patch-file", type: "string", help: "A file with the patch." },
    { name: "type", type: "string", default: "strategic", help: "strategic, merge or json." },
    { name: "subresource", type: "string", help: "scale." },
    ...common.files,
    common.output,
    common.dryRun,
    common.record,
    common.fieldManager("kubectl-patch"),
  ],
  run,
};
