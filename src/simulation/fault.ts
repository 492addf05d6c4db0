/** Faults as data: what goes wrong, injected by a person or a scenario, recorded as FaultInjected. */
import { z } from "zod";

export const faultSchema = z.discriminatedUnion("type", [
  /** The pod's containers exit; the kubelet restarts them as after any crash. */
  z.strictObject({ type: z.literal("crash"), namespace: z.string(), pod: z.string() }),
  /** The pod fails for good, as after an eviction by its kubelet. */
  z.strictObject({ type: z.literal("fail"), namespace: z.string(), pod: z.string() }),
  /** The pod's containers stop being ready, until `ready`. */
  z.strictObject({ type: z.literal("unready"), namespace: z.string(), pod: z.string() }),
  z.strictObject({ type: z.literal("ready"), namespace: z.string(), pod: z.string() }),
  /** The node falls silent, or comes back. */
  z.strictObject({ type: z.literal("node"), node: z.string(), up: z.boolean() }),
]);

export type Fault = Readonly<z.infer<typeof faultSchema>>;

/** The data of a FaultInjected. */
export const recordedFaultSchema = z.object({ fault: faultSchema });

export interface RecordedFault {
  readonly seq: number;
  readonly fault: Fault;
}

/** The streams of facts that belong to no object. */
export const FAULTS = "faults";
export const BEHAVIOURS = "behaviours";
