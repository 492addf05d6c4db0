/** `kubectl set env`. */
import * as E from "fp-ts/lib/Either.js";
import type { Container, EnvVar, EnvVarSource, KubeObject } from "../../kubernetes/objects.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { fail } from "../failure.ts";
import type { Invocation, Verb } from "../verb.ts";
import { changeContainers, changePodSpecs, containersFlag, type PodSpecChange, setFlags } from "./pod-spec.ts";

interface Variables {
  readonly set: readonly EnvVar[];
  readonly removed: ReadonlySet<string>;
}

const isChange = (word: string): boolean => word.includes("=") || word.endsWith("-");

/** Lines of `KEY=VALUE`; what stands behind `#` is a comment. */
const readLines = (text: string): readonly string[] =>
  text.split("\n").flatMap((line) => {
    const statement = line.split("#")[0]?.trim() ?? "";
    return statement.includes("=") ? [statement] : [];
  });

/** As Go writes it: an empty value is none. */
const variable = (name: string, value: string): EnvVar => (value === "" ? { name } : { name, value });

const readVariables = (words: readonly string[]): E.Either<string, Variables> => {
  const set: EnvVar[] = [];
  const removed = new Set<string>();
  for (const word of words) {
    const equals = word.indexOf("=");
    if (equals < 0 && word.endsWith("-")) removed.add(word.slice(0, -1));
    else if (equals > 0) set.push(variable(word.slice(0, equals), word.slice(equals + 1)));
    else return E.left(`${equals === 0 ? "invalid" : "unknown"} environment variable: ${word}`);
  }
  return set.some(({ name }) => removed.has(name))
    ? E.left("can not both modify and remove an environment variable in the same command")
    : E.right({ set, removed });
};

/** Replaced variables keep their place, new ones follow. */
const updated = (before: readonly EnvVar[], { set, removed }: Variables): readonly EnvVar[] => {
  const values = new Map(set.map((variable) => [variable.name, variable]));
  const kept = before.flatMap((variable) =>
    removed.has(variable.name) ? [] : [values.get(variable.name) ?? variable],
  );
  const known = new Set(before.map(({ name }) => name));
  return [...kept, ...[...values.values()].filter(({ name }) => !known.has(name))];
};

/** `configmap settings, key level`: where a variable gets its value. */
const sourceOf = ({ configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef }: EnvVarSource): string => {
  if (configMapKeyRef) return `configmap ${configMapKeyRef.name}, key ${configMapKeyRef.key}`;
  if (secretKeyRef) return `secret ${secretKeyRef.name}, key ${secretKeyRef.key}`;
  if (fieldRef) return `field path ${fieldRef.fieldPath}`;
  if (!resourceFieldRef) return "invalid valueFrom";
  const { containerName = "", resource } = resourceFieldRef;
  return `resource field ${containerName === "" ? "" : `${containerName}/`}${resource}`;
};

const listing = ({ kind, metadata }: KubeObject, { name, env = [] }: Container): string => {
  const lines = env.map((variable) =>
    variable.valueFrom
      ? `# ${variable.name} from ${sourceOf(variable.valueFrom)}\n`
      : `${variable.name}=${variable.value ?? ""}\n`,
  );
  return [`# ${kind} ${metadata.name}, container ${name}\n`, ...lines].join("");
};

/** Changes one object; with `--list` it only tells what the variables would be. */
const changeEnv = (ctx: CommandContext, { flags }: Invocation, variables: Variables): PodSpecChange["change"] => {
  const pattern = flags.text("containers");
  return (before, object) => {
    let conflict: string | undefined;
    const { podSpec, selected } = changeContainers(before, pattern, (container) => {
      const taken = flags.on("overwrite") ? undefined : overwritten(container.env ?? [], variables);
      conflict ??= taken;
      const after = { ...container, env: updated(container.env ?? [], variables) };
      if (flags.on("list")) ctx.io.out(listing(object, after));
      return after;
    });
    if (!selected) {
      const name = `${object.kind}/${object.metadata.name}`;
      ctx.io.err(`warning: ${name} does not have any containers matching ${JSON.stringify(pattern)}\n`);
    }
    if (conflict !== undefined) return E.left(conflict);
    return E.right({ podSpec: flags.on("list") ? before : podSpec, failures: [] });
  };
};

const overwritten = (before: readonly EnvVar[], { set }: Variables): string | undefined => {
  for (const { name, value = "" } of set) {
    const current = before.find((known) => known.name === name);
    if (current && (current.value ?? "") !== value) {
      return `'${name}' already has a value (${current.value ?? ""}), and --overwrite is false`;
    }
  }
  return undefined;
};

const run = async (ctx: CommandContext, invocation: Invocation): Promise<ExitCode> => {
  const { args, flags } = invocation;
  const first = args.findIndex(isChange);
  const at = first < 0 ? args.length : first;
  const changes = args.slice(at);
  if (!changes.every(isChange)) {
    return fail(ctx, `all resources must be specified before environment changes: ${args.join(" ")}`);
  }
  if (at === 0 && !flags.given("filename")) {
    return fail(ctx, "one or more resources must be specified as <resource> <name> or <resource>/<name>");
  }
  if (flags.on("list") && flags.given("output")) {
    return fail(ctx, "--list and --output may not be specified together");
  }
  const words = [...flags.list("env"), ...changes].flatMap((word) =>
    word === "-" ? readLines(ctx.io.readStdin()) : [word],
  );
  const variables = readVariables(words);
  if (E.isLeft(variables)) return fail(ctx, variables.left);
  if (words.length === 0 && !flags.on("list")) return fail(ctx, "at least one environment variable must be provided");
  return changePodSpecs(ctx, invocation, {
    name: "env",
    resources: args.slice(0, at),
    done: "env updated",
    refused: "failed to patch env update to pod template:",
    change: changeEnv(ctx, invocation, variables.right),
  });
};

export const env: Verb = {
  name: "env",
  group: "set",
  summary: "Set, remove or list environment variables of containers",
  usage: "(-f FILENAME | TYPE NAME) KEY=VALUE … KEY- …",
  examples: [
    "rollout set env deployment/web LEVEL=debug",
    "rollout set env deployment/web -c web LEVEL-",
    "rollout set env deployment/web --list",
  ],
  flags: [
    containersFlag,
    { name: "env", short: "e", type: "array", help: "KEY=VALUE, KEY-, or - for lines of standard input." },
    { name: "list", type: "boolean", help: "Print the variables instead of changing them." },
    { name: "overwrite", type: "boolean", default: "true", help: "Replace variables that have another value." },
    ...setFlags,
  ],
  run,
};
