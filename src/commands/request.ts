/** Sending a write, with what the commit keeps about the command. */
import type * as E from "fp-ts/lib/Either.js";
import type { Write } from "../domain/write.ts";
import type { KubeObject } from "../kubernetes/objects.ts";
import type { Refusal } from "../kubernetes/refusal.ts";
import { CHANGE_CAUSE } from "../kubernetes/well-known.ts";
import type { CommandContext } from "./command.ts";
import type { DryRun } from "./dry-run.ts";
import type { Invocation } from "./verb.ts";

export interface RequestDetails {
  /** `client` must not get here: such a request is never sent. */
  readonly dryRun?: DryRun;
  readonly fieldManager: string;
  /** What the person did, when it is more than create, update, patch or delete: `undo`, `restart`, `set image`. */
  readonly verb?: string;
  readonly toRevision?: number;
  readonly changeCause?: string;
}

/** Sends one write for the person at the command line. */
export const request = (
  ctx: CommandContext,
  invocation: Invocation,
  write: Write,
  details: RequestDetails,
): E.Either<Refusal, KubeObject> =>
  ctx.session.request(write, {
    actor: ctx.actor,
    dryRun: details.dryRun === "server",
    intent: {
      command: invocation.commandLine,
      verb: details.verb ?? write.verb,
      fieldManager: details.fieldManager,
      ...(details.toRevision === undefined ? {} : { toRevision: details.toRevision }),
      ...(details.changeCause === undefined ? {} : { changeCause: details.changeCause }),
    },
  });

/** The object with this annotation set. */
export const withAnnotation = <T extends KubeObject>(object: T, key: string, value: string): T => ({
  ...object,
  metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [key]: value } },
});

/** With `--record`: the object with the command in `kubernetes.io/change-cause`. */
export const recordChangeCause = <T extends KubeObject>(object: T, { flags, changeCause }: Invocation): T =>
  flags.on("record") ? withAnnotation(object, CHANGE_CAUSE, changeCause) : object;
