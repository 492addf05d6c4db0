/** The ledger that this process works on: opened when a verb needs it, started when one may start it, kept until the end. */
import { existsSync } from "node:fs";
import * as E from "fp-ts/lib/Either.js";
import type { OpenError } from "../engine/open.ts";
import type { Session } from "../engine/session.ts";
import type { Upkeep } from "../engine/upkeep/upkeep.ts";
import { StoreError } from "../event-store/store-error.ts";

type Opened = E.Either<OpenError, Session>;

export class Ledgers {
  readonly path: string;
  /** What `--ledger` said, if it was given. */
  readonly flag: string | undefined;
  #session: Session | undefined;

  constructor(flag: string | undefined, env: NodeJS.ProcessEnv) {
    this.flag = flag;
    this.path = flag ?? (env.ROLLOUT_LEDGER || "rollout.db");
  }

  /** Whether there is something to open: a file, or a ledger in memory that was started before. */
  get exists(): boolean {
    return this.#session !== undefined || (this.path !== ":memory:" && existsSync(this.path));
  }

  /** Of the ledger that is open. */
  get clock(): Session["clock"] | undefined {
    return this.#session?.clock;
  }

  async open(): Promise<Opened> {
    if (this.#session) return E.right(this.#session);
    if (!this.exists) return E.left(this.#missing());
    const { openLedger } = await import("../engine/open.ts");
    return this.#keep(openLedger(this.path));
  }

  /** The file, with nothing read from it. */
  async upkeep(): Promise<E.Either<OpenError, Upkeep>> {
    if (this.#session) return E.right(this.#session.upkeep);
    if (!this.exists) return E.left(this.#missing());
    const { Upkeep } = await import("../engine/upkeep/upkeep.ts");
    return E.right(Upkeep.ofFile(this.path));
  }

  /**
   * A function that starts the ledger with the usual settings, the first time it is called: a command that fails before it
   * has anything to write leaves no file. When another process has been faster, it is that process's ledger.
   */
  async starter(onStarted: () => void): Promise<(actor: string) => Session> {
    const { createLedger, openLedger } = await import("../engine/open.ts");
    return (actor) => {
      if (this.#session) return this.#session;
      const created = this.#keep(createLedger(this.path, actor));
      if (E.isRight(created)) {
        onStarted();
        return created.right;
      }
      const opened = this.#keep(openLedger(this.path));
      if (E.isLeft(opened)) throw opened.left.kind === "Missing" ? created.left : opened.left;
      return opened.right;
    };
  }

  close(): void {
    this.#session?.close();
    this.#session = undefined;
  }

  #missing(): StoreError {
    const hint = '"rollout init" starts one, as do apply, create and behave, in real time';
    return new StoreError("Missing", `there is no ledger ${this.path} yet; ${hint}`);
  }

  #keep(opened: Opened): Opened {
    if (E.isRight(opened)) this.#session = opened.right;
    return opened;
  }
}
