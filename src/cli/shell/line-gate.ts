/**
 * Stands between the terminal and the prompt, and lets one line through at a time: pasted lines appear at the prompt one
 * after another, each when the one before it is done, and not all at once.
 */
import { PassThrough } from "node:stream";

/** What is asked of a terminal: `process.stdin`, where it is one. */
export interface TypedInput {
  setEncoding(encoding: "utf8"): unknown;
  setRawMode(isRaw: boolean): unknown;
  pause(): unknown;
  resume(): unknown;
  on(event: "data", listener: (text: string) => void): unknown;
  on(event: "end", listener: () => void): unknown;
}

export class LineGate extends PassThrough {
  readonly #terminal: TypedInput;
  #held = "";
  #isOpen = false;

  constructor(terminal: TypedInput) {
    super();
    this.#terminal = terminal;
    terminal.setEncoding("utf8");
    terminal.on("data", (text: string) => {
      this.#held += text;
      this.#letThrough();
    });
    terminal.on("end", () => this.end());
  }

  /** readline asks for it as it would ask a terminal. */
  setRawMode(isRaw: boolean): void {
    this.#terminal.setRawMode(isRaw);
  }

  /** The prompt waits for a line. */
  open(): void {
    this.#terminal.setRawMode(true);
    this.#terminal.resume();
    this.#isOpen = true;
    this.#letThrough();
  }

  /** A command runs: the terminal is as other programs expect it, and Ctrl-C is a signal. */
  close(): void {
    this.#isOpen = false;
    this.#terminal.setRawMode(false);
    this.#terminal.pause();
  }

  /** Forgets what was pasted and has not been let through. */
  discard(): void {
    this.#held = "";
  }

  #letThrough(): void {
    if (!this.#isOpen || this.#held === "") return;
    const lineEnd = /\r\n|\r|\n/.exec(this.#held);
    const length = lineEnd ? lineEnd.index + lineEnd[0].length : this.#held.length;
    const text = this.#held.slice(0, length);
    this.#held = this.#held.slice(length);
    if (lineEnd) this.#isOpen = false;
    this.write(text);
  }
}
