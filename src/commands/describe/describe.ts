import * as E from "fp-ts/lib/Either.js";
import { noResourcesFound } from "../../kubernetes/printing/get.ts";
import type { CommandContext } from "../command.ts";
import * as common from "../common-flags.ts";
import { fail, report } from "../failure.ts";
import { listObjects, printable } from "../objects.ts";
import type { FoundTarget, Selection } from "../resource-args.ts";
import { present } from "../resource-args.ts";
import { selectTargets } from "../targets.ts";
import type { Verb } from "../verb.ts";
import { describeObject } from "./describe-object.ts";

/** A single name that nothing has is taken for the beginning of names. */
const byPrefix = (ctx: CommandContext, { targets, single }: Selection): readonly FoundTarget[] => {
  const [target] = targets;
  if (!target || !single || target.object || target.source !== undefined) return [];
  return listObjects(ctx.session, target.type, target.namespace)
    .filter(({ metadata }) => metadata.name.startsWith(target.name))
    .map((object) => ({ ...target, name: object.metadata.name, object }));
};

const run: Verb["run"] = async (ctx, invocation) => {
  const { args, flags, namespace } = invocation;
  if (args.length === 0 && !flags.given("filename")) {
    return fail(
      ctx,
      'You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.',
    );
  }
  const selection = selectTargets(ctx, invocation, { typeAloneMeansAll: true });
  if (E.isLeft(selection)) return report(ctx, selection.left);
  const named = present(selection.right.targets);
  const similar = byPrefix(ctx, selection.right);
  const found = similar.length > 0 ? similar : named.found;
  const texts = found.map(({ object }) => describeObject(ctx.session, printable(object), flags.on("show-events")));
  ctx.io.out(texts.join("\n\n"));
  if (selection.right.targets.length === 0) {
    ctx.io.err(noResourcesFound(flags.on("all-namespaces") ? undefined : namespace));
  }
  return report(ctx, similar.length > 0 ? [] : named.failures);
};

export const describe: Verb = {
  name: "describe",
  summary: "Show objects in detail, with their events",
  usage: "(TYPE [NAME_PREFIX] | TYPE/NAME | -f FILENAME)",
  examples: [
    "rollout describe deployment web",
    "rollout describe pods -l app=web",
    "rollout describe pod web-5db6",
    "rollout describe deploy/web --as-of -5m",
  ],
  flags: [
    { name: "show-events", type: "boolean", default: "true", help: "The events about the object." },
    common.asOf,
    common.allNamespaces,
    common.selector,
    ...common.files,
  ],
  run,
};
