/** What `kubectl set image`, `env` and `resources` share: they change containers of pods, or of pod templates. */
import * as E from "fp-ts/lib/Either.js";
import { asJson } from "../../kubernetes/json.ts";
import { qualifiedPlural } from "../../kubernetes/kinds.ts";
import type { Container, KubeObject, PodSpec, StoredObject } from "../../kubernetes/objects.ts";
import { createStrategicMergePatch } from "../../kubernetes/patch/strategic-diff.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { all, dryRun as dryRunFlag, fieldManager, files, output, selector } from "../common-flags.ts";
import { type DryRun, readDryRun } from "../dry-run.ts";
import { clientFailure, type Failure, report } from "../failure.ts";
import type { Flag } from "../grammar/flags.ts";
import { printable, refTo } from "../objects.ts";
import { type ResultPrinter, resultPrinter } from "../output.ts";
import { recordChangeCause, request } from "../request.ts";
import { type FoundTarget, present } from "../resource-args.ts";
import { selectTargets } from "../targets.ts";
import type { Invocation } from "../verb.ts";

export const setFlags: readonly Flag[] = [all, selector, ...files, output, dryRunFlag, fieldManager("kubectl-set")];

export const containersFlag: Flag = {
  name: "containers",
  short: "c",
  type: "string",
  default: "*",
  help: "Containers to change, by name; * stands for any letters.",
};

/** Left refuses the object; failures beside a changed spec do not keep the rest from being written. */
export type Changed = E.Either<string, { readonly podSpec: PodSpec; readonly failures: readonly Failure[] }>;

export interface PodSpecChange {
  /** The verb's own name. */
  readonly name: string;
  /** Words that name objects. */
  readonly resources: readonly string[];
  /** What the result line says. */
  readonly done: string;
  /** How the error for a refused patch begins. */
  readonly refused: string;
  readonly change: (podSpec: PodSpec, object: KubeObject) => Changed;
}

/** The spec of the pods that the object is or makes; undefined for kinds without one. */
const podSpecOf = (object: KubeObject): PodSpec | undefined => {
  const known = printable(object);
  switch (known.kind) {
    case "Pod":
      return known.spec;
    case "Deployment":
    case "ReplicaSet":
      return known.spec.template?.spec;
    default:
      return undefined;
  }
};

const withPodSpec = (object: KubeObject, podSpec: PodSpec): StoredObject => {
  const known = printable(object);
  switch (known.kind) {
    case "Pod":
      return { ...known, spec: podSpec };
    case "Deployment":
      return { ...known, spec: { ...known.spec, template: { ...known.spec.template, spec: podSpec } } };
    case "ReplicaSet":
      return { ...known, spec: { ...known.spec, template: { ...known.spec.template, spec: podSpec } } };
    default:
      throw new Error(`a ${object.kind} has no pod template`);
  }
};

/** Changes containers by name, init containers too. `selected` says whether there are any. */
export const changeContainers = (
  podSpec: PodSpec,
  pattern: string,
  change: (container: Container) => Container,
): { readonly podSpec: PodSpec; readonly selected: boolean } => {
  const escaped = pattern.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  const name = new RegExp(`^${escaped.join(".*")}$`);
  let selected = false;
  const changed = (container: Container): Container => {
    if (!name.test(container.name)) return container;
    selected = true;
    return change(container);
  };
  const { containers, initContainers } = podSpec;
  const after = {
    ...podSpec,
    containers: containers.map(changed),
    ...(initContainers ? { initContainers: initContainers.map(changed) } : {}),
  };
  return { podSpec: after, selected };
};

interface Work {
  readonly invocation: Invocation;
  readonly change: PodSpecChange;
  readonly dryRun: DryRun;
  readonly print: ResultPrinter;
}

const changeOne = (ctx: CommandContext, work: Work, target: FoundTarget): readonly Failure[] => {
  const { invocation, change, dryRun, print } = work;
  const { object, type, name } = target;
  const ref = refTo(target);
  const before = podSpecOf(object);
  if (!ref || !before) {
    const problem = `the object is not a pod or does not have a pod template: *v1.${type.kind}`;
    return [clientFailure(`error: ${qualifiedPlural(type)}/${name} ${problem}`)];
  }
  const changed = change.change(before, object);
  if (E.isLeft(changed)) return [clientFailure(`error: ${qualifiedPlural(type)}/${name} ${changed.left}`)];
  const { podSpec, failures } = changed.right;
  const isRecorded = invocation.flags.declares("record") && invocation.flags.on("record");
  const after = withPodSpec(object, podSpec);
  const wanted = isRecorded ? recordChangeCause(after, invocation) : after;
  const patch = createStrategicMergePatch(asJson(object), asJson(wanted), object.kind);
  if (Object.keys(patch).length === 0) return failures;
  if (dryRun === "client") return [...failures, ...print(wanted, change.done)];
  const answer = request(
    ctx,
    invocation,
    { verb: "patch", ref, patchType: "strategic", patch },
    {
      fieldManager: invocation.flags.text("field-manager"),
      verb: `set ${change.name}`,
      dryRun,
      ...(isRecorded ? { changeCause: invocation.changeCause } : {}),
    },
  );
  return E.isLeft(answer)
    ? [...failures, clientFailure(`${change.refused} ${answer.left.message}`)]
    : [...failures, ...print(answer.right, change.done)];
};

/** Changes every object that the command line names. When one of them is not there, none is changed, as in kubectl. */
export const changePodSpecs = async (
  ctx: CommandContext,
  invocation: Invocation,
  change: PodSpecChange,
): Promise<ExitCode> => {
  const dryRun = readDryRun(ctx, invocation.flags);
  if (E.isLeft(dryRun)) return report(ctx, [dryRun.left]);
  const print = resultPrinter(ctx, invocation, dryRun.right);
  if (E.isLeft(print)) return report(ctx, [print.left]);
  const selection = selectTargets(ctx, invocation, { args: change.resources });
  if (E.isLeft(selection)) return report(ctx, selection.left);
  const { found, failures } = present(selection.right.targets);
  if (failures.length > 0) return report(ctx, failures);
  const work: Work = { invocation, change, dryRun: dryRun.right, print: print.right };
  return report(
    ctx,
    found.flatMap((target) => changeOne(ctx, work, target)),
  );
};
