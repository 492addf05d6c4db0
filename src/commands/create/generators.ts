/** `create deployment`, `create namespace`, `create configmap`, `create service`: objects made from flags. */
import * as E from "fp-ts/lib/Either.js";
import { asJson } from "../../kubernetes/json.ts";
import { resourceTypeOfKind } from "../../kubernetes/kinds.ts";
import type { KubeObject } from "../../kubernetes/objects.ts";
import { withLastApplied } from "../../kubernetes/patch/last-applied.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import * as common from "../common-flags.ts";
import { readDryRun } from "../dry-run.ts";
import { clientFailure, fail, failUsage, refusedFailure, report } from "../failure.ts";
import type { Flag } from "../grammar/flags.ts";
import { asKubeObject } from "../objects.ts";
import { resultPrinter } from "../output.ts";
import { request } from "../request.ts";
import type { Invocation, Verb } from "../verb.ts";
import { configMapObject, deploymentObject, namespaceObject, serviceObject } from "./objects.ts";

const commonFlags: readonly Flag[] = [
  common.output,
  common.dryRun,
  { name: "save-config", type: "boolean", help: "Keep the configuration for a later apply." },
  common.fieldManager("kubectl-create"),
];

const withNamespace = (object: KubeObject, namespace: string): KubeObject =>
  resourceTypeOfKind(object.kind)?.namespaced ? { ...object, metadata: { ...object.metadata, namespace } } : object;

/**
 * Creates one object. A refusal is told as `failed to create deployment: …`; kinds without `described` tell it as the API
 * server said it.
 */
const createMade = (ctx: CommandContext, invocation: Invocation, made: KubeObject, described?: string): ExitCode => {
  const { flags, namespace } = invocation;
  const dryRun = readDryRun(ctx, flags);
  if (E.isLeft(dryRun)) return report(ctx, [dryRun.left]);
  const print = resultPrinter(ctx, invocation, dryRun.right);
  if (E.isLeft(print)) return report(ctx, [print.left]);
  // What is only shown names no namespace unless the person did.
  const placed = dryRun.right !== "client" || flags.given("namespace") ? withNamespace(made, namespace) : made;
  const sent = flags.on("save-config") ? asKubeObject(withLastApplied(asJson(placed))) : placed;
  if (dryRun.right === "client") return report(ctx, print.right(sent, "created"));
  const answer = request(
    ctx,
    invocation,
    { verb: "create", object: sent },
    { dryRun: dryRun.right, fieldManager: flags.text("field-manager") },
  );
  if (E.isRight(answer)) return report(ctx, print.right(answer.right, "created"));
  return report(ctx, [
    described === undefined
      ? refusedFailure(answer.left)
      : clientFailure(`failed to create ${described}: ${answer.left.message}`),
  ]);
};

const oneName = (ctx: CommandContext, { args, path }: Invocation): string | ExitCode => {
  const [name, ...more] = args;
  if (name !== undefined && more.length === 0) return name;
  return failUsage(ctx, path, `exactly one NAME is required, got ${args.length}`);
};

const createDeployment: Verb = {
  name: "deployment",
  aliases: ["deploy"],
  group: "create",
  ledger: "new",
  summary: "Create a Deployment",
  usage: "NAME --image=IMAGE [--replicas=3] [--port=80] [-- COMMAND …]",
  examples: [
    "rollout create deployment web --image=nginx:1.14 --replicas=3",
    "rollout create deployment web --image=nginx:1.14 --dry-run=client -o yaml",
  ],
  flags: [
    { name: "image", type: "list", required: true, help: "An image; several make several containers." },
    { name: "replicas", short: "r", type: "integer", default: "1", help: "How many pods." },
    { name: "port", type: "integer", default: "-1", help: "The port that the first container listens on." },
    ...commonFlags,
  ],
  run: async (ctx, invocation) => {
    const { flags, args } = invocation;
    const [name, ...command] = args;
    if (name === undefined || invocation.argsBeforeDashes !== 1) {
      return failUsage(ctx, invocation.path, `exactly one NAME is required, got ${invocation.argsBeforeDashes}`);
    }
    const images = flags.list("image");
    if (images.length > 1 && command.length > 0) {
      return fail(ctx, "cannot specify multiple --image options and command");
    }
    const made = deploymentObject({
      name,
      images,
      replicas: flags.integer("replicas"),
      port: flags.integer("port"),
      command,
    });
    return createMade(ctx, invocation, made, "deployment");
  },
};

const createNamespace: Verb = {
  name: "namespace",
  aliases: ["ns"],
  group: "create",
  ledger: "new",
  summary: "Create a namespace",
  usage: "NAME",
  examples: ["rollout create namespace staging"],
  flags: commonFlags,
  run: async (ctx, invocation) => {
    const name = oneName(ctx, invocation);
    return typeof name === "number" ? name : createMade(ctx, invocation, namespaceObject(name));
  },
};

const createConfigMap: Verb = {
  name: "configmap",
  aliases: ["cm"],
  group: "create",
  ledger: "new",
  summary: "Create a ConfigMap",
  usage: "NAME [--from-literal=KEY=VALUE …]",
  examples: ["rollout create configmap settings --from-literal=level=debug"],
  flags: [{ name: "from-literal", type: "array", help: "KEY=VALUE; may be repeated." }, ...commonFlags],
  run: async (ctx, invocation) => {
    const name = oneName(ctx, invocation);
    if (typeof name === "number") return name;
    const made = configMapObject(name, invocation.flags.list("from-literal"));
    if (E.isLeft(made)) return report(ctx, [clientFailure(made.left)]);
    return createMade(ctx, invocation, made.right, "configmap");
  },
};

const createService: Verb = {
  name: "service",
  aliases: ["svc"],
  group: "create",
  ledger: "new",
  summary: "Create a Service for the pods labelled app=NAME",
  usage: "clusterip NAME [--tcp=PORT[:TARGETPORT]]",
  examples: ["rollout create service clusterip web --tcp=80:8080"],
  flags: [{ name: "tcp", type: "list", help: "PORT or PORT:TARGETPORT." }, ...commonFlags],
  run: async (ctx, invocation) => {
    const [type, ...names] = invocation.args;
    if (type !== "clusterip") {
      return failUsage(ctx, invocation.path, `unknown command ${JSON.stringify(invocation.args.join(" "))}`);
    }
    const name = oneName(ctx, { ...invocation, args: names, path: `${invocation.path} clusterip` });
    if (typeof name === "number") return name;
    const ports = invocation.flags.list("tcp");
    if (ports.length === 0) return report(ctx, [clientFailure("at least one tcp port specifier must be provided")]);
    const made = serviceObject(name, ports);
    if (E.isLeft(made)) return report(ctx, [clientFailure(made.left)]);
    return createMade(ctx, invocation, made.right, "ClusterIP service");
  },
};

export const createVerbs: readonly Verb[] = [createDeployment, createNamespace, createConfigMap, createService];
