/**
 * Plays a scenario on a ledger of its own with a manual clock: each step at its time, each command through the entry that
 * the command line uses.
 */
import { stripVTControlCharacters } from "node:util";
import * as E from "fp-ts/lib/Either.js";
import type { CommandContext, CommandIo, ExitCode } from "../commands/command.ts";
import { presentVerbs } from "../commands/registry.ts";
import { runCommand } from "../commands/run.ts";
import { createLedger, type OpenError } from "../engine/open.ts";
import type { Session } from "../engine/session.ts";
import { VERSION } from "../engine/version.ts";
import { type Check, expectFact, expectText } from "./expect/check.ts";
import { checkInvariant } from "./expect/invariant.ts";
import { checkState } from "./expect/state.ts";
import { type Files, filesBeside } from "./files.ts";
import { offsetText } from "./offset.ts";
import type { Scenario } from "./parse.ts";
import type { ScenarioResult } from "./result.ts";
import type { StepFile } from "./schema.ts";
import type { Command } from "./shell/parse.ts";
import { runScript } from "./shell/run.ts";

/** What somebody sees who watches the scenario; `atMs` is the time since it began. */
export type Happening =
  | { readonly type: "started"; readonly scenario: Scenario; readonly seed: number; readonly startMs: number }
  | { readonly type: "said"; readonly text: string }
  | { readonly type: "typed"; readonly command: Command; readonly atMs: number }
  | { readonly type: "printed"; readonly to: "out" | "err"; readonly text: string }
  | { readonly type: "checked"; readonly check: Check }
  /** All steps are played; what is checked now is about the whole run. */
  | { readonly type: "judging" }
  | { readonly type: "passing"; readonly atMs: number };

export interface RunOptions {
  /** Files that the scenario does not bring along. */
  readonly files: Files;
  /** Where the ledger is kept; in memory by default. A ledger that exists is refused. */
  readonly ledger?: string;
  /** Instead of the scenario's own. */
  readonly seed?: number;
  /** What the commands take themselves to print on; expectations see no colours. */
  readonly screen?: Pick<CommandIo, "isTerminal" | "columns">;
  readonly listener?: (happening: Happening) => void;
  readonly signal?: AbortSignal;
}

const defaultActor = "user:scenario";
const paper = { isTerminal: false, columns: 100 };

class Player {
  readonly #session: Session;
  readonly #scenario: Scenario;
  readonly #options: RunOptions;
  readonly #files: Files;
  readonly #startMs: number;
  readonly checks: Check[] = [];
  #actor = defaultActor;
  #output = { out: "", err: "" };

  constructor(session: Session, scenario: Scenario, options: RunOptions) {
    this.#session = session;
    this.#scenario = scenario;
    this.#options = options;
    this.#files = filesBeside(scenario.files ?? {}, options.files);
    this.#startMs = session.now();
  }

  get offsetMs(): number {
    return this.#session.now() - this.#startMs;
  }

  begin(): void {
    const { title, behaviours = [] } = this.#scenario;
    const by = { actor: defaultActor, intent: {} };
    const { seed } = this.#session;
    this.#session.note({ type: "ScenarioStarted", data: { name: title, seed, version: VERSION } }, by);
    for (const rule of behaviours) this.#session.setBehaviour(rule, by);
    this.#tell({ type: "started", scenario: this.#scenario, seed, startMs: this.#startMs });
  }

  /** Answers whether the story can go on: not after a command that ended otherwise than the step expects. */
  async play(step: StepFile, index: number): Promise<boolean> {
    const where = (key: string): string => this.#scenario.where(["steps", index, key]);
    await this.#waitFor(step, where);
    if (this.#options.signal?.aborted) return false;
    if (step.say !== undefined) this.#tell({ type: "said", text: step.say });
    const script = step.run ?? step.fault;
    let code: ExitCode = 0;
    if (script) {
      this.#actor = step.as === undefined ? defaultActor : `user:${step.as}`;
      this.#output = { out: "", err: "" };
      code = await runScript(script, {
        begin: (command) => this.#tell({ type: "typed", command, atMs: this.offsetMs }),
        execute: (words, stdin) => this.#run(words, this.#io(stdin)),
        capture: (words) => this.#capture(words),
      });
      this.#checkOutput(step, code, where);
    }
    for (const state of step["expect-state"] ?? []) {
      const path = ["steps", index, "expect-state", state.object.typed];
      const inState = (field?: string): string => this.#scenario.where(field === undefined ? path : [...path, field]);
      for (const check of checkState(this.#session, state, inState)) this.#note(check);
    }
    return code === (step.exit ?? 0);
  }

  end(): void {
    const { invariants = [] } = this.#scenario;
    if (invariants.length > 0) this.#tell({ type: "judging" });
    for (const invariant of invariants) {
      const where = (statement: string): string => this.#scenario.where(["invariants", invariant.key, statement]);
      for (const check of checkInvariant(this.#session, this.#startMs, invariant, where)) this.#note(check);
    }
  }

  #tell(happening: Happening): void {
    this.#options.listener?.(happening);
  }

  #note(check: Check): void {
    this.checks.push(check);
    this.#tell({ type: "checked", check });
  }

  async #pass(durationMs: number): Promise<void> {
    const { signal } = this.#options;
    const fromMs = this.#startMs;
    await this.#session.advance(durationMs, (atMs) => this.#tell({ type: "passing", atMs: atMs - fromMs }), signal);
  }

  async #waitFor({ at, after }: StepFile, where: (key: string) => string): Promise<void> {
    const waitMs = at === undefined ? after : at - this.offsetMs;
    if (waitMs === undefined) return;
    if (waitMs > 0) await this.#pass(waitMs);
    if (waitMs >= 0 || at === undefined) return;
    const late = `the step before ended at ${offsetText(this.offsetMs)}`;
    this.#note(expectFact("time of the step", false, where("at"), [`at ${offsetText(at)}`, late]));
  }

  #io(stdin: string, out = (text: string): void => this.#print("out", text)): CommandIo {
    const { isTerminal, columns } = this.#options.screen ?? paper;
    return {
      out,
      err: (text) => this.#print("err", text),
      readStdin: () => stdin,
      ...this.#files,
      isTerminal,
      columns,
    };
  }

  #print(to: "out" | "err", text: string): void {
    this.#output[to] += text;
    this.#tell({ type: "printed", to, text });
  }

  async #run(words: readonly string[], io: CommandIo): Promise<ExitCode> {
    const { signal } = this.#options;
    const ctx: CommandContext = { session: this.#session, io, actor: this.#actor, defaultNamespace: "default" };
    return runCommand(signal ? { ...ctx, signal } : ctx, words, presentVerbs);
  }

  async #capture(words: readonly string[]): Promise<string> {
    let captured = "";
    const keep = (text: string): void => {
      captured += text;
    };
    await this.#run(words, this.#io("", keep));
    return captured;
  }

  #checkOutput(step: StepFile, code: ExitCode, where: (key: string) => string): void {
    const [out, err] = [stripVTControlCharacters(this.#output.out), stripVTControlCharacters(this.#output.err)];
    const { exit: wanted = 0 } = step;
    const place = where(step.exit === undefined ? (step.run ? "run" : "fault") : "exit");
    if (step.exit !== undefined || code !== 0) {
      this.#note(expectFact("exit code", code === wanted, place, [String(wanted), String(code)]));
    }
    if (step.expect !== undefined) this.#note(expectText("output", step.expect, out, where("expect")));
    if (step.stderr !== undefined) this.#note(expectText("messages", step.stderr, err, where("stderr")));
  }
}

/**
 * Left: the ledger that was to be kept cannot be. Aborted, it ends in the step it is in. After a command that ended otherwise
 * than expected it ends too: what follows would fail for that reason alone.
 */
export const runScenario = async (
  scenario: Scenario,
  options: RunOptions,
): Promise<E.Either<OpenError, ScenarioResult>> => {
  const { nodes, start } = scenario;
  const seed = options.seed ?? scenario.seed;
  const opened = createLedger(options.ledger ?? ":memory:", defaultActor, {
    clock: "manual",
    ...(seed === undefined ? {} : { seed }),
    ...(start === undefined ? {} : { startMs: start }),
    ...(nodes === undefined ? {} : { nodes }),
  });
  if (E.isLeft(opened)) return opened;
  const session = opened.right;
  try {
    const player = new Player(session, scenario, options);
    player.begin();
    let [steps, goesOn] = [0, true];
    for (const [index, step] of scenario.steps.entries()) {
      goesOn = await player.play(step, index);
      if (options.signal?.aborted) break;
      steps += 1;
      if (!goesOn) break;
    }
    if (goesOn && !options.signal?.aborted) player.end();
    let events = 0;
    for (const { seq } of session.log()) events = seq;
    const { offsetMs: clusterMs, checks } = player;
    return E.right({ scenario, seed: session.seed, steps, checks, events, clusterMs, digest: session.digest() });
  } finally {
    session.close();
  }
};
