import { z } from "zod";
import type { Pod } from "../../domain/state.ts";

/** What the kubelets remember between two steps of the same container; saved with the checkpoint. */
export const kubeletMemorySchema = z.object({
  /** How many pod addresses were given out. */
  addresses: z.number().int().nonnegative(),
  backOffs: z
    .array(z.tuple([z.string(), z.object({ delayMs: z.number(), sinceMs: z.number() })]))
    .transform((entries) => new Map(entries)),
  /** Failed pulls in a row. */
  pulls: z.array(z.tuple([z.string(), z.number().int()])).transform((entries) => new Map(entries)),
  downNodes: z.array(z.string()).transform((names) => new Set(names)),
});

export type KubeletMemory = z.infer<typeof kubeletMemorySchema>;

export const newMemory = (): KubeletMemory => ({
  addresses: 0,
  backOffs: new Map(),
  pulls: new Map(),
  downNodes: new Set(),
});

/** Names a container of a pod. */
export const memoryKey = (pod: Pod, container: string): string => `${pod.meta.uid} ${container}`;

/** The nth pod address. */
export const addressOf = (n: number): string => `10.${244 + (n >>> 16)}.${(n >>> 8) & 255}.${n & 255}`;

/** Which address it is; 0 for one that was not given out here. */
export const addressNumber = (address: string): number => {
  const [ten, high = 0, middle = 0, low = 0] = address.split(".").map(Number);
  return ten === 10 && high >= 244 ? (high - 244) * 65_536 + middle * 256 + low : 0;
};
