import type { CommandContext, Keyboard } from "../../src/commands/command.ts";
import { runCommand } from "../../src/commands/run.ts";
import type { LedgerSession } from "../../src/engine/ledger-session.ts";
import { createLedger, type InitOptions, type OpenOptions } from "../../src/engine/open.ts";
import type { Session } from "../../src/engine/session.ts";

export interface Output {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A session on a manual clock on which writes take no time, unless asked for otherwise. Throws when there is none. */
export const started = (path = ":memory:", options: InitOptions & OpenOptions = {}): LedgerSession => {
  const ledger = createLedger(path, "user:test", { clock: "manual", roundTripMs: 0, ...options });
  if (ledger._tag === "Left") throw ledger.left;
  return ledger.right;
};

interface TypedOptions {
  readonly stdin?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** The width of a terminal; without, what is said goes into a pipe. */
  readonly columns?: number;
  /** Pressed once the verb has taken the keyboard; without, there is none. */
  readonly keys?: readonly string[];
}

/** A keyboard at which these keys are pressed, one after another. */
const keyboardWith = (keys: readonly string[]): Keyboard => {
  const rest = [...keys];
  return { next: () => Promise.resolve(rest.shift()), close: () => rest.splice(0) };
};

/** Runs one command line (split at spaces) as a person would, and collects what it says. */
export const typed = async (
  session: Session,
  line: string,
  { stdin = "", files = {}, columns, keys }: TypedOptions = {},
): Promise<Output> => {
  let out = "";
  let err = "";
  const ctx: CommandContext = {
    session,
    actor: "user:test",
    defaultNamespace: "default",
    io: {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      readStdin: () => stdin,
      readFile: (path) => {
        const text = files[path];
        if (text === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: "ENOENT" });
        return text;
      },
      listFolder: () => undefined,
      ...(keys ? { takeKeyboard: () => keyboardWith(keys) } : {}),
      isTerminal: columns !== undefined,
      columns: columns ?? 0,
    },
  };
  const code = await runCommand(ctx, line.split(" "));
  return { code, out, err };
};
