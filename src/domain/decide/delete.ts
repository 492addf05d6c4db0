import * as E from "fp-ts/lib/Either.js";
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER } from "../../kubernetes/well-known.ts";
import type { DomainEvent } from "../events.ts";
import { type Entity, type ObjectRef, type Pod, truncateToSecond } from "../state.ts";
import type { Propagation, Write } from "../write.ts";
import { accept, type DecideContext, type Decided, existing } from "./context.ts";
import { metadataPatch } from "./diff/meta.ts";

const gone = (entity: Entity): DomainEvent => ({ type: `${entity.kind}Deleted`, data: {} });

const isOver = (pod: Pod): boolean => pod.status.phase === "Succeeded" || pod.status.phase === "Failed";

/** A pod that never reached a node, or has ended, has nobody to wait for. */
const graceOf = (ctx: DecideContext, pod: Pod, asked: number | undefined): number => {
  if (pod.nodeName === undefined || isOver(pod)) return 0;
  const grace = asked ?? ctx.bodies.podSpec(pod.spec).terminationGracePeriodSeconds ?? 30;
  return grace < 0 ? 1 : grace;
};

/** Graceful deletion; a second request may only shorten the grace, and zero ends it at once. */
const deletePod = (ctx: DecideContext, ref: ObjectRef, pod: Pod, asked: number | undefined): Decided => {
  const grace = graceOf(ctx, pod, asked);
  const { deletion, finalizers } = pod.meta;
  if (grace === 0 && finalizers.length === 0) return accept(ref, [gone(pod)]);
  const nowMs = truncateToSecond(ctx.atMs);
  if (!deletion) {
    return accept(ref, [
      { type: "PodDeletionRequested", data: { deadlineMs: nowMs + grace * 1000, graceSeconds: grace } },
    ]);
  }
  if (grace >= deletion.graceSeconds) return accept(ref, []);
  const shortened = deletion.deadlineMs - (deletion.graceSeconds - grace) * 1000;
  const deadlineMs = Math.max(shortened, nowMs);
  return accept(ref, [{ type: "PodDeletionRequested", data: { deadlineMs, graceSeconds: Math.max(grace, 1) } }]);
};

const finalizersFor = (entity: Entity, propagation: Propagation): readonly string[] => {
  const others = entity.meta.finalizers.filter((name) => name !== FOREGROUND_FINALIZER && name !== ORPHAN_FINALIZER);
  switch (propagation) {
    case "Background":
      return others;
    case "Foreground":
      return [...others, FOREGROUND_FINALIZER];
    case "Orphan":
      return [...others, ORPHAN_FINALIZER];
  }
};

/**
 * A DELETE. Objects without finalizers go at once (pods after their grace); `Foreground` and `Orphan` leave a finalizer
 * for the garbage collector to act on.
 */
export const decideDelete = (ctx: DecideContext, write: Extract<Write, { readonly verb: "delete" }>): Decided => {
  const { ref } = write;
  const found = existing(ctx, ref, write.uid);
  if (E.isLeft(found)) return found;
  const entity = found.right;
  const propagation = write.propagation ?? "Background";
  if (entity.kind === "Pod" && propagation === "Background") return deletePod(ctx, ref, entity, write.graceSeconds);

  const finalizers = finalizersFor(entity, propagation);
  if (finalizers.length === 0) return accept(ref, [gone(entity)]);
  if (entity.meta.deletion && finalizers.join() === entity.meta.finalizers.join()) return accept(ref, []);
  const deletion = entity.meta.deletion ?? { deadlineMs: truncateToSecond(ctx.atMs), graceSeconds: 0 };
  const data = { ...deletion, propagation, finalizers, generation: entity.meta.generation + 1 };
  return accept(ref, [{ type: `${entity.kind}DeletionRequested`, data }]);
};

/** Takes a finalizer or owner references off, and lets the object go when nothing holds it any more. */
export const decideStrip = (ctx: DecideContext, write: Extract<Write, { readonly verb: "strip" }>): Decided => {
  const { ref } = write;
  const found = existing(ctx, ref, write.uid);
  if (E.isLeft(found)) return found;
  const { meta, kind } = found.right;
  const finalizers = meta.finalizers.filter((name) => name !== write.finalizer);
  const ownerReferences = meta.ownerReferences.filter(({ uid }) => !write.owners?.includes(uid));
  const patch = metadataPatch(meta, { ...meta, finalizers, ownerReferences });
  const events: DomainEvent[] = patch.length > 0 ? [{ type: `${kind}MetadataChanged`, data: { patch } }] : [];
  if (meta.deletion && finalizers.length === 0 && events.length > 0) events.push(gone(found.right));
  return accept(ref, events);
};
