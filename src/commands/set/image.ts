/** `kubectl set image`. */
import * as E from "fp-ts/lib/Either.js";
import type { PodSpec } from "../../kubernetes/objects.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { record } from "../common-flags.ts";
import { clientFailure, type Failure, fail, report } from "../failure.ts";
import { readPairs } from "../pairs.ts";
import type { Invocation, Verb } from "../verb.ts";
import { type Changed, changeContainers, changePodSpecs, setFlags } from "./pod-spec.ts";

type Images = ReadonlyMap<string, string>;

/** `*` stands for every container. */
const changeImages = (before: PodSpec, images: Images): Changed => {
  const found = new Set<string>();
  const { podSpec } = changeContainers(before, "*", (container) => {
    found.add(container.name);
    const image = images.get(container.name) ?? images.get("*");
    return image === undefined ? container : { ...container, image };
  });
  const missing = [...images.keys()].filter((name) => name !== "*" && !found.has(name));
  const failures = missing.map((name) =>
    clientFailure(`error: unable to find container named ${JSON.stringify(name)}`),
  );
  return E.right({ podSpec, failures });
};

/** What is wrong with the words, all of it. */
const problemsOf = (resources: readonly string[], images: Images, fromFiles: boolean): readonly Failure[] => {
  const problems: string[] = [];
  if (resources.length === 0 && !fromFiles) {
    problems.push("one or more resources must be specified as <resource> <name> or <resource>/<name>");
  }
  if (images.size === 0) problems.push("at least one image update is required");
  if (images.size > 1 && images.has("*")) {
    problems.push(
      "all containers are already specified by *, but saw more than one container_name=container_image pairs",
    );
  }
  return problems.map((problem) => clientFailure(problem));
};

const run = async (ctx: CommandContext, invocation: Invocation): Promise<ExitCode> => {
  const pairs = readPairs(invocation.args, "image");
  if (E.isLeft(pairs)) return fail(ctx, pairs.left);
  const { resources, set, removed } = pairs.right;
  if (removed.length > 0) return fail(ctx, `invalid image format: ${removed.map((name) => `${name}-`).join(", ")}`);
  const images = new Map(Object.entries(set));
  const problems = problemsOf(resources, images, invocation.flags.given("filename"));
  if (problems.length > 0) return report(ctx, problems);
  return changePodSpecs(ctx, invocation, {
    name: "image",
    resources,
    done: "image updated",
    refused: "failed to patch image update to pod template:",
    change: (podSpec) => changeImages(podSpec, images),
  });
};

export const image: Verb = {
  name: "image",
  group: "set",
  summary: "Change the images of containers",
  usage: "(-f FILENAME | TYPE NAME) CONTAINER=IMAGE …",
  examples: [
    "rollout set image deployment/web web=nginx:1.15",
    "rollout set image deployments -l app=web '*=nginx:1.15'",
    "rollout set image deployment/web web=nginx:1.15 --record",
  ],
  flags: [...setFlags, record],
  run,
};
