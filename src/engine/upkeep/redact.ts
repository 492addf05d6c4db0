/** Deleting bodies for good: what the log says of them stays, and that somebody deleted them. */
import * as E from "fp-ts/lib/Either.js";
import type { Digest } from "../../domain/state.ts";
import type { SqliteEventStore } from "../../event-store/sqlite/store.ts";
import { StoreError } from "../../event-store/store-error.ts";
import type { Ledger } from "../ledger.ts";
import type { RequestOptions } from "../session.ts";
import { planRedaction, type RedactionPlan, type RedactionReport, type RedactionTarget } from "./redaction.ts";

/** False while somebody else reads. */
const scrubbed = (store: SqliteEventStore): boolean => {
  try {
    store.maintenance.scrub();
    return true;
  } catch (error) {
    if (error instanceof StoreError && error.kind === "Busy") return false;
    throw error;
  }
};

export const redact = (
  store: SqliteEventStore,
  ledger: Ledger,
  targets: readonly RedactionTarget[],
  reason: string,
  { actor, intent, dryRun = false }: RequestOptions,
): E.Either<string, RedactionReport> => {
  const redacted = ledger.transact((): E.Either<string, RedactionPlan> => {
    const planned = planRedaction(store, ledger.world, targets);
    if (E.isLeft(planned) || dryRun || planned.right.bodies.length === 0) return planned;
    const { bodies, outlines } = planned.right;
    const digests = bodies.map(({ digest }) => digest as Digest);
    const by = { actor, cause: null, view: ledger.headSeq(), intent };
    ledger.redact({ digests, reason, outlines }, by, ledger.now());
    return planned;
  });
  if (E.isLeft(redacted)) return redacted;
  return E.right({ bodies: redacted.right.bodies, isScrubbed: !dryRun && scrubbed(store) });
};
