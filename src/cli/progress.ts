/** One line on the terminal that rewrites itself while something takes long; nothing where nobody watches. */

/** What is over sooner needs no word. */
const patienceMs = 300;
const refreshMs = 80;

export class ProgressLine {
  readonly #isWatched: boolean;
  #startedMs = performance.now();
  #shownMs = 0;
  #isShown = false;

  constructor(isWatched: boolean) {
    this.#isWatched = isWatched;
  }

  /** Something new begins that may take long. */
  begin(): void {
    this.clear();
    this.#startedMs = performance.now();
  }

  show(text: () => string): void {
    const nowMs = performance.now();
    if (!this.#isWatched || nowMs - this.#startedMs < patienceMs || nowMs - this.#shownMs < refreshMs) return;
    this.#shownMs = nowMs;
    this.#isShown = true;
    process.stderr.write(`\r${text()}\u001b[K`);
  }

  clear(): void {
    if (this.#isShown) process.stderr.write("\r\u001b[K");
    this.#isShown = false;
  }
}
