/** `rollout behave`: how containers of an image, or pods with labels, behave from now on. */
import * as E from "fp-ts/lib/Either.js";
import type { BehaviourRule } from "../../engine/session.ts";
import { parseSelector } from "../../kubernetes/selector-parser.ts";
import { selector } from "../common-flags.ts";
import { fail } from "../failure.ts";
import { type Flag, type ParsedFlags, parseWords } from "../grammar/flags.ts";
import type { Verb } from "../verb.ts";

const durationFlag = (name: string, help: string): Flag => ({ name, type: "duration", help });
const switchFlag = (name: string, help: string): Flag => ({ name, type: "boolean", help });

const behaviourFlags: readonly Flag[] = [
  durationFlag("pull", "Time to pull the image."),
  switchFlag("fail-pull", "The image cannot be pulled."),
  durationFlag("init", "Run time of an init container."),
  durationFlag("start", "Time from the decision to start a container until it runs."),
  durationFlag("ready", "Time from running until ready."),
  switchFlag("never-ready", "The container runs but is never ready."),
  durationFlag("crash-after", "The container exits this long after each start; a negative time: it does not."),
  { name: "exit-code", type: "integer", help: "Status of such an exit." },
  durationFlag("stop", "Time from SIGTERM until the program has ended."),
  switchFlag("ignore-sigterm", "The program ends only by SIGKILL, when the grace period is over."),
];

/** A word replaces its opposite: after `--ready 3s` a workload that was never ready is ready again. */
const opposites = [
  ["pull", "fail-pull"],
  ["ready", "never-ready"],
  ["stop", "ignore-sigterm"],
] as const;

type Behaviour = BehaviourRule["behaviour"];

const durationFields = {
  pull: "pullMs",
  init: "initMs",
  start: "startMs",
  ready: "readyMs",
  stop: "stopMs",
} as const;

const switchFields = {
  "fail-pull": "failPull",
  "never-ready": "neverReady",
  "ignore-sigterm": "ignoresSigterm",
} as const;

const readBehaviour = (flags: ParsedFlags): E.Either<string, Behaviour> => {
  const behaviour: Behaviour = {};
  const ms = (name: string): number => Math.round(flags.durationMs(name));
  for (const [timed, never] of opposites) {
    if (flags.given(timed) && flags.on(never)) return E.left(`--${timed} and --${never} exclude each other`);
    if (flags.given(timed)) behaviour[switchFields[never]] = false;
  }
  for (const [name, field] of Object.entries(durationFields)) {
    if (!flags.given(name)) continue;
    if (ms(name) < 0) return E.left(`--${name} must not be negative: ${flags.text(name)}`);
    behaviour[field] = ms(name);
  }
  for (const [name, field] of Object.entries(switchFields)) if (flags.given(name)) behaviour[field] = flags.on(name);
  if (flags.given("crash-after")) behaviour.crashAfterMs = Math.max(-1, ms("crash-after"));
  if (flags.given("exit-code")) {
    const exitCode = flags.integer("exit-code");
    if (exitCode < 0 || exitCode > 255) return E.left(`--exit-code must be between 0 and 255: ${exitCode}`);
    behaviour.exitCode = exitCode;
  }
  return Object.keys(behaviour).length > 0 ? E.right(behaviour) : E.left("say how they behave, such as --ready 3s");
};

const readLabels = (text: string): E.Either<string, Readonly<Record<string, string>>> => {
  const requirements = parseSelector(text);
  if (E.isLeft(requirements)) return requirements;
  const labels: Record<string, string> = {};
  for (const requirement of requirements.right) {
    if (requirement.operator !== "=" && requirement.operator !== "==") {
      return E.left(`behaviours are chosen by labels alone (app=web,tier=front), not by ${JSON.stringify(text)}`);
    }
    labels[requirement.key] = requirement.value;
  }
  return E.right(labels);
};

const whoIsMeant = "say who is meant: image=NAME:TAG, or -l LABELS";

const readSelector = (args: readonly string[], labelText: string): E.Either<string, BehaviourRule["selector"]> => {
  const [word, ...more] = args;
  if (more.length > 0) return E.left(whoIsMeant);
  const image = word?.startsWith("image=") ? word.slice("image=".length) : undefined;
  if (word !== undefined && !image) return E.left(whoIsMeant);
  if (image === undefined && labelText === "") return E.left(whoIsMeant);
  const labels = readLabels(labelText);
  if (E.isLeft(labels)) return labels;
  return E.right({ ...(image ? { image } : {}), ...(labelText === "" ? {} : { labels: labels.right }) });
};

const readRule = (args: readonly string[], flags: ParsedFlags): E.Either<string, BehaviourRule> => {
  const chosen = readSelector(args, flags.text("selector"));
  if (E.isLeft(chosen)) return chosen;
  const behaviour = readBehaviour(flags);
  return E.isLeft(behaviour) ? behaviour : E.right({ selector: chosen.right, behaviour: behaviour.right });
};

/** The rule that the words behind `behave` state: scenario files say it in the same words. Left says what is wrong. */
export const parseRule = (words: readonly string[]): E.Either<string, BehaviourRule> => {
  const parsed = parseWords(behave.flags, words);
  return E.isLeft(parsed) ? parsed : readRule(parsed.right.args, parsed.right.flags);
};

export const behave: Verb = {
  name: "behave",
  ours: true,
  ledger: "new",
  summary: "Say how containers of an image, or pods with labels, behave from now on",
  usage: "(image=NAME:TAG | -l LABELS) [flags]",
  examples: [
    "rollout behave image=web:2 --never-ready",
    "rollout behave image=web:2 --crash-after 5s --exit-code 3",
    "rollout behave -l app=web --start 1s --ready 3s --stop 10s",
  ],
  flags: [selector, ...behaviourFlags],
  run: async (ctx, { args, flags, commandLine }) => {
    const rule = readRule(args, flags);
    if (E.isLeft(rule)) return fail(ctx, rule.left);
    ctx.session.setBehaviour(rule.right, { actor: ctx.actor, intent: { command: commandLine, verb: "behave" } });
    const who = [args.join(" "), flags.text("selector")].filter((text) => text !== "").join(", ");
    ctx.io.out(`behaviour of ${who} set\n`);
    return 0;
  },
};
