import * as E from "fp-ts/lib/Either.js";
import { resourceTypeNamed } from "../kubernetes/kinds.ts";
import type { KubeEvent } from "../kubernetes/objects.ts";
import { byLastSeen, printEvents } from "../kubernetes/printing/columns/events.ts";
import { printObjects } from "../kubernetes/printing/get.ts";
import * as common from "./common-flags.ts";
import { fail, report } from "./failure.ts";
import { readFormat } from "./output.ts";
import type { Verb } from "./verb.ts";

type Subject = (event: KubeEvent) => boolean;

const parseFor = (text: string): E.Either<string, Subject> => {
  if (text === "") return E.right(() => true);
  const [typeName = "", name = "", ...more] = text.split("/");
  if (typeName === "" || name === "" || more.length > 0) return E.left("--for must be in resource/name form");
  const type = resourceTypeNamed(typeName);
  if (!type) return E.left(`the server doesn't have a resource type ${JSON.stringify(typeName)}`);
  return E.right(({ involvedObject }) => involvedObject.kind === type.kind && involvedObject.name === name);
};

const run: Verb["run"] = async (ctx, { flags, namespace }) => {
  const types = flags.list("types").map((type) => type.toLowerCase());
  if (types.some((type) => type !== "normal" && type !== "warning")) {
    return fail(ctx, "valid --types are Normal or Warning");
  }
  const isAbout = parseFor(flags.text("for"));
  if (E.isLeft(isAbout)) return fail(ctx, isAbout.left);
  const format = readFormat(flags);
  if (E.isLeft(format)) return report(ctx, [format.left]);
  const allNamespaces = flags.on("all-namespaces");
  const events = ctx.session
    .events(allNamespaces ? undefined : namespace)
    .filter((event) => isAbout.right(event) && (types.length === 0 || types.includes(event.type.toLowerCase())));
  const output = format.right;
  const nowMs = ctx.session.now();
  if (output.form !== "table") {
    const text = printObjects(byLastSeen(events), { output, nowMs });
    if (E.isLeft(text)) return fail(ctx, text.left);
    ctx.io.out(text.right);
    return 0;
  }
  if (events.length === 0)
    ctx.io.err(allNamespaces ? "No events found.\n" : `No events found in ${namespace} namespace.\n`);
  else ctx.io.out(printEvents(events, { nowMs, allNamespaces, noHeaders: flags.on("no-headers") }));
  return 0;
};

export const events: Verb = {
  name: "events",
  summary: "What controllers and kubelets reported, oldest first",
  usage: "[--for TYPE/NAME] [--types=Normal,Warning]",
  examples: ["rollout events", "rollout events --for deployment/web", "rollout events -A --types=Warning"],
  flags: [
    { name: "for", type: "string", help: "Only events about this object, as TYPE/NAME." },
    { name: "types", type: "list", help: "Normal, Warning." },
    { name: "no-headers", type: "boolean", help: "Leave the header line out." },
    common.asOf,
    common.allNamespaces,
    common.output,
  ],
  run,
};
