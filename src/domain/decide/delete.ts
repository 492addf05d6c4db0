import * as E from "fp-ts/lib/Either.js";
import { FOREGROUND_FINALIZER, ORPHAN_FINALIZER } from "../../kubernetes/well-known.ts";
import type { DomainEvent } from "../events.ts";
import { type Deletion, type Entity, type Pod, truncateToSecond } from "../state.ts";
import type { Propagation, Write } from "../write.ts";
import {
  accept,
  conflict,
  type DecideContext,
  type Decided,
  existing,
  forbidden,
  gone,
  isReleased,
} from "./context.ts";
import { metadataPatch } from "./diff/meta.ts";

/** Namespaces that every cluster needs. */
const immortalNamespaces: readonly string[] = ["default", "kube-system", "kube-public"];

const isOver = (pod: Pod): boolean => pod.status.phase === "Succeeded" || pod.status.phase === "Failed";

/** Pods on a node have time to end. One that never reached a node, or has ended, has nobody to wait for. */
const graceOf = (ctx: DecideContext, entity: Entity, asked: number | undefined): number => {
  if (entity.kind !== "Pod" || entity.nodeName === undefined || isOver(entity)) return 0;
  const graceSeconds = asked ?? ctx.bodies.podSpec(entity.spec).terminationGracePeriodSeconds ?? 30;
  return graceSeconds < 0 ? 1 : graceSeconds;
};

/** When the object is to go; undefined when an earlier request stands: a grace that runs can only be shortened. */
const deletionFor = (ctx: DecideContext, entity: Entity, asked: number | undefined): Deletion | undefined => {
  const nowMs = truncateToSecond(ctx.atMs);
  const before = entity.meta.deletion;
  if (!before) {
    const graceSeconds = graceOf(ctx, entity, asked);
    return { deadlineMs: nowMs + graceSeconds * 1000, graceSeconds };
  }
  if (before.graceSeconds === 0) return before;
  if (asked === undefined || asked >= before.graceSeconds) return undefined;
  const deadlineMs = before.deadlineMs - (before.graceSeconds - asked) * 1000;
  if (deadlineMs >= nowMs) return { deadlineMs, graceSeconds: asked };
  return { deadlineMs: nowMs, graceSeconds: Math.min(asked, 1) };
};

/** A request that says nothing about dependents leaves what an earlier one said. */
const finalizersFor = (finalizers: readonly string[], propagation: Propagation | undefined): readonly string[] => {
  const others = finalizers.filter((name) => name !== FOREGROUND_FINALIZER && name !== ORPHAN_FINALIZER);
  switch (propagation) {
    case undefined:
      return finalizers;
    case "Background":
      return others;
    case "Foreground":
      return [...others, FOREGROUND_FINALIZER];
    case "Orphan":
      return [...others, ORPHAN_FINALIZER];
  }
};

/**
 * A DELETE. Objects without finalizers go at once, pods after their grace; `Foreground` and `Orphan` leave a finalizer
 * for the garbage collector to act on.
 */
export const decideDelete = (ctx: DecideContext, write: Extract<Write, { readonly verb: "delete" }>): Decided => {
  const { ref, propagation } = write;
  const found = existing(ctx, ref);
  if (E.isLeft(found)) return found;
  const entity = found.right;
  const { meta } = entity;
  if (write.uid !== undefined && write.uid !== meta.uid) {
    const why = `the UID in the precondition (${write.uid}) does not match the UID in record (${meta.uid})`;
    return E.left(conflict(ref, `${why}. The object might have been deleted and then recreated`));
  }
  if (entity.kind === "Namespace" && immortalNamespaces.includes(ref.name)) {
    return E.left(forbidden(ref.kind, ref.name, "this namespace may not be deleted"));
  }
  const asked = write.graceSeconds !== undefined && write.graceSeconds < 0 ? 1 : write.graceSeconds;
  const deletion = deletionFor(ctx, entity, asked);
  if (!deletion) return accept(ref, []);

  const finalizers = finalizersFor(meta.finalizers, propagation);
  if (deletion.graceSeconds === 0 && finalizers.length === 0) return accept(ref, [gone(entity)]);
  const hasOtherFinalizers = finalizers.join() !== meta.finalizers.join();
  if (deletion === meta.deletion && !hasOtherFinalizers) return accept(ref, []);
  const data = {
    ...deletion,
    ...(propagation === undefined || propagation === "Background" ? {} : { propagation }),
    ...(hasOtherFinalizers ? { finalizers } : {}),
    // Pods have no generation in Kubernetes 1.32.
    ...(meta.deletion || entity.kind === "Pod" ? {} : { generation: meta.generation + 1 }),
  };
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
  if (patch.length === 0) return accept(ref, []);
  const stripped: DomainEvent = { type: `${kind}MetadataChanged`, data: { patch } };
  return accept(ref, isReleased(meta, finalizers) ? [stripped, gone(found.right)] : [stripped]);
};
