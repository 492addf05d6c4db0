/** Creation in growing batches, so that a ReplicaSet whose pods are refused costs the API server one request, not hundreds. */
import * as E from "fp-ts/lib/Either.js";
import type { Write } from "../../domain/write.ts";
import type { Refusal } from "../../kubernetes/refusal.ts";
import { type Reconcile, sendAll } from "../reconcile.ts";
import { isNamespaceTerminating } from "../refusals.ts";

export interface SlowStart {
  readonly successes: number;
  /** The first refusal of the batch that ended the creation early. */
  readonly refusal?: Refusal;
}

/**
 * Sends `write` `count` times in batches of 1, 2, 4, 8, …, each batch in parallel. A batch with a refusal is the last one.
 * A refusal because the namespace is terminating counts as a success: nothing will ever change about it.
 */
export function* slowStartBatch(count: number, write: Write): Reconcile<SlowStart> {
  let successes = 0;
  let remaining = count;
  for (let size = Math.min(count, 1); size > 0; size = Math.min(2 * size, remaining)) {
    const answers = yield* sendAll(new Array<Write>(size).fill(write));
    let refusal: Refusal | undefined;
    for (const answer of answers) {
      if (E.isRight(answer) || isNamespaceTerminating(answer.left)) successes++;
      else refusal ??= answer.left;
    }
    if (refusal) return { successes, refusal };
    remaining -= size;
  }
  return { successes };
}
