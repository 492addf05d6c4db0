import * as E from "fp-ts/lib/Either.js";
import { asJson } from "../kubernetes/json.ts";
import { qualifiedPlural } from "../kubernetes/kinds.ts";
import type { ManifestError } from "../kubernetes/manifest/manifest.ts";
import { parseManifests } from "../kubernetes/manifest/parse.ts";
import type { KubeObject } from "../kubernetes/objects.ts";
import { createStrategicMergePatch } from "../kubernetes/patch/strategic-diff.ts";
import { shownJson } from "../kubernetes/printing/structured.ts";
import { printYaml } from "../kubernetes/printing/yaml.ts";
import type { Refusal } from "../kubernetes/refusal.ts";
import type { CommandContext } from "./command.ts";
import * as common from "./common-flags.ts";
import type { Failure } from "./failure.ts";
import { clientFailure, fail, failureText, refusedFailure, report } from "./failure.ts";
import { refTo } from "./objects.ts";
import type { ResultPrinter } from "./output.ts";
import { resultPrinter } from "./output.ts";
import { recordChangeCause, request } from "./request.ts";
import type { FoundTarget } from "./resource-args.ts";
import { present } from "./resource-args.ts";
import { selectTargets } from "./targets.ts";
import type { Invocation, Verb } from "./verb.ts";

const instructions = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

const withoutComments = (text: string): string =>
  text
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n");

/** What is wrong with an edited text, written above it when it is opened again. */
const complaints = ({ type, name }: FoundTarget, reasons: readonly string[]): string => {
  const lines = reasons.flatMap((reason) => `* ${reason}`.split("\n"));
  return [`${qualifiedPlural(type)} ${JSON.stringify(name)} was not valid:`, ...lines, ""]
    .map((line) => `${`# ${line}`.trimEnd()}\n`)
    .join("");
};

const reasonsOf = (errors: readonly ManifestError[]): readonly string[] =>
  errors.map(({ message, notes }) =>
    [message, ...notes.map(({ line, column, text }) => `  ${line}:${column}  ${text}`)].join("\n"),
  );

const refusalReasons = (refusal: Refusal): readonly string[] =>
  refusal.causes.length > 0 ? refusal.causes.map(({ field, message }) => `${field}: ${message}`) : [refusal.message];

type Edited =
  | { readonly type: "empty" }
  | { readonly type: "invalid"; readonly reasons: readonly string[] }
  | { readonly type: "refused"; readonly failure: Failure }
  | { readonly type: "object"; readonly object: KubeObject };

const identityOf = ({ apiVersion, kind, metadata }: KubeObject): string => {
  return JSON.stringify([apiVersion, kind, metadata.name]);
};

const readEdited = (target: FoundTarget, text: string): Edited => {
  if (withoutComments(text).trim() === "") return { type: "empty" };
  const parsed = parseManifests(text, `${target.name}.yaml`);
  if (E.isLeft(parsed)) return { type: "invalid", reasons: reasonsOf(parsed.left) };
  const [manifest, ...others] = parsed.right;
  if (!manifest || others.length > 0) return { type: "invalid", reasons: ["the file must hold the one object"] };
  if (identityOf(manifest.object) !== identityOf(target.object)) {
    return { type: "refused", failure: clientFailure("At least one of apiVersion, kind and name was changed") };
  }
  return { type: "object", object: manifest.object };
};

const send = (
  ctx: CommandContext,
  invocation: Invocation,
  target: FoundTarget,
  edited: KubeObject,
): E.Either<Refusal, KubeObject> | "skipped" => {
  const { kind } = target.object;
  const original = asJson(target.object);
  const ref = refTo(target);
  if (!ref || Object.keys(createStrategicMergePatch(original, asJson(edited), kind)).length === 0) return "skipped";
  const recorded = asJson(recordChangeCause(edited, invocation));
  const patch = createStrategicMergePatch(original, recorded, kind);
  return request(
    ctx,
    invocation,
    { verb: "patch", ref, patchType: "strategic", patch },
    { fieldManager: invocation.flags.text("field-manager"), verb: "edit" },
  );
};

/** Opens the object until it is saved without fault, left as it was, or given up. */
const editOne = (
  ctx: CommandContext,
  invocation: Invocation,
  open: (text: string) => string,
  target: FoundTarget,
  print: ResultPrinter,
): readonly Failure[] => {
  let text = printYaml(shownJson(target.object));
  let reasons: readonly string[] = [];
  for (;;) {
    const saved = open(instructions + (reasons.length > 0 ? complaints(target, reasons) : "") + text);
    if (withoutComments(saved).trim() === withoutComments(text).trim()) {
      if (reasons.length > 0) return [clientFailure("Edit cancelled, no valid changes were saved.")];
      ctx.io.err("Edit cancelled, no changes made.\n");
      return [];
    }
    text = withoutComments(saved);
    const edited = readEdited(target, text);
    if (edited.type === "refused") return [edited.failure];
    if (edited.type === "empty") {
      ctx.io.err("Edit cancelled, saved file was empty.\n");
      return [];
    }
    if (edited.type === "invalid") {
      reasons = edited.reasons;
      ctx.io.err(`error: ${qualifiedPlural(target.type)} ${JSON.stringify(target.name)} is invalid\n`);
      continue;
    }
    const answer = send(ctx, invocation, target, edited.object);
    if (answer === "skipped") return print(target.object, "skipped");
    if (E.isRight(answer)) return print(answer.right, "edited");
    if (answer.left.reason === "NotFound") return [refusedFailure(answer.left)];
    reasons = refusalReasons(answer.left);
    ctx.io.err(failureText([refusedFailure(answer.left)]));
  }
};

const run: Verb["run"] = async (ctx, invocation) => {
  const print = resultPrinter(ctx, invocation);
  if (E.isLeft(print)) return report(ctx, [print.left]);
  const selection = selectTargets(ctx, invocation, { typeAloneMeansAll: true });
  if (E.isLeft(selection)) return report(ctx, selection.left);
  const { edit: openEditor } = ctx.io;
  if (!openEditor) return fail(ctx, "there is no editor without a terminal; use apply or patch instead");
  const { found, failures } = present(selection.right.targets);
  if (failures.length > 0) return report(ctx, failures);
  return report(
    ctx,
    found.flatMap((target) =>
      editOne(ctx, invocation, (text) => openEditor(text, `${target.name}.yaml`), target, print.right),
    ),
  );
};

export const edit: Verb = {
  name: "edit",
  summary: "Change objects in your editor",
  usage: "(TYPE NAME | TYPE/NAME | -f FILENAME)",
  examples: ["rollout edit deployment web", "KUBE_EDITOR=nano rollout edit deployment/web"],
  flags: [...common.files, common.output, common.record, common.fieldManager("kubectl-edit")],
  run,
};
