/** Ctrl-C: the first one asks what is running to stop, the second one ends the process. */
export const interruptedExitCode = 130;

export class Interrupts {
  #controller = new AbortController();

  /** Of what is running now. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  interrupt(): void {
    if (this.signal.aborted) process.exit(interruptedExitCode);
    this.#controller.abort();
  }

  /** Something new is running. */
  renew(): void {
    if (this.signal.aborted) this.#controller = new AbortController();
  }
}
