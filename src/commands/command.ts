/** What a verb is given and what it gives back. Verbs build requests or read; they decide nothing. */
import type { Session } from "../engine/session.ts";
import type { Upkeep } from "../engine/upkeep/upkeep.ts";

/** 0 good, 1 error or timeout; `diff` alone uses 1 for "differs". */
export type ExitCode = number;

/** Single keys, for verbs that fill the screen. */
export interface Keyboard {
  /** The next key by name (`space`, `left`, `q`, `ctrl-c`); undefined when none came within that time. */
  next(withinMs?: number): Promise<string | undefined>;
  /** Gives the terminal back. */
  close(): void;
}

/** Where a command reads and writes. Data goes to `out`, messages to `err`. Texts carry their own line ends. */
export interface CommandIo {
  out(text: string): void;
  err(text: string): void;
  /** All of standard input, as text. */
  readStdin(): string;
  /** Throws a Node file error when the file cannot be read. */
  readFile(path: string): string;
  /** Files of a folder (manifests only), in order of name; undefined when the path is not a folder. */
  listFolder(path: string, recursive: boolean): readonly string[] | undefined;
  /** Opens the text in the user's editor and returns what was saved; undefined when there is no terminal. */
  edit?(text: string, fileName: string): string;
  /** Takes the keyboard until it is closed; absent where nobody sits at one, or would not see what the keys do. */
  takeKeyboard?(): Keyboard;
  readonly isTerminal: boolean;
  /** How wide what is printed may be; 0 where nobody says. */
  readonly columns: number;
  /** Lines of the terminal; absent where there is none. */
  readonly rows?: number;
}

/** What every command has, also one that needs no ledger. */
export interface Surroundings {
  readonly io: CommandIo;
  /** `user:alice`. */
  readonly actor: string;
  /** The namespace used when `-n` is absent. */
  readonly defaultNamespace: string;
  /** Stops waiting commands: Ctrl-C. */
  readonly signal?: AbortSignal;
}

/** What a command has that works on a ledger. */
export interface CommandContext extends Surroundings {
  readonly session: Session;
  /** The ledger's file, which may be damaged: for verbs that use the ledger as a `file`. Absent: that of the session. */
  readonly upkeep?: Upkeep;
}
