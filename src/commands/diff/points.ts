/** `rollout diff deploy/web A B`: an object at two points in history. */
import * as E from "fp-ts/lib/Either.js";
import type { Moment } from "../../history/moment.ts";
import { asJson, type Json } from "../../kubernetes/json.ts";
import type { KubeObject } from "../../kubernetes/objects.ts";
import { createJsonPatch } from "../../kubernetes/patch/json-patch.ts";
import { printJson, shownJson } from "../../kubernetes/printing/structured.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { output } from "../common-flags.ts";
import { clientFailure, type Failure, refusedFailure, report } from "../failure.ts";
import { namesTemplate, readMoment } from "../history/points.ts";
import { notFound, readObject } from "../objects.ts";
import { select, type Target } from "../resource-args.ts";
import { nameOf } from "../result-lines.ts";
import { isDeployment } from "../rollout/revisions.ts";
import type { Invocation } from "../verb.ts";
import { asError } from "./exit-code.ts";
import { fileDifference, fileOf } from "./file.ts";
import { summaryLines } from "./summary.ts";

/** The object as it was at a point; undefined when there was none. */
interface Side {
  readonly point: string;
  readonly moment: Moment;
  readonly object: KubeObject | undefined;
}

/** What is compared of an object. */
type View = (object: KubeObject) => Json;

/** In its place, so that a patch from one to the other applies to the Deployment. */
const templateAlone: View = (object) =>
  isDeployment(object) ? { spec: { template: asJson(object.spec.template) } } : null;

/** How the present is called where no second point is given. */
const present = "now";

const left = (message: string): E.Either<Failure, never> => E.left(clientFailure(message));

const targetOf = (ctx: CommandContext, args: readonly string[], namespace: string): E.Either<Failure, Target> => {
  const selection = select(ctx.session, { args, namespace });
  if (E.isLeft(selection)) return selection;
  const [target, ...others] = selection.right.targets;
  return target && others.length === 0 ? E.right(target) : left("one object is compared at a time");
};

const sideAt = ({ session }: CommandContext, target: Target, point: string): E.Either<Failure, Side> => {
  const { type, namespace, name } = target;
  if (point === present) return E.right({ point, moment: session.moment(), object: target.object });
  const deployment = type.kind === "Deployment" ? { deployment: name } : {};
  const moment = readMoment(point, { session, namespace, ...deployment });
  if (E.isLeft(moment)) return left(moment.left);
  return E.right({ point, moment: moment.right, object: readObject(session.at(moment.right), target) });
};

const placeOf = ({ point, moment: { seq, atMs } }: Side): string =>
  `${point} (seq:${seq}, ${new Date(atMs).toISOString()})`;

const textOf = (from: Side, to: Side, object: KubeObject, view: View): string => {
  const version = (side: Side) => ({ at: side.point, value: side.object && view(side.object) });
  const difference = fileDifference(version(from), version(to), fileOf(object));
  if (difference === "") return "";
  const heading = `${nameOf(object)}: ${placeOf(from)} → ${placeOf(to)}`;
  const lines = summaryLines(from.object, to.object).map((line) => `  ${line}`);
  return `${[heading, ...lines, "", difference].join("\n")}`;
};

const compare = (ctx: CommandContext, { args, flags, namespace }: Invocation): E.Either<Failure, boolean> => {
  const words = (args[0] ?? "").includes("/") ? 1 : 2;
  const [fromText, toText = present, ...more] = args.slice(words);
  if (fromText === undefined) return left("say since when: a point in history such as revision:2, rollout:3 or -5m");
  if (more.length > 0) return left(`two points are compared at a time, not ${more.length + 2}`);
  const format = flags.text(output.name);
  if (format !== "" && format !== "json") {
    return left(`a difference is printed as text or with -o json, not as ${JSON.stringify(format)}`);
  }
  const target = targetOf(ctx, args.slice(0, words), namespace);
  if (E.isLeft(target)) return target;
  const from = sideAt(ctx, target.right, fromText);
  if (E.isLeft(from)) return from;
  const to = sideAt(ctx, target.right, toText);
  if (E.isLeft(to)) return to;
  const object = to.right.object ?? from.right.object;
  if (!object) return E.left(refusedFailure(notFound(target.right)));
  const points = [fromText, toText].filter((point) => point !== present);
  const view = isDeployment(object) && points.every(namesTemplate) ? templateAlone : shownJson;
  const viewed = ({ object: shown }: Side): Json => (shown ? view(shown) : null);
  const patch = createJsonPatch(viewed(from.right), viewed(to.right));
  ctx.io.out(format === "json" ? printJson([...patch]) : textOf(from.right, to.right, object, view));
  return E.right(patch.length > 0);
};

/** Two points of one object, the second by default now. Two rollouts or revisions are compared by their templates. */
export const diffPoints = (ctx: CommandContext, invocation: Invocation): ExitCode => {
  const differs = compare(ctx, invocation);
  if (E.isLeft(differs)) return asError(report(ctx, [differs.left]));
  return differs.right ? 1 : 0;
};
