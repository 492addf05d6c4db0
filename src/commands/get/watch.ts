/** `get -w`: the objects as they are, then a line for every change. */
import * as E from "fp-ts/lib/Either.js";
import type { WatchEnd, WatchEvent, WatchTarget } from "../../engine/session.ts";
import type { KubeObject } from "../../kubernetes/objects.ts";
import { parseSortPath, sortByPath } from "../../kubernetes/printing/sort-by.ts";
import type { WatchEventType, WatchOptions } from "../../kubernetes/printing/watch.ts";
import { printWatched, watchStart } from "../../kubernetes/printing/watch.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { fail, report } from "../failure.ts";
import { printable, storedKind } from "../objects.ts";
import type { Selection } from "../resource-args.ts";
import { objectFilter, present } from "../resource-args.ts";
import type { Invocation } from "../verb.ts";
import { interruptedExitCode } from "../waiting.ts";

/** Prints one report after another; remembers the first fault. */
class WatchPrinter {
  readonly #ctx: CommandContext;
  readonly #options: WatchOptions;
  #state = watchStart;
  fault: string | undefined;

  constructor(ctx: CommandContext, options: WatchOptions) {
    this.#ctx = ctx;
    this.#options = options;
  }

  print(type: WatchEventType, objects: readonly KubeObject[], nowMs: number): void {
    const printed = printWatched(this.#state, type, objects.map(printable), { ...this.#options, nowMs });
    if (E.isLeft(printed)) {
      this.fault = printed.left;
      return;
    }
    this.#state = printed.right.state;
    this.#ctx.io.out(printed.right.text);
  }
}

const identity = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ""}/${metadata.name}`;
const version = ({ metadata }: KubeObject): string => `${metadata.uid} ${metadata.resourceVersion}`;

/** A change as someone sees it who looks at the selected objects only: leaving the selection is being deleted. */
const asSeen = (
  event: WatchEvent,
  shown: ReadonlyMap<string, string>,
  isSelected: (object: KubeObject) => boolean,
): WatchEventType | undefined => {
  const before = shown.get(identity(event.object));
  if (event.type === "DELETED" || !isSelected(event.object)) return before === undefined ? undefined : "DELETED";
  if (before === undefined) return "ADDED";
  return before === version(event.object) ? undefined : "MODIFIED";
};

const sorted = (objects: readonly KubeObject[], path: string): readonly KubeObject[] => {
  const parsed = path === "" ? undefined : parseSortPath(path);
  if (!parsed || E.isLeft(parsed)) return objects;
  const result = sortByPath(objects, parsed.right);
  return E.isLeft(result) ? objects : result.right;
};

const watchTarget = (invocation: Invocation, { types, targets, single }: Selection): WatchTarget | undefined => {
  const [type] = types;
  const kind = type && storedKind(type);
  if (!type || !kind) return undefined;
  const [target] = targets;
  const namespace = target && single ? target.namespace : invocation.namespace;
  return {
    kind,
    ...(type.namespaced && !invocation.flags.on("all-namespaces") ? { namespace } : {}),
    ...(single && target ? { name: target.name } : {}),
  };
};

const endOfWatch = (ctx: CommandContext, end: WatchEnd): ExitCode => {
  if (ctx.signal?.aborted) return interruptedExitCode;
  if (end === "idle") ctx.io.err("Nothing has changed for an hour of cluster time; the watch ends.\n");
  return 0;
};

/** Watches what `get` has found. Ends when interrupted or, on a manual clock, when the cluster has come to rest. */
export const watchSelection = async (
  ctx: CommandContext,
  invocation: Invocation,
  selection: Selection,
  options: WatchOptions,
): Promise<ExitCode> => {
  const { flags } = invocation;
  const [type, ...others] = selection.types;
  if (others.length > 0) return fail(ctx, "you may only specify a single resource type");
  const { found, failures } = present(selection.targets);
  if (failures.length > 0) return report(ctx, failures);
  const target = watchTarget(invocation, selection);
  if (!type) return 0;
  if (!target) return fail(ctx, `${type.plural} cannot be watched: they are derived from what is recorded`);
  const isSelected = objectFilter(type, flags.text("selector"), flags.text("field-selector"));
  if (E.isLeft(isSelected)) return report(ctx, [isSelected.left]);
  const printer = new WatchPrinter(ctx, options);
  const objects = sorted(
    found.map(({ object }) => object),
    options.sortBy ?? "",
  );
  if (!flags.on("watch-only")) printer.print("ADDED", objects, ctx.session.now());
  if (selection.named && !selection.single) {
    return fail(ctx, "you may only watch a single resource or type of resource at a time");
  }
  const shown = new Map(objects.map((object) => [identity(object), version(object)]));
  const end = await ctx.session.watch(
    target,
    (event) => {
      const seen = asSeen(event, shown, isSelected.right);
      if (seen === undefined) return "continue";
      if (seen === "DELETED") shown.delete(identity(event.object));
      else shown.set(identity(event.object), version(event.object));
      printer.print(seen, [event.object], event.atMs);
      return printer.fault === undefined ? "continue" : "stop";
    },
    ctx.signal ? { signal: ctx.signal } : {},
  );
  return printer.fault === undefined ? endOfWatch(ctx, end) : fail(ctx, printer.fault);
};
