/** How long work on the file says how far it is. */
import type { ProofProgress } from "../../event-store/verify.ts";
import { percent } from "../progress-line.ts";

/** `verifying: 42 % of the events`; without a total, how many. */
export const proofText = (verb: string, { doing, done }: ProofProgress, total = 0): string => {
  if (doing === "storage") return `${verb}: the file's pages`;
  const share = doing === "events" && total > 0 ? `${percent(done, total)} of the events` : `${done} ${doing}`;
  return `${verb}: ${share}`;
};
