import { expect, test } from "vitest";
import type { CommandContext } from "../../../src/commands/command.ts";
import { runCommand } from "../../../src/commands/run.ts";
import { started } from "../../support/terminal.ts";

const advanceOn = async (isTerminal: boolean): Promise<string> => {
  const session = started();
  const { advance } = session;
  session.advance = async (durationMs, onProgress) => {
    onProgress?.(session.now() + durationMs / 4);
    await advance.call(session, durationMs);
  };
  let err = "";
  const ctx: CommandContext = {
    session,
    actor: "user:test",
    defaultNamespace: "default",
    io: {
      out: () => undefined,
      err: (text) => {
        err += text;
      },
      readStdin: () => "",
      readFile: () => "",
      listFolder: () => undefined,
      isTerminal,
      columns: 80,
    },
  };
  await runCommand(ctx, ["advance", "60s"]);
  return err;
};

test("advance shows its progress on a terminal, on one line that it clears", async () => {
  expect(await advanceOn(true)).toBe("\r25 %  2026-01-01T00:00:15Z\u001b[K\r\u001b[K");
});

test("advance shows no progress where nobody watches", async () => {
  expect(await advanceOn(false)).toBe("");
});
