/** `kubectl set resources`. */
import * as E from "fp-ts/lib/Either.js";
import type { ResourceRequirements, StringMap } from "../../kubernetes/objects.ts";
import { canonicalQuantity, parseQuantity } from "../../kubernetes/quantity.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { record } from "../common-flags.ts";
import { clientFailure, fail } from "../failure.ts";
import type { Invocation, Verb } from "../verb.ts";
import { changeContainers, changePodSpecs, containersFlag, setFlags } from "./pod-spec.ts";

/** `cpu=100m,memory=256Mi`, in canonical amounts. */
const readAmounts = (text: string): E.Either<string, StringMap> => {
  const amounts: Record<string, string> = {};
  for (const statement of text === "" ? [] : text.split(",")) {
    const [resource = "", amount, ...more] = statement.split("=");
    if (amount === undefined || more.length > 0) {
      return E.left(`invalid argument syntax ${statement}, expected <resource>=<value>`);
    }
    const quantity = parseQuantity(amount);
    if (E.isLeft(quantity)) return quantity;
    amounts[resource] = canonicalQuantity(amount);
  }
  return E.right(amounts);
};

const merged = (before: ResourceRequirements, limits: StringMap, requests: StringMap): ResourceRequirements => ({
  ...before,
  ...(Object.keys(limits).length > 0 ? { limits: { ...before.limits, ...limits } } : {}),
  ...(Object.keys(requests).length > 0 ? { requests: { ...before.requests, ...requests } } : {}),
});

const run = async (ctx: CommandContext, invocation: Invocation): Promise<ExitCode> => {
  const { flags, args } = invocation;
  if (flags.text("limits") === "" && flags.text("requests") === "") {
    return fail(ctx, "you must specify an update to requests or limits (in the form of --requests/--limits)");
  }
  const limits = readAmounts(flags.text("limits"));
  if (E.isLeft(limits)) return fail(ctx, limits.left);
  const requests = readAmounts(flags.text("requests"));
  if (E.isLeft(requests)) return fail(ctx, requests.left);
  const pattern = flags.text("containers");
  return changePodSpecs(ctx, invocation, {
    name: "resources",
    resources: args,
    done: "resource requirements updated",
    refused: "failed to patch resources update to pod template",
    change: (before) => {
      const { podSpec, selected } = changeContainers(before, pattern, (container) => ({
        ...container,
        resources: merged(container.resources ?? {}, limits.right, requests.right),
      }));
      const failures = selected ? [] : [clientFailure(`error: unable to find container named ${pattern}`)];
      return E.right({ podSpec, failures });
    },
  });
};

export const resources: Verb = {
  name: "resources",
  group: "set",
  summary: "Change the resource requests and limits of containers",
  usage: "(-f FILENAME | TYPE NAME) [--limits=LIMITS] [--requests=REQUESTS]",
  examples: [
    "rollout set resources deployment/web --limits=cpu=200m,memory=512Mi",
    "rollout set resources deployment/web -c web --requests=cpu=100m",
  ],
  flags: [
    { name: "limits", type: "string", help: "At most so much: cpu=200m,memory=512Mi." },
    { name: "requests", type: "string", help: "At least so much: cpu=100m,memory=256Mi." },
    containersFlag,
    ...setFlags,
    record,
  ],
  run,
};
