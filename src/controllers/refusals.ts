/** Refusals that controllers treat in a way of their own. */
import type { Refusal } from "../kubernetes/refusal.ts";

/** Nothing can be created in the namespace any more; trying again will not help. */
export const isNamespaceTerminating = ({ causes }: Refusal): boolean =>
  causes.some(({ reason }) => reason === "NamespaceTerminating");
