/** What a verb of this room is given beside its words. */
import type { Surroundings } from "../commands/command.ts";
import type { Interrupts } from "./interrupts.ts";
import type { Ledgers } from "./ledgers.ts";
import type { Terminal } from "./terminal.ts";

export interface CliContext extends Surroundings {
  readonly terminal: Terminal;
  readonly ledgers: Ledgers;
  readonly interrupts: Interrupts;
  readonly signal: AbortSignal;
}
