import type { CommitListener, Committed } from "./port.ts";

/** Tells listeners of commits, in order, even when a listener commits. */
export class Subscriptions {
  readonly #listeners = new Set<CommitListener>();
  readonly #waiting: (readonly Committed[])[] = [];
  #delivering: boolean = false;

  add(listener: CommitListener): () => void {
    // Wrapped, so that one function subscribed twice is two subscriptions.
    const entry: CommitListener = (commits) => listener(commits);
    this.#listeners.add(entry);
    return () => {
      this.#listeners.delete(entry);
    };
  }

  deliver(commits: readonly Committed[]): void {
    if (commits.length === 0) return;
    this.#waiting.push(commits);
    if (this.#delivering) return;
    this.#delivering = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      for (const listener of [...this.#listeners]) notify(listener, next);
    }
    this.#delivering = false;
  }
}

/** The commit stands whatever a listener does; throwing to the appender would tell it the opposite. */
const notify = (listener: CommitListener, commits: readonly Committed[]): void => {
  try {
    listener(commits);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
};
