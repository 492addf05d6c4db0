import * as E from "fp-ts/lib/Either.js";
import type { KubeObject, ServicePort, StringMap } from "../../kubernetes/objects.ts";
import type { PrintableObject } from "../../kubernetes/printing/columns/index.ts";
import { formatLabels } from "../../kubernetes/selector.ts";
import type { CommandContext } from "../command.ts";
import * as common from "../common-flags.ts";
import type { DryRun } from "../dry-run.ts";
import { readDryRun } from "../dry-run.ts";
import type { Failure } from "../failure.ts";
import { clientFailure, refusedFailure, report } from "../failure.ts";
import type { ParsedFlags } from "../grammar/flags.ts";
import { printable } from "../objects.ts";
import type { ResultPrinter } from "../output.ts";
import { resultPrinter } from "../output.ts";
import { recordChangeCause, request } from "../request.ts";
import type { FoundTarget } from "../resource-args.ts";
import { present } from "../resource-args.ts";
import { selectTargets } from "../targets.ts";
import type { Invocation, Verb } from "../verb.ts";

const maxNameLength = 63;

/** Which pods an object stands for. Left says why it stands for none. */
const selectorOf = (object: PrintableObject): E.Either<string, StringMap> => {
  switch (object.kind) {
    case "Deployment":
    case "ReplicaSet": {
      const { matchLabels = {}, matchExpressions = [] } = object.spec.selector;
      if (matchExpressions.length > 0) {
        return E.left('couldn\'t convert expressions - "matchExpressions" to map-based selector format');
      }
      return E.right(matchLabels);
    }
    case "Pod":
      return object.metadata.labels
        ? E.right(object.metadata.labels)
        : E.left("the pod has no labels and cannot be exposed");
    case "Service":
      return object.spec.selector ? E.right(object.spec.selector) : E.left("the service has no pod selector set");
    default:
      return E.left(`cannot expose a ${object.kind}`);
  }
};

/** The ports that its containers, or the Service itself, name. */
const portsOf = (object: PrintableObject): readonly ServicePort[] => {
  if (object.kind === "Service") return object.spec.ports ?? [];
  const template =
    object.kind === "Deployment" || object.kind === "ReplicaSet" ? object.spec.template?.spec : undefined;
  const spec = object.kind === "Pod" ? object.spec : template;
  return (spec?.containers ?? [])
    .flatMap(({ ports = [] }) => ports)
    .map(({ containerPort, protocol }) => ({ port: containerPort, ...(protocol ? { protocol } : {}) }));
};

const portOrName = (text: string): number | string => (/^\d+$/.test(text) ? Number(text) : text);

const servicePorts = (object: PrintableObject, flags: ParsedFlags): E.Either<string, readonly ServicePort[]> => {
  const asked = flags.list("port").map((port) => ({ port: Number(port), text: port }));
  const wrong = asked.find(({ text }) => !/^\d+$/.test(text));
  if (wrong) return E.left(`strconv.Atoi: parsing ${JSON.stringify(wrong.text)}: invalid syntax`);
  const ports: readonly ServicePort[] = asked.length > 0 ? asked.map(({ port }) => ({ port })) : portsOf(object);
  if (ports.length === 0) return E.left("couldn't find port via --port flag or introspection");
  const target = flags.text("target-port");
  return E.right(
    ports.map(({ port, protocol = "TCP" }, index) => ({
      ...(ports.length > 1 ? { name: `port-${index + 1}` } : {}),
      port,
      protocol: flags.text("protocol") || protocol,
      targetPort: target === "" ? port : portOrName(target),
    })),
  );
};

const parseLabels = (text: string): E.Either<string, StringMap> => {
  const labels: Record<string, string> = {};
  for (const pair of text.split(",").filter((each) => each !== "")) {
    const [key = "", value, ...more] = pair.split("=");
    if (key === "" || value === undefined || more.length > 0) return E.left(`unexpected label spec: ${pair}`);
    labels[key] = value;
  }
  return E.right(labels);
};

const serviceFor = (object: PrintableObject, flags: ParsedFlags): E.Either<string, KubeObject> => {
  const given = flags.text("selector");
  const selector = given === "" ? selectorOf(object) : parseLabels(given);
  if (E.isLeft(selector)) {
    return selector.left.startsWith("cannot expose")
      ? selector
      : E.left(`couldn't retrieve selectors via --selector flag or introspection: ${selector.left}`);
  }
  const ports = servicePorts(object, flags);
  if (E.isLeft(ports)) return ports;
  const labels = flags.given("labels") ? parseLabels(flags.text("labels")) : E.right(object.metadata.labels ?? {});
  if (E.isLeft(labels)) return labels;
  const type = flags.text("type");
  const clusterIP = flags.text("cluster-ip");
  return E.right({
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      creationTimestamp: null,
      ...(formatLabels(labels.right) === "<none>" ? {} : { labels: labels.right }),
      name: (flags.text("name") || object.metadata.name).slice(0, maxNameLength),
    },
    spec: {
      ...(clusterIP === "" ? {} : { clusterIP }),
      ports: ports.right,
      selector: selector.right,
      ...(type === "" ? {} : { type }),
    },
    status: { loadBalancer: {} },
  } satisfies KubeObject & { readonly spec: object; readonly status: object });
};

const exposeOne = (
  ctx: CommandContext,
  invocation: Invocation,
  target: FoundTarget,
  dryRun: DryRun,
  print: ResultPrinter,
): readonly Failure[] => {
  const made = serviceFor(printable(target.object), invocation.flags);
  if (E.isLeft(made)) return [clientFailure(made.left)];
  const service = recordChangeCause(made.right, invocation);
  const object = { ...service, metadata: { ...service.metadata, namespace: target.namespace } };
  if (dryRun === "client") return print(invocation.flags.given("namespace") ? object : service, "exposed");
  const details = { dryRun, fieldManager: invocation.flags.text("field-manager"), verb: "expose" };
  const answer = request(ctx, invocation, { verb: "create", object }, details);
  return E.isLeft(answer) ? [refusedFailure(answer.left)] : print(answer.right, "exposed");
};

const run: Verb["run"] = async (ctx, invocation) => {
  const dryRun = readDryRun(ctx, invocation.flags);
  if (E.isLeft(dryRun)) return report(ctx, [dryRun.left]);
  const print = resultPrinter(ctx, invocation, dryRun.right);
  if (E.isLeft(print)) return report(ctx, [print.left]);
  const selection = selectTargets(ctx, invocation, { selector: "" });
  if (E.isLeft(selection)) return report(ctx, selection.left);
  const { found, failures } = present(selection.right.targets);
  return report(ctx, [
    ...found.flatMap((target) => exposeOne(ctx, invocation, target, dryRun.right, print.right)),
    ...failures,
  ]);
};

export const expose: Verb = {
  name: "expose",
  summary: "Create a Service for the pods of a Deployment, ReplicaSet, Service or Pod",
  usage: "(TYPE NAME | TYPE/NAME | -f FILENAME) [--port=80] [--target-port=8080] [--name=NAME] [--type=NodePort]",
  examples: [
    "rollout expose deployment web --port=80 --target-port=8080",
    "rollout expose deployment web --name=web-public --type=NodePort --port=80",
  ],
  flags: [
    { name: "port", type: "list", help: "The Service's ports; else those of the containers." },
    { name: "target-port", type: "string", help: "The containers' port, by number or name." },
    { name: "protocol", type: "string", help: "TCP, UDP or SCTP." },
    { name: "name", type: "string", help: "The Service's name; else the object's." },
    { name: "type", type: "string", help: "ClusterIP, NodePort or LoadBalancer." },
    { name: "cluster-ip", type: "string", help: "None makes the Service headless." },
    { name: "selector", type: "string", help: "Labels of the pods, when not the object's own." },
    { name: "labels", short: "l", type: "string", help: "Labels of the Service; else the object's." },
    ...common.files,
    common.output,
    common.dryRun,
    common.record,
    common.fieldManager("kubectl-expose"),
  ],
  run,
};
