/** `rollout run`: plays scenario files. */
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Ansis } from "ansis";
import * as E from "fp-ts/lib/Either.js";
import type { ExitCode } from "../../commands/command.ts";
import { clientFailure, type Failure, fail, failUsage, report } from "../../commands/failure.ts";
import type { ParsedFlags } from "../../commands/grammar/flags.ts";
import type { Verb } from "../../commands/verb.ts";
import { offsetText } from "../../scenario/offset.ts";
import type { Scenario } from "../../scenario/parse.ts";
import { hasPassed, type ScenarioResult } from "../../scenario/result.ts";
import type { Happening } from "../../scenario/runner.ts";
import type { CliContext } from "../context.ts";
import { interruptedExitCode } from "../interrupts.ts";
import { resultJson, summaryLine } from "./result.ts";
import { failureBlock, Story } from "./story.ts";

type Form = "story" | "quiet" | "digest" | "json";

interface Loaded {
  readonly path: string;
  readonly scenario: Scenario;
}

const readForm = (flags: ParsedFlags): E.Either<string, Form> => {
  const output = flags.text("output");
  if (output !== "" && output !== "json") return E.left(`--output is json or absent, not ${JSON.stringify(output)}`);
  const chosen: Form[] = [];
  if (output === "json") chosen.push("json");
  if (flags.on("digest")) chosen.push("digest");
  if (flags.on("quiet")) chosen.push("quiet");
  return chosen.length > 1 ? E.left("choose one of --digest, --quiet and -o json") : E.right(chosen[0] ?? "story");
};

const load = async (path: string): Promise<E.Either<Failure, Loaded>> => {
  const { faultLines, parseScenario } = await import("../../scenario/parse.ts");
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const reason =
      error instanceof Error && "code" in error && error.code === "ENOENT" ? "does not exist" : String(error);
    return E.left(clientFailure(`the scenario ${JSON.stringify(path)} ${reason}`));
  }
  const parsed = parseScenario(text, path);
  if (E.isRight(parsed)) return E.right({ path, scenario: parsed.right });
  const notes = faultLines(path, parsed.left).map((line) => `  ${line}`);
  return E.left(clientFailure(`${path} is no scenario that can run; nothing was started`, notes));
};

/** All files, or everything that is wrong with any of them: nothing runs before all can. */
const loadAll = async (paths: readonly string[]): Promise<E.Either<readonly Failure[], readonly Loaded[]>> => {
  const loaded: Loaded[] = [];
  const failures: Failure[] = [];
  for (const path of paths) {
    const one = await load(path);
    if (E.isRight(one)) loaded.push(one.right);
    else failures.push(one.left);
  }
  return failures.length > 0 ? E.left(failures) : E.right(loaded);
};

interface Played {
  readonly result: ScenarioResult;
  readonly realMs: number;
}

const play = async (
  ctx: CliContext,
  { path, scenario }: Loaded,
  flags: ParsedFlags,
  listener: (happening: Happening) => void,
): Promise<E.Either<string, Played>> => {
  const { runScenario } = await import("../../scenario/runner.ts");
  const { filesOfDisk } = await import("../../scenario/files.ts");
  const { ledgers, signal } = ctx;
  const startedMs = performance.now();
  const result = await runScenario(scenario, {
    files: filesOfDisk(dirname(path)),
    screen: ctx.io,
    signal,
    listener,
    ...(ledgers.flag === undefined ? {} : { ledger: ledgers.flag }),
    ...(flags.given("seed") ? { seed: flags.integer("seed") } : {}),
  });
  if (E.isLeft(result)) return E.left(result.left.message);
  return E.right({ result: result.right, realMs: performance.now() - startedMs });
};

/** Says what came of one scenario, in the form that was asked for. */
const conclude = ({ io }: CliContext, style: Ansis, form: Form, many: boolean, { result, realMs }: Played): void => {
  const failures = result.checks.filter(({ holds }) => !holds).map((check) => failureBlock(style, check));
  switch (form) {
    case "json":
      io.out(`${JSON.stringify(resultJson(result, realMs))}\n`);
      return;
    case "digest":
      io.err(failures.join(""));
      io.out(many ? `${result.digest}  ${result.scenario.file}\n` : `${result.digest}\n`);
      return;
    case "quiet":
      io.out(failures.join(""));
      io.out(summaryLine(style, result, realMs));
      return;
    case "story":
      io.out(`${summaryLine(style, result, realMs)}${many ? "\n" : ""}`);
      return;
  }
};

const runOne = async (
  ctx: CliContext,
  loaded: Loaded,
  { flags, form, many }: { readonly flags: ParsedFlags; readonly form: Form; readonly many: boolean },
): Promise<ExitCode> => {
  const { terminal, io, signal } = ctx;
  const style = await terminal.style();
  const story = form === "story" ? new Story(io, style) : undefined;
  terminal.progress.begin();
  const played = await play(ctx, loaded, flags, (happening) => {
    story?.tell(happening);
    if (happening.type === "passing") {
      terminal.progress.show(() => `${loaded.scenario.title}: +${offsetText(happening.atMs)}`);
    }
  });
  terminal.progress.clear();
  if (E.isLeft(played)) return fail(ctx, played.left);
  story?.end();
  conclude(ctx, style, form, many, played.right);
  if (signal.aborted) return interruptedExitCode;
  return hasPassed(played.right.result) ? 0 : 1;
};

const runAll = async (ctx: CliContext, paths: readonly string[], flags: ParsedFlags, form: Form): Promise<ExitCode> => {
  const loaded = await loadAll(paths);
  if (E.isLeft(loaded)) return report(ctx, loaded.left);
  const many = loaded.right.length > 1;
  let failed = 0;
  for (const each of loaded.right) {
    const code = await runOne(ctx, each, { flags, form, many });
    if (code === interruptedExitCode) return code;
    if (code !== 0) failed += 1;
  }
  if (many && (form === "story" || form === "quiet")) {
    const all = loaded.right.length;
    ctx.io.out(`${all - failed} of ${all} scenarios passed\n`);
  }
  return failed === 0 ? 0 : 1;
};

export const run: Verb<CliContext> = {
  name: "run",
  ours: true,
  summary: "Play scenarios and check what they expect",
  usage: "FILE… [flags]",
  examples: [
    "rollout run scenarios/canary-and-rollback.yaml",
    "rollout run scenarios/*.yaml --quiet",
    "rollout run scenarios/rollover.yaml --seed 42 --digest",
    "rollout run --ledger incident.db scenarios/crash-mid-rollout.yaml",
  ],
  flags: [
    { name: "digest", type: "boolean", help: "Print nothing but the digest of the log: the same for the same story." },
    { name: "quiet", short: "q", type: "boolean", help: "Print only what failed, and a line for each scenario." },
    { name: "output", short: "o", type: "string", help: "json: one object for each scenario, one in each line." },
    { name: "seed", type: "integer", help: "Use this seed instead of the scenario's." },
  ],
  run: async (ctx, { args, flags, path }) => {
    if (args.length === 0) return failUsage(ctx, path, "a scenario file is required, such as scenarios/rollover.yaml");
    const form = readForm(flags);
    if (E.isLeft(form)) return fail(ctx, form.left);
    if (ctx.ledgers.flag !== undefined && args.length > 1)
      return fail(ctx, "--ledger keeps one scenario; name one file");
    return runAll(ctx, args, flags, form.right);
  },
};
