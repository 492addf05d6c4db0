/** What one process leaves for the next: the clock, and the simulation's queues. */
import { z } from "zod";
import type { EventStore } from "../event-store/port.ts";
import { simulationStateSchema } from "../simulation/simulation.ts";

/** The one checkpoint there is. */
export const checkpointName = "engine";
/** Raised when the form below changes: a checkpoint of another version is as good as none. */
const version = 2;

const stateSchema = z.object({
  /** The log's head when this was saved. */
  headSeq: z.number().int(),
  /** A manual clock's time, ms. */
  clockMs: z.number().int(),
  /** What a wall clock shows beyond real time, ms. */
  offsetMs: z.number().int(),
  simulation: simulationStateSchema,
});

export type EngineState = z.infer<typeof stateSchema>;

/** Answers with the revision. */
export const saveCheckpoint = (store: EventStore, state: EngineState): number =>
  store.checkpoints.save(checkpointName, version, JSON.stringify(state));

/** The last state, or why there is none to go on from. */
export const loadCheckpoint = (store: EventStore): EngineState | { readonly unusable: string } => {
  const saved = store.checkpoints.load(checkpointName);
  if (!saved) return { unusable: "no checkpoint" };
  if (saved.version !== version) return { unusable: `checkpoint of version ${saved.version}` };
  try {
    const parsed = stateSchema.safeParse(JSON.parse(saved.body));
    if (!parsed.success) return { unusable: "checkpoint not readable" };
    return parsed.data.headSeq === store.head().seq ? parsed.data : { unusable: "checkpoint of another position" };
  } catch {
    return { unusable: "checkpoint not readable" };
  }
};

export const checkpointRevision = (store: EventStore): number => store.checkpoints.revision(checkpointName);

/** What processes hold in memory was read from read models that have changed: they read them again. Inside a transaction. */
export const forgetMemories = (store: EventStore): void => {
  const saved = store.checkpoints.load(checkpointName);
  if (saved) store.checkpoints.save(checkpointName, saved.version, saved.body);
};
