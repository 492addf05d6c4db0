/** `rollout export -o otlp`: rollouts as OpenTelemetry traces, into a file or to a collector. */
import * as E from "fp-ts/lib/Either.js";
import { refOfStream } from "../../domain/world.ts";
import { VERSION } from "../../engine/version.ts";
import type { ResourceSpans } from "../../history/otlp/model.ts";
import { tracesOf } from "../../history/otlp/traces.ts";
import { HistoryFold } from "../../history/timeline/fold.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { fail, report } from "../failure.ts";
import type { Invocation } from "../verb.ts";
import { interruptedExitCode } from "../waiting.ts";
import { deploymentNamed } from "./deployment-history.ts";
import { collectorUrl, postTraces } from "./otlp-collector.ts";
import { inPages } from "./reading.ts";

interface DeploymentName {
  readonly namespace: string;
  readonly name: string;
}

const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? "" : "s"}`;

/** Every Deployment that the log knows; with `-n`, those of the namespace. */
const allDeployments = ({ session }: CommandContext, { flags, namespace }: Invocation): readonly DeploymentName[] => {
  const streams = new Set<string>();
  for (const { stream } of session.log(1, undefined, { types: ["DeploymentCreated"] })) streams.add(stream);
  return [...streams].flatMap((stream) => {
    const ref = refOfStream(stream);
    return ref && (!flags.given("namespace") || ref.namespace === namespace) ? [ref] : [];
  });
};

/** Reads the log once for all of them. Undefined when it was aborted. */
const readTraces = async (
  { session, signal }: CommandContext,
  names: readonly DeploymentName[],
): Promise<readonly ResourceSpans[] | undefined> => {
  const { bodies } = session;
  const folds = names.map((name) => new HistoryFold({ ...name, templateOf: (digest) => bodies.template(digest) }));
  for await (const page of inPages(session.log(), signal)) {
    for (const event of page) for (const fold of folds) fold.apply(event);
  }
  if (signal?.aborted) return undefined;
  const toMs = session.knownUntil();
  return folds.flatMap((fold) => {
    const history = fold.finish(toMs);
    return history ? [...tracesOf(history, VERSION)] : [];
  });
};

const spansIn = ({ scopeSpans }: ResourceSpans): number => scopeSpans.reduce((sum, { spans }) => sum + spans.length, 0);

/** Spans in one request; a trace is not divided. */
const maxSpansPerRequest = 2000;

const requests = (traces: readonly ResourceSpans[]): readonly (readonly ResourceSpans[])[] => {
  const batches: ResourceSpans[][] = [[]];
  let spans = 0;
  for (const trace of traces) {
    if (spans > 0 && spans + spansIn(trace) > maxSpansPerRequest) {
      batches.push([]);
      spans = 0;
    }
    batches.at(-1)?.push(trace);
    spans += spansIn(trace);
  }
  return batches.filter((batch) => batch.length > 0);
};

const send = async (ctx: CommandContext, traces: readonly ResourceSpans[], typedUrl: string): Promise<ExitCode> => {
  const url = collectorUrl(typedUrl);
  if (E.isLeft(url)) return fail(ctx, url.left);
  for (const resourceSpans of requests(traces)) {
    const sent = await postTraces(url.right, { resourceSpans }, ctx.signal);
    if (ctx.signal?.aborted) return interruptedExitCode;
    if (E.isLeft(sent)) return fail(ctx, sent.left);
  }
  const spans = traces.reduce((sum, trace) => sum + spansIn(trace), 0);
  ctx.io.out(`sent ${counted(traces.length, "trace")} with ${counted(spans, "span")} to ${url.right.href}\n`);
  return 0;
};

/** A trace a line, as collectors read and write files. */
async function* lines(traces: readonly ResourceSpans[]): AsyncGenerator<string, void> {
  for (const trace of traces) yield `${JSON.stringify({ resourceSpans: [trace] })}\n`;
}

export const exportTraces = async (
  ctx: CommandContext,
  invocation: Invocation,
  write: (chunks: AsyncIterable<string>, told: () => string) => Promise<ExitCode>,
): Promise<ExitCode> => {
  const { flags, args, namespace } = invocation;
  const endpoint = flags.text("endpoint");
  if (endpoint !== "" && args.length > 0) return fail(ctx, "traces go to a file or to --endpoint, not to both");
  const names: DeploymentName[] = [];
  for (const object of flags.list("object")) {
    const name = deploymentNamed([object], "rollouts");
    if (E.isLeft(name)) return report(ctx, [name.left]);
    names.push({ namespace, name: name.right ?? "" });
  }
  const unknown = names.filter((name) => ctx.session.rollouts(name).length === 0);
  if (unknown.length > 0) {
    const said = unknown.map(({ name }) => `deployment ${JSON.stringify(name)} in namespace ${namespace}`);
    return fail(ctx, `the log knows no ${said.join(", and no ")}`);
  }
  const traces = await readTraces(ctx, flags.given("object") ? names : allDeployments(ctx, invocation));
  if (!traces) return interruptedExitCode;
  if (traces.length === 0) {
    // An empty file would look like an export.
    ctx.io.err(flags.given("namespace") ? `No rollouts found in ${namespace} namespace.\n` : "No rollouts found.\n");
    return 0;
  }
  return endpoint === "" ? write(lines(traces), () => counted(traces.length, "trace")) : send(ctx, traces, endpoint);
};
