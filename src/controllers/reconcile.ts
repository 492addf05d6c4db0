/**
 * The shape of a controller's sync: a synchronous generator over a view. It yields writes (several at once are sent in
 * parallel) or a live read, and receives one answer for each. The caller may delay, refuse or cut it at every yield;
 * the controller keeps no state between two syncs but what it finds in its view.
 */

import type { ObjectRef } from "../domain/state.ts";
import type { Answer, Write } from "../domain/write.ts";

export type Request = { readonly writes: readonly Write[] } | { readonly read: ObjectRef };

/** One answer for each write, in order; exactly one for a read. */
export type Answers = readonly Answer[];

export interface SyncResult {
  /** The sync failed: the key goes back into the queue with back-off. The message is Kubernetes' own error text. */
  readonly error?: string;
  /** Sync this key again after this many milliseconds. */
  readonly requeueAfterMs?: number;
}

export type Reconcile<T = SyncResult> = Generator<Request, T, Answers>;

export const done: SyncResult = {};

const onlyAnswer = (answers: Answers): Answer => {
  const [answer] = answers;
  if (answer === undefined || answers.length !== 1) throw new Error(`expected one answer, got ${answers.length}`);
  return answer;
};

export function* send(write: Write): Reconcile<Answer> {
  return onlyAnswer(yield { writes: [write] });
}

/** Sends writes in parallel; answers come in the order of the writes. */
export function* sendAll(writes: readonly Write[]): Reconcile<Answers> {
  return yield { writes };
}

/** Reads the object past the view, as an uncached GET does. */
export function* readLive(ref: ObjectRef): Reconcile<Answer> {
  return onlyAnswer(yield { read: ref });
}
