/** `--as-of`: the verbs that declare it, in the past. */
import * as E from "fp-ts/lib/Either.js";
import { resourceTypeNamed } from "../kubernetes/kinds.ts";
import { asOf } from "./common-flags.ts";
import { fail } from "./failure.ts";
import { readMoment } from "./history/points.ts";
import type { Invocation, Verb } from "./verb.ts";

/** The Deployment that the arguments name, if it is one: `deploy/web`, `deployment web`. */
const deploymentNamed = ([first = "", ...others]: readonly string[]): string | undefined => {
  const [type = "", name, ...more] = first.includes("/") ? [...first.split("/"), ...others] : [first, ...others];
  return resourceTypeNamed(type)?.kind === "Deployment" && more.length === 0 ? name : undefined;
};

/** Whether a verb is asked for what was: then nothing more need happen in the cluster first. */
export const asksForPast = ({ flags }: Invocation): boolean => flags.declares(asOf.name) && flags.given(asOf.name);

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
