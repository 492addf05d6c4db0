/**
 * From words to a verb that runs: finds the verb, reads its flags, runs it.
 *
 * A leading `kubectl` and then a leading `rollout` are dropped, so that `kubectl rollout undo`, `rollout rollout undo` and
 * `rollout undo` are one, and `rollout get pods` may be typed as `kubectl get pods`.
 */
import * as E from "fp-ts/lib/Either.js";
import { StoreError } from "../event-store/store-error.ts";
import type { ExitCode, Surroundings } from "./command.ts";
import { globalFlags } from "./common-flags.ts";
import { fail, failUsage } from "./failure.ts";
import type { Flag } from "./grammar/flags.ts";
import { firstArgument, helpFlag, parseWords } from "./grammar/flags.ts";
import { suggestions } from "./grammar/suggest.ts";
import { pathOf, verbHelp, verbList } from "./help.ts";
import type { Verb, VerbDescription, VerbGroup } from "./verb.ts";

const goesBy = (verb: VerbDescription, name: string): boolean =>
  verb.name === name || (verb.aliases ?? []).includes(name);

/** Words that were typed in front and say nothing to us, and the rest. */
interface Typed {
  readonly kubectl: boolean;
  readonly rollout: boolean;
  readonly words: readonly string[];
}

const dropPrefixes = (argv: readonly string[]): Typed => {
  const kubectl = argv[0] === "kubectl";
  const behind = kubectl ? argv.slice(1) : argv;
  const rollout = behind[0] === "rollout";
  return { kubectl, rollout, words: rollout ? behind.slice(1) : behind };
};

type Found<V> =
  | { readonly type: "verb"; readonly verb: V; readonly rest: readonly string[] }
  | { readonly type: "group"; readonly group: VerbGroup; readonly rest: readonly string[] }
  | { readonly type: "unknown"; readonly name: string; readonly rest: readonly string[] }
  | { readonly type: "nothing" };

const without = (words: readonly string[], at: number): readonly string[] => words.filter((_, index) => index !== at);

const find = <V extends VerbDescription>(verbs: readonly V[], words: readonly string[]): Found<V> => {
  const at = firstArgument(globalFlags, words);
  const name = at === undefined ? undefined : words[at];
  if (at === undefined || name === undefined) return { type: "nothing" };
  const rest = without(words, at);
  const verb = verbs.find((each) => (each.group === undefined || each.group === "rollout") && goesBy(each, name));
  const members = verbs.filter((each) => each.group === name);
  const next = firstArgument([...globalFlags, ...(verb?.flags ?? [])], rest, at);
  const member = next === undefined ? undefined : members.find((each) => goesBy(each, rest[next] ?? ""));
  if (next !== undefined && member) return { type: "verb", verb: member, rest: without(rest, next) };
  if (verb) return { type: "verb", verb, rest };
  const group = members[0]?.group;
  return group ? { type: "group", group, rest } : { type: "unknown", name, rest };
};

const wantsHelp = (words: readonly string[]): boolean =>
  words.some((word) => word === `--${helpFlag.name}` || word === `-${helpFlag.short}`);

const unknownVerb = (ctx: Surroundings, verbs: readonly VerbDescription[], typed: Typed, name: string): ExitCode => {
  if (typed.rollout) {
    const words = typed.words.filter((word) => !word.startsWith("-"));
    return failUsage(ctx, "kubectl rollout", `unknown command ${JSON.stringify(words.join(" "))}`);
  }
  const names = [...new Set(verbs.map((verb) => (verb.group === "rollout" ? verb.name : (verb.group ?? verb.name))))];
  const meant = suggestions(name, names);
  const advice = meant.length > 0 ? `\n\nDid you mean this?\n${meant.map((word) => `\t${word}\n`).join("")}` : "";
  return fail(ctx, `unknown command ${JSON.stringify(name)} for "${typed.kubectl ? "kubectl" : "rollout"}"${advice}`);
};

const group = (
  ctx: Surroundings,
  verbs: readonly VerbDescription[],
  name: VerbGroup,
  rest: readonly string[],
): ExitCode => {
  const members = verbs.filter((verb) => verb.group === name);
  if (wantsHelp(rest)) {
    ctx.io.out(verbList(members));
    return 0;
  }
  const words = rest.filter((word) => !word.startsWith("-"));
  if (words.length > 0) return failUsage(ctx, `kubectl ${name}`, `unknown command ${JSON.stringify(words.join(" "))}`);
  ctx.io.err(verbList(members));
  return 1;
};

const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

const runVerb = <C extends Surroundings>(
  ctx: C,
  verb: Verb<C>,
  typed: Typed,
  words: readonly string[],
): Promise<ExitCode> => {
  const path = pathOf(verb);
  const declared: readonly Flag[] = [...verb.flags, ...globalFlags];
  const parsed = parseWords(declared, words);
  if (E.isLeft(parsed)) {
    return Promise.resolve(fail(ctx, `${parsed.left}\nSee '${path} --help' for usage.`));
  }
  const { args, argsBeforeDashes, flags, typed: typedFlags } = parsed.right;
  if (flags.on(helpFlag.name)) {
    ctx.io.out(verbHelp(verb));
    return Promise.resolve(0);
  }
  const missing = declared.filter((flag) => flag.required && !flags.given(flag.name)).map((flag) => `"${flag.name}"`);
  if (missing.length > 0) return Promise.resolve(fail(ctx, `required flag(s) ${missing.join(", ")} not set`));
  for (const flag of declared) {
    if (flag.deprecated === undefined || !flags.given(flag.name)) continue;
    ctx.io.err(`Flag --${flag.name} has been deprecated, ${flag.deprecated}\n`);
  }
  const user = flags.text("as");
  const running = verb.run(user === "" ? ctx : { ...ctx, actor: `user:${user}` }, {
    args,
    argsBeforeDashes,
    flags,
    path,
    namespace: flags.text("namespace") || ctx.defaultNamespace,
    commandLine: ["rollout", ...typed.words].map(shellWord).join(" "),
    changeCause: [path, ...args, ...typedFlags.map(({ name, value }) => `--${name}=${value}`)].join(" "),
  });
  return running.catch((error: unknown) => {
    if (error instanceof StoreError && error.kind === "Archived") return fail(ctx, error.message);
    throw error;
  });
};

/**
 * Runs one command line, given as words, with one of these verbs. Answers with the exit code; errors are told on
 * `ctx.io.err`, in kubectl's words.
 */
export const dispatch = async <C extends Surroundings>(
  ctx: C,
  argv: readonly string[],
  verbs: readonly Verb<C>[],
): Promise<ExitCode> => {
  const typed = dropPrefixes(argv);
  const found = find(verbs, typed.words);
  switch (found.type) {
    case "verb":
      return runVerb(ctx, found.verb, typed, found.rest);
    case "group":
      return group(ctx, verbs, found.group, found.rest);
    case "unknown":
      return unknownVerb(ctx, verbs, typed, found.name);
    case "nothing": {
      const members = typed.rollout ? verbs.filter((verb) => verb.group === "rollout") : verbs;
      if (!wantsHelp(typed.words)) {
        ctx.io.err(verbList(members));
        return 1;
      }
      ctx.io.out(verbList(members));
      return 0;
    }
  }
};
