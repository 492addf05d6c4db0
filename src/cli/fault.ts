/** What is said when a command ended in a way that nobody foresaw: one line and a hint; the stack only when asked for. */
import { StoreError, type StoreFault } from "../event-store/store-error.ts";

const hints: Partial<Readonly<Record<StoreFault, string>>> = {
  Busy: "another process is writing to this ledger; trying again is safe",
  Full: "nothing of this command was recorded; make room and try again",
  Corrupt: "the file is damaged; take a copy before anything else",
  ReadOnly: "the file, or its folder, may not be written",
};

export const faultText = (error: unknown, env: NodeJS.ProcessEnv): string => {
  const message = error instanceof Error ? error.message : String(error);
  const [line = ""] = message.split("\n");
  const hint = error instanceof StoreError ? hints[error.kind] : undefined;
  const stack = env.ROLLOUT_DEBUG && error instanceof Error ? `${error.stack ?? ""}\n` : "";
  const where = error instanceof StoreError || stack !== "" ? "" : "  ROLLOUT_DEBUG=1 shows where\n";
  return `rollout: ${line}\n${hint === undefined ? "" : `  ${hint}\n`}${stack}${where}`;
};
