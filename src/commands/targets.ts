/** The objects that a verb's arguments and flags (`-f`, `-l`, `--field-selector`, `--all`, `-A`) mean. */
import * as E from "fp-ts/lib/Either.js";
import type { CommandContext } from "./command.ts";
import type { Failure } from "./failure.ts";
import type { ParsedFlags } from "./grammar/flags.ts";
import { readManifests } from "./manifests.ts";
import type { Selection } from "./resource-args.ts";
import { select } from "./resource-args.ts";
import type { Invocation } from "./verb.ts";

const textOf = (flags: ParsedFlags, name: string): string => (flags.declares(name) ? flags.text(name) : "");
const isOn = (flags: ParsedFlags, name: string): boolean => flags.declares(name) && flags.on(name);

/** Reads whichever of the flags the verb declares. `args` are the words that name objects: all of them unless given. */
export const selectTargets = (
  ctx: CommandContext,
  invocation: Invocation,
  options: {
    readonly args?: readonly string[];
    readonly typeAloneMeansAll?: boolean;
    /** Instead of `-l`, for a verb whose flag of that name means something else. */
    readonly selector?: string;
  } = {},
): E.Either<readonly Failure[], Selection> => {
  const { flags, namespace } = invocation;
  const manifests = readManifests(ctx, invocation);
  if (E.isLeft(manifests)) return manifests;
  const selection = select(ctx.session, {
    args: options.args ?? invocation.args,
    namespace,
    allNamespaces: isOn(flags, "all-namespaces"),
    labelSelector: options.selector ?? textOf(flags, "selector"),
    fieldSelector: textOf(flags, "field-selector"),
    all: isOn(flags, "all"),
    typeAloneMeansAll: options.typeAloneMeansAll ?? false,
    ...(manifests.right ? { fromFiles: manifests.right } : {}),
  });
  return E.isLeft(selection) ? E.left([selection.left]) : selection;
};
