/** Commands that let time go on until something about one object is so. */
import type { WatchEnd, WatchEvent } from "../engine/session.ts";
import type { KubeObject } from "../kubernetes/objects.ts";
import type { CommandContext, ExitCode } from "./command.ts";
import type { Failure } from "./failure.ts";
import { clientFailure } from "./failure.ts";
import type { Name } from "./objects.ts";
import { storedKind } from "./objects.ts";

/** What a shell says of a command that Ctrl-C ended. */
export const interruptedExitCode: ExitCode = 130;

/** How a wait for one object ended. `stopped`: as wished. */
export type WaitEnd = WatchEnd | "interrupted";

/** Watches one object until `judge` says stop, the time is up, or nothing will ever change again. */
export const watchObject = async (
  ctx: CommandContext,
  { type, namespace, name }: Name,
  timeoutMs: number | undefined,
  judge: (event: WatchEvent) => "continue" | "stop",
): Promise<WaitEnd> => {
  const kind = storedKind(type);
  if (kind === undefined) throw new Error(`${type.plural} cannot be watched`);
  const end = await ctx.session.watch({ kind, namespace, name }, judge, {
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(ctx.signal ? { signal: ctx.signal } : {}),
  });
  return ctx.signal?.aborted ? "interrupted" : end;
};

/** Our line below kubectl's, when a wait ended because the cluster had come to rest. */
const restNote = (missing: string): string =>
  `  nothing has changed for an hour of cluster time, so nothing will: ${missing}`;

/** `timed out waiting for the condition on deployments/web`; at rest, with a line that says what is missing. */
export const timedOut = ({ type, name }: Name, end: WaitEnd, missing: string): Failure =>
  clientFailure(
    `timed out waiting for the condition on ${type.plural}/${name}`,
    end === "idle" ? [restNote(missing)] : [],
  );

/** Waits until the object, if it is still the one with this uid, is gone. Undefined: it is. */
export const waitUntilGone = async (
  ctx: CommandContext,
  target: Name,
  before: KubeObject,
  timeoutMs: number | undefined,
): Promise<Failure | "interrupted" | undefined> => {
  let last = before;
  const end = await watchObject(ctx, target, timeoutMs, (event) => {
    last = event.object;
    return event.type === "DELETED" || event.object.metadata.uid !== before.metadata.uid ? "stop" : "continue";
  });
  if (end === "stopped") return undefined;
  return end === "interrupted" ? end : timedOut(target, end, `${target.name} is still there${holders(last)}`);
};

const holders = ({ metadata }: KubeObject): string => {
  if (metadata.deletionTimestamp === undefined) return ", and nobody has asked for its deletion";
  const finalizers = metadata.finalizers ?? [];
  return finalizers.length > 0 ? `, held by its finalizers ${finalizers.join(", ")}` : "";
};
