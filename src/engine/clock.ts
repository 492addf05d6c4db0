/** A ledger's clock: real time plus an offset, or a time that only moves when it is told to. In ms of cluster time. */
export interface ClockState {
  /** How far the simulation has come; a manual clock's time. */
  readonly clockMs: number;
  /** What a wall clock shows beyond real time. */
  readonly offsetMs: number;
}

export class Clock {
  readonly #isWall: boolean;
  #reachedMs = 0;
  #offsetMs = 0;

  constructor(kind: "wall" | "manual") {
    this.#isWall = kind === "wall";
  }

  get reachedMs(): number {
    return this.#reachedMs;
  }

  /** Never behind the log, whose last event was at `headAtMs`. */
  now(headAtMs: number): number {
    return Math.max(this.#isWall ? Date.now() + this.#offsetMs : this.#reachedMs, headAtMs);
  }

  /** The simulation has come so far. */
  reach(atMs: number): void {
    this.#reachedMs = Math.max(this.#reachedMs, atMs);
  }

  /** Sets it forward to this time; a wall clock goes on from there. */
  set(atMs: number): void {
    this.reach(atMs);
    if (this.#isWall) this.#offsetMs = Math.max(this.#offsetMs, atMs - Date.now());
  }

  state(): ClockState {
    return { clockMs: this.#reachedMs, offsetMs: this.#offsetMs };
  }

  /** A process that was cut off while it ran ahead may have left the log ahead of the clock: then it goes on from there. */
  restore({ clockMs, offsetMs }: ClockState, headAtMs: number): void {
    this.#reachedMs = clockMs;
    this.#offsetMs = this.#isWall ? Math.max(offsetMs, headAtMs - Date.now()) : offsetMs;
  }
}
