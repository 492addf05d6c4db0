/** Verbs that work on a ledger, made into verbs of this process: they open it, and let the cluster catch up first. */
import * as E from "fp-ts/lib/Either.js";
import { isOfPresent } from "../commands/as-of.ts";
import type { CommandContext } from "../commands/command.ts";
import { fail } from "../commands/failure.ts";
import type { Verb } from "../commands/verb.ts";
import type { Session } from "../engine/session.ts";
import type { Upkeep } from "../engine/upkeep/upkeep.ts";
import { rfc3339 } from "../kubernetes/time.ts";
import type { CliContext } from "./context.ts";
import { interruptedExitCode } from "./interrupts.ts";

/** The verb's surroundings with a ledger that is asked for when the verb first needs it. */
const withSession = (
  { io, actor, defaultNamespace, signal }: CliContext,
  session: (actor: string) => Session,
  upkeep?: Upkeep,
): CommandContext => ({
  io,
  actor,
  defaultNamespace,
  signal,
  ...(upkeep ? { upkeep } : {}),
  get session() {
    return session(actor);
  },
});

/** Brings the cluster up to now; says how far it is when that takes long. */
const catchUp = async (session: Session, { terminal, signal }: CliContext): Promise<void> => {
  terminal.progress.begin();
  await session.catchUp((atMs) => terminal.progress.show(() => `catching up: ${rfc3339(atMs)}`), signal);
  terminal.progress.clear();
};

export const onLedger = (verb: Verb): Verb<CliContext> => ({
  ...verb,
  run: async (ctx, invocation) => {
    const { name, ledger: use = "present" } = verb;
    const none = (): never => {
      throw new Error(`${name} was to need no session`);
    };
    if (use === "none") return verb.run(withSession(ctx, none), invocation);
    const { ledgers, signal } = ctx;
    if (use === "file") {
      const upkeep = await ledgers.upkeep();
      if (E.isLeft(upkeep)) return fail(ctx, upkeep.left.message);
      return verb.run(withSession(ctx, none, upkeep.right), invocation);
    }
    const opened = await ledgers.open();
    if (E.isLeft(opened) && opened.left.kind === "Missing" && use === "new") {
      const start = await ledgers.starter(() => ctx.io.err(`started a new ledger: ${ledgers.path}\n`));
      return verb.run(withSession(ctx, start), invocation);
    }
    if (E.isLeft(opened)) return fail(ctx, opened.left.message);
    const session = opened.right;
    if (isOfPresent(verb, invocation)) await catchUp(session, ctx);
    return signal.aborted
      ? interruptedExitCode
      : verb.run(
          withSession(ctx, () => session),
          invocation,
        );
  },
});
