/** `--dry-run`. */
import * as E from "fp-ts/lib/Either.js";
import type { CommandContext } from "./command.ts";
import type { Failure } from "./failure.ts";
import { clientFailure } from "./failure.ts";
import type { ParsedFlags } from "./grammar/flags.ts";
import { boolean } from "./grammar/values.ts";

export type DryRun = "none" | "client" | "server";

/** Reads the flag; the deprecated forms (bare, `=true`) are told on standard error and mean what they meant. */
export const readDryRun = (ctx: CommandContext, flags: ParsedFlags): E.Either<Failure, DryRun> => {
  const value = flags.text("dry-run");
  if (value === "none" || value === "client" || value === "server") return E.right(value);
  if (value === "unchanged") {
    ctx.io.err("Warning: --dry-run is deprecated and can be replaced with --dry-run=client.\n");
    return E.right("client");
  }
  const asBoolean = boolean(value);
  if (E.isLeft(asBoolean)) {
    return E.left(clientFailure(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`));
  }
  const instead = asBoolean.right ? "client" : "none";
  ctx.io.err(
    `Warning: --dry-run=${value} is deprecated (boolean value) and can be replaced with --dry-run=${instead}.\n`,
  );
  return E.right(instead);
};

/** What result lines say of it. */
export const dryRunSuffix: Readonly<Record<DryRun, string>> = {
  none: "",
  client: " (dry run)",
  server: " (server dry run)",
};
