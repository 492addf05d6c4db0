/** `rollout explain`: why an object is there, is gone, or is as it is; what followed from an event. */
import * as E from "fp-ts/lib/Either.js";
import { type ObjectRef, streamOf } from "../../domain/state.ts";
import type { Session } from "../../engine/session.ts";
import type { RecordedEvent } from "../../event-store/port.ts";
import { objectData, printData } from "../../history/data.ts";
import {
  type Explanation,
  explainEvent,
  explainObject,
  explainPod,
  type Scene,
} from "../../history/explain/explain.ts";
import { ConsequencesFold, effectsInOrder } from "../../history/explain/forward.ts";
import { renderExplanation } from "../../history/explain/render/explanation.ts";
import { renderConsequences } from "../../history/explain/render/forward-lines.ts";
import { eventAt } from "../../history/explain/step.ts";
import { objectText } from "../../history/log/lines.ts";
import { resourceTypeNamed } from "../../kubernetes/kinds.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { asOf, output } from "../common-flags.ts";
import { clientFailure, type Failure, refusedFailure, report } from "../failure.ts";
import { suggestions } from "../grammar/suggest.ts";
import { type Name, notFound, storedKind } from "../objects.ts";
import type { Invocation, Verb } from "../verb.ts";
import { interruptedExitCode } from "../waiting.ts";
import { colorFlags, columnsOf, paintFor } from "./paint.ts";
import { headSeq, inPages } from "./reading.ts";

const left = (message: string): E.Either<Failure, never> => E.left(clientFailure(message));

/** What is to be explained. */
type Subject =
  | { readonly is: "event"; readonly seq: number }
  | { readonly is: "object"; readonly name: Name; readonly ref: ObjectRef };

const forms = "say pod/NAME, rs/NAME, deploy/NAME or seq:N";

const parseSeq = (word: string): E.Either<Failure, Subject> => {
  const seq = Number(word.slice("seq:".length));
  return Number.isSafeInteger(seq) && seq > 0
    ? E.right({ is: "event", seq })
    : left(`${JSON.stringify(word)} is no event: seqs are numbers from 1, as in seq:812`);
};

/** kubectl explains types: their fields are documented elsewhere, and a name is most likely missing here. */
const typeAlone = (session: Session, word: string, namespace: string): E.Either<Failure, never> => {
  const [typeName = ""] = word.split(".");
  const type = resourceTypeNamed(typeName);
  const kind = type && storedKind(type);
  if (!type || !kind) return left(`the server doesn't have a resource type ${JSON.stringify(typeName)}: ${forms}`);
  const [example] = session.list(kind, type.namespaced ? namespace : undefined);
  const ref = { kind, namespace: type.namespaced ? namespace : "", name: example?.metadata.name ?? "NAME" };
  return E.left(
    clientFailure(`explain tells why one object is as it is: say ${objectText(streamOf(ref))}`, [
      "Fields of types are documented at https://kubernetes.io/docs/reference/kubernetes-api/",
    ]),
  );
};

const parseSubject = (session: Session, args: readonly string[], namespace: string): E.Either<Failure, Subject> => {
  const [first, second, ...more] = args;
  if (first === undefined) return left(`nothing to explain: ${forms}`);
  if (more.length > 0 || (second !== undefined && first.includes("/"))) return left("one thing is explained at a time");
  if (first.startsWith("seq:") && second === undefined) return parseSeq(first);
  if (/^\d+$/.test(first) && second === undefined) return left(`a bare number could mean much: say seq:${first}`);
  const [typeName = "", name = second, ...rest] = first.split("/");
  if (name === undefined) return typeAlone(session, first, namespace);
  if (rest.length > 0 || name === "") return left(`${JSON.stringify(args.join(" "))} names no object: ${forms}`);
  const type = resourceTypeNamed(typeName);
  const kind = type && storedKind(type);
  if (!type || !kind) return left(`the server doesn't have a resource type ${JSON.stringify(typeName)}`);
  const at = { type, namespace: type.namespaced ? namespace : "", name };
  return E.right({ is: "object", name: at, ref: { kind, namespace: at.namespace, name } });
};

/** The log knows no such object; perhaps one that is there now was meant. */
const unknown = (session: Session, name: Name, { kind, namespace }: ObjectRef): Failure => {
  const names = session.list(kind, namespace === "" ? undefined : namespace).map(({ metadata }) => metadata.name);
  const meant = suggestions(name.name, names).slice(0, 3);
  const objects = meant.map((each) => objectText(streamOf({ kind, namespace, name: each })));
  return refusedFailure(notFound(name), meant.length > 0 ? [`Perhaps ${objects.join(", ")}`] : []);
};

const noEvent = (session: Session, seq: number): Failure =>
  clientFailure(`there is no event seq:${seq}; the last one is seq:${headSeq(session)}`);

const explainSubject = (scene: Scene, session: Session, subject: Subject): E.Either<Failure, Explanation> => {
  if (subject.is === "event") {
    const event = eventAt(session, subject.seq);
    return event ? E.right(explainEvent(scene, event)) : E.left(noEvent(session, subject.seq));
  }
  const { ref, name } = subject;
  const explained = ref.kind === "Pod" ? explainPod(scene, ref) : explainObject(scene, ref);
  return explained ? E.right(explained) : E.left(unknown(session, name, ref));
};

/** The event itself; of an object, the last thing that a person wrote to it, or else its creation. */
const rootOf = (session: Session, subject: Subject): E.Either<Failure, RecordedEvent> => {
  if (subject.is === "event") {
    const event = eventAt(session, subject.seq);
    return event ? E.right(event) : E.left(noEvent(session, subject.seq));
  }
  let root: RecordedEvent | undefined;
  for (const event of session.log(undefined, undefined, { streams: [streamOf(subject.ref)] })) {
    if (event.actor.startsWith("user:") || event.type.endsWith("Created")) root = event;
  }
  return root ? E.right(root) : E.left(unknown(session, subject.name, subject.ref));
};

const tellBackward = (ctx: CommandContext, { flags }: Invocation, subject: Subject): ExitCode => {
  const { session, io } = ctx;
  const scene: Scene = { reader: session, objects: session.world(), nowMs: session.now() };
  const explained = explainSubject(scene, session, subject);
  if (E.isLeft(explained)) return report(ctx, [explained.left]);
  const paint = paintFor(io, flags);
  const options = { columns: columnsOf(io), full: flags.on("full"), ...(paint ? { paint } : {}) };
  io.out(
    flags.text("output") === "json"
      ? printData(objectData(explained.right))
      : renderExplanation(explained.right, options),
  );
  return 0;
};

const tellForward = async (ctx: CommandContext, { flags }: Invocation, subject: Subject): Promise<ExitCode> => {
  const { session, io, signal } = ctx;
  const limit = flags.integer("limit");
  if (limit < 1) return report(ctx, [clientFailure(`--limit must be at least 1: ${limit}`)]);
  const root = rootOf(session, subject);
  if (E.isLeft(root)) return report(ctx, [root.left]);
  const fold = new ConsequencesFold(root.right, limit);
  const rest = session.log(root.right.commit.lastSeq + 1);
  for await (const page of inPages(rest, signal)) for (const event of page) fold.apply(event);
  if (signal?.aborted) return interruptedExitCode;
  const told = fold.finish(session);
  const paint = paintFor(io, flags);
  const options = { columns: columnsOf(io), nowMs: session.now(), ...(paint ? { paint } : {}) };
  if (flags.text("output") !== "json") io.out(renderConsequences(told, options));
  else {
    const { total, shown } = told;
    io.out(printData(objectData({ root: told.root.step, effects: effectsInOrder(told), total, shown })));
  }
  return 0;
};

const run = async (ctx: CommandContext, invocation: Invocation): Promise<ExitCode> => {
  const { args, flags, namespace } = invocation;
  const format = flags.text("output");
  if (format !== "" && format !== "json") {
    return report(ctx, [
      clientFailure(`an explanation is printed as text or with -o json, not as ${JSON.stringify(format)}`),
    ]);
  }
  if (flags.given("limit") && !flags.on("forward")) {
    return report(ctx, [clientFailure("--limit bounds what followed: it needs --forward")]);
  }
  const subject = parseSubject(ctx.session, args, namespace);
  if (E.isLeft(subject)) return report(ctx, [subject.left]);
  return flags.on("forward")
    ? tellForward(ctx, invocation, subject.right)
    : tellBackward(ctx, invocation, subject.right);
};

export const explain: Verb = {
  name: "explain",
  ours: true,
  summary: "Why an object is there, is gone or is as it is, back to whoever began it; why a rollout does not move",
  usage: "(TYPE/NAME | seq:N) [--forward]",
  examples: [
    "rollout explain deploy/web",
    "rollout explain pod/web-5db6c8f7d-x2k9q",
    "rollout explain rs/web-5db6c8f7d --full",
    "rollout explain seq:812",
    "rollout explain deploy/web --as-of -5m",
    "rollout explain deploy/web --forward --limit 100",
  ],
  flags: [
    {
      name: "forward",
      type: "boolean",
      help: "What followed: from an event, or from the last thing a person wrote to the object.",
    },
    { name: "limit", type: "integer", default: "60", help: "With --forward: at most so many effects." },
    asOf,
    { name: "full", type: "boolean", help: "Every step, also of long chains." },
    ...colorFlags,
    { ...output, help: "json: the explanation as data." },
  ],
  run,
};
