/** One event of the log, as read models take it: what it is, and its object before and after it. */
import type { FoldedEvent } from "../domain/events.ts";
import type { Entity } from "../domain/state.ts";
import type { World } from "../domain/world.ts";
import type { JsonInput, RecordedEvent } from "../event-store/port.ts";
import { foldedEvent } from "./replay.ts";

export interface Change {
  readonly seq: number;
  /** Cluster time, ms. */
  readonly atMs: number;
  readonly stream: string;
  readonly actor: string;
  /** Of its commit: what the client said that it wanted. */
  readonly intent: JsonInput | null;
  readonly event: FoldedEvent;
  readonly before: Entity | undefined;
  readonly after: Entity | undefined;
}

/** Folds a recorded event into the world, and answers with what it changed. */
export const applied = (world: World, recorded: RecordedEvent): Change => {
  const { seq, at, stream, actor, commit } = recorded;
  const event = foldedEvent(recorded);
  const { before, after } = world.apply(stream, event);
  return { seq, atMs: at, stream, actor, intent: commit.intent, event, before, after };
};
