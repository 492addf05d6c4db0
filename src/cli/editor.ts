/** The user's editor, as kubectl finds it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CommandIo } from "../commands/command.ts";

const editWith =
  (editor: string): NonNullable<CommandIo["edit"]> =>
  (text, fileName) => {
    const folder = mkdtempSync(join(tmpdir(), "rollout-edit-"));
    const path = join(folder, fileName);
    try {
      writeFileSync(path, text, { mode: 0o600 });
      // Through a shell, because people write arguments into these variables: EDITOR="code --wait".
      const { status, error } = spawnSync(`${editor} "$0"`, { argv0: path, shell: "/bin/sh", stdio: "inherit" });
      if (error) throw error;
      if (status !== 0) throw new Error(`the editor (${editor}) ended with status ${status}; nothing was changed`);
      return readFileSync(path, "utf8");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };

/** `KUBE_EDITOR`, `EDITOR`, or vi; undefined when vi would have no terminal. */
export const userEditor = (env: NodeJS.ProcessEnv): CommandIo["edit"] => {
  const named = env.KUBE_EDITOR || env.EDITOR;
  if (named) return editWith(named);
  return process.stdin.isTTY && process.stdout.isTTY ? editWith("vi") : undefined;
};
