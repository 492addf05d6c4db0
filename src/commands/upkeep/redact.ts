/** `rollout redact`: deletes bodies for good. */
import * as E from "fp-ts/lib/Either.js";
import { streamOf } from "../../domain/state.ts";
import type { RedactionReport, RedactionTarget } from "../../engine/upkeep/redaction.ts";
import type { RecordedEvent } from "../../event-store/port.ts";
import { count } from "../../history/report/words.ts";
import { isJsonObject } from "../../kubernetes/json.ts";
import { resourceTypeNamed } from "../../kubernetes/kinds.ts";
import type { CommandContext } from "../command.ts";
import { fail, failUsage } from "../failure.ts";
import { storedKind } from "../objects.ts";
import type { Invocation, Verb } from "../verb.ts";
import { bodies } from "./file.ts";

const readTarget = (typed: string, namespace: string): E.Either<string, RedactionTarget> => {
  const [typeName = "", name, ...more] = typed.split("/");
  if (name === undefined) {
    const isDigest = /^[0-9a-f]+$/.test(typed);
    const wanted = `say secret/NAME, configmap/NAME or a digest, not ${JSON.stringify(typed)}`;
    return isDigest ? E.right({ is: "digest", digest: typed }) : E.left(wanted);
  }
  const type = resourceTypeNamed(typeName);
  const kind = type && storedKind(type);
  if (!kind || more.length > 0) return E.left(`the server doesn't have a resource type ${JSON.stringify(typeName)}`);
  return E.right({ is: "object", ref: { kind, namespace: type.namespaced ? namespace : "", name } });
};

const readTargets = ({ args, flags, namespace }: Invocation): E.Either<string, readonly RedactionTarget[]> => {
  const targets: RedactionTarget[] = flags.on("secrets") ? [{ is: "secrets" }] : [];
  for (const typed of args) {
    const target = readTarget(typed, namespace);
    if (E.isLeft(target)) return target;
    targets.push(target.right);
  }
  return E.right(targets);
};

const listed = (report: RedactionReport): string =>
  report.bodies.map(({ digest, bytes }) => `  ${digest} ${bytes} bytes\n`).join("");

const told = (report: RedactionReport, isDryRun: boolean): string => {
  if (report.bodies.length === 0) return "nothing to redact: the ledger holds no such body any more\n";
  const head = isDryRun
    ? `would delete ${bodies(report.bodies.length)} for good:`
    : `deleted ${bodies(report.bodies.length)} for good:`;
  return `${head}\n${listed(report)}`;
};

const commandOf = ({ commit: { intent } }: RecordedEvent): string =>
  isJsonObject(intent) && typeof intent.command === "string" ? intent.command : "";

/** Commands that gave the objects what they held, and are part of the log: their chain covers them. */
const literalsIn = ({ session }: CommandContext, targets: readonly RedactionTarget[]): number => {
  const streams = targets.flatMap((target) => (target.is === "object" ? [streamOf(target.ref)] : []));
  if (streams.length === 0) return 0;
  const commits = new Set<string>();
  for (const event of session.log(undefined, undefined, { streams })) {
    if (commandOf(event).includes("--from-literal")) commits.add(event.commit.id);
  }
  return commits.size;
};

export const redact: Verb = {
  name: "redact",
  ours: true,
  ledger: "as it is",
  summary:
    "Delete bodies (Secret data, ConfigMap data, old templates) for good; the log tells that they were, and stays provable",
  usage: "(secret/NAME | configmap/NAME | DIGEST)… [--secrets] [--reason TEXT] [--dry-run | --yes]",
  examples: [
    "rollout redact secret/login --dry-run",
    "rollout redact secret/login --reason 'password was leaked' --yes",
    "rollout redact --secrets --yes",
    "rollout redact 2c26b46b68ff --yes",
  ],
  flags: [
    { name: "secrets", type: "boolean", help: "All that Secrets ever held." },
    { name: "reason", type: "string", help: "Why, as the log tells it." },
    { name: "dry-run", type: "boolean", help: "Only say what would be deleted." },
    { name: "yes", type: "boolean", help: "Yes, delete it; it cannot be brought back." },
  ],
  run: async (ctx, invocation) => {
    const { flags, path, commandLine } = invocation;
    const targets = readTargets(invocation);
    if (E.isLeft(targets)) return fail(ctx, targets.left);
    if (targets.right.length === 0)
      return failUsage(ctx, path, "say what: secret/NAME, configmap/NAME, a digest or --secrets");
    const dryRun = flags.on("dry-run");
    if (!dryRun && !flags.on("yes")) {
      return fail(ctx, "what is redacted cannot be brought back: add --yes, or see with --dry-run what it would be");
    }
    const report = ctx.session.redact(targets.right, flags.text("reason"), {
      actor: ctx.actor,
      intent: { command: commandLine, verb: "redact" },
      dryRun,
    });
    if (E.isLeft(report)) return fail(ctx, report.left);
    ctx.io.out(told(report.right, dryRun));
    const literals = literalsIn(ctx, targets.right);
    if (literals > 0) {
      ctx.io.err(
        `Warning: ${count(literals, "command")} with --from-literal made them, and the log keeps commands as typed; ` +
          "export --redact=commands writes a ledger without\n",
      );
    }
    const { seam } = ctx.session.store;
    if (!dryRun && seam && report.right.bodies.length > 0) {
      ctx.io.err(`Warning: archives are not changed: ${seam.file}, and those before it, may hold these bodies too\n`);
    }
    if (!dryRun && !report.right.isScrubbed) {
      ctx.io.err(
        "Warning: another process reads the ledger, so their bytes may still stand in unused pages of the file; " +
          "redact again when it has ended\n",
      );
    }
    return 0;
  },
};
