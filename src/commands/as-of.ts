/** `--as-of`: the verbs that declare it, in the past. */
import * as E from "fp-ts/lib/Either.js";
import { resourceTypeNamed } from "../kubernetes/kinds.ts";
import { asOf } from "./common-flags.ts";
import { fail } from "./failure.ts";
import { readMoment } from "./history/points.ts";
import type { Invocation, Verb, VerbDescription } from "./verb.ts";

/** The Deployment that the arguments name, if it is one: `deploy/web`, `deployment web`. */
const deploymentNamed = ([first = "", ...others]: readonly string[]): string | undefined => {
  const [type = "", name, ...more] = first.includes("/") ? [...first.split("/"), ...others] : [first, ...others];
  return resourceTypeNamed(type)?.kind === "Deployment" && more.length === 0 ? name : undefined;
};

const asksForPast = ({ flags }: Invocation): boolean => flags.declares(asOf.name) && flags.given(asOf.name);

/** Whether the cluster has to have caught up with the clock before a verb runs; not for one that is asked for what was. */
export const isOfPresent = ({ ledger = "present" }: VerbDescription, invocation: Invocation): boolean =>
  (ledger === "present" || ledger === "new") && !asksForPast(invocation);

/** The verb, before which the cluster catches up where it has to. */
export const inPresent = (verb: Verb): Verb => ({
  ...verb,
  run: async (ctx, invocation) => {
    if (isOfPresent(verb, invocation)) await ctx.session.catchUp();
    return verb.run(ctx, invocation);
  },
});

/** The verb with `--as-of`, where it declares that flag: it runs on the ledger as it was then, as on any other. */
export const throughTime = (verb: Verb): Verb => {
  if (!verb.flags.includes(asOf)) return verb;
  return {
    ...verb,
    run: async (ctx, invocation) => {
      if (!asksForPast(invocation)) return verb.run(ctx, invocation);
      const { session } = ctx;
      const { args, flags, namespace } = invocation;
      const deployment = deploymentNamed(args);
      const named = deployment === undefined ? {} : { deployment };
      const moment = readMoment(flags.text(asOf.name), { session, namespace, ...named });
      if (E.isLeft(moment)) return fail(ctx, moment.left);
      return verb.run({ ...ctx, session: session.at(moment.right) }, invocation);
    },
  };
};
