/** What a ledger was started with; its first event, and so fixed for its life. */
import { z } from "zod";

/** The stream of facts about the simulation itself: its settings, its restarts. */
export const LEDGER = "ledger";

/** A manual clock starts here unless it is told otherwise: 2026-01-01T00:00:00Z. */
export const MANUAL_START_MS = Date.UTC(2026, 0, 1);

export const ledgerSettingsSchema = z.object({
  seed: z.number().int(),
  clock: z.enum(["wall", "manual"]),
  version: z.string(),
  /** Cluster time at the start, ms. */
  startMs: z.number().int(),
});

export type LedgerSettings = Readonly<z.infer<typeof ledgerSettingsSchema>>;
