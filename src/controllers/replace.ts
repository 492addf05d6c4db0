/** A controller's update: the entity as it should become, answered with the entity as it was stored. */

import type { Either } from "fp-ts/lib/Either.js";
import * as E from "fp-ts/lib/Either.js";
import type { Entity } from "../domain/state.ts";
import type { Answer, Write } from "../domain/write.ts";
import type { Refusal } from "../kubernetes/refusal.ts";
import { type Reconcile, send } from "./reconcile.ts";

type Replaceable = Extract<Write, { readonly verb: "replace" }>["entity"];

const isOfKind = <K extends Entity["kind"]>(entity: Entity, kind: K): entity is Extract<Entity, { readonly kind: K }> =>
  entity.kind === kind;

/** Narrows an answer to the kind that was asked for; the API server answers with no other. */
export const answerOfKind = <K extends Entity["kind"]>(
  answer: Answer,
  kind: K,
): Either<Refusal, Extract<Entity, { readonly kind: K }>> => {
  if (E.isLeft(answer)) return answer;
  const entity = answer.right;
  if (!isOfKind(entity, kind)) throw new Error(`asked for a ${kind}, was answered with a ${entity.kind}`);
  return E.right(entity);
};

const isLike = <T extends Entity>(entity: Entity, like: T): entity is T => entity.kind === like.kind;

/** Sends the update. Later writes of the same sync start from the answer, so that their resourceVersion is right. */
export function* replace<T extends Replaceable>(entity: T, subresource?: "status"): Reconcile<Either<Refusal, T>> {
  const answer = yield* send({ verb: "replace", entity, ...(subresource === undefined ? {} : { subresource }) });
  if (E.isLeft(answer)) return answer;
  const stored = answer.right;
  if (!isLike(stored, entity)) throw new Error(`replaced a ${entity.kind}, was answered with a ${stored.kind}`);
  return E.right(stored);
}
