/** A prompt to a ledger in memory, with files, an editor and quotes: for tests of single verbs. */
import type { CommandContext, CommandIo } from "../../src/commands/command.ts";
import { runCommand } from "../../src/commands/run.ts";
import type { Write } from "../../src/domain/write.ts";
import type { LedgerSession } from "../../src/engine/ledger-session.ts";
import type { RequestOptions } from "../../src/engine/session.ts";
import { type Output, started } from "./terminal.ts";

export interface Prompt {
  readonly session: LedgerSession;
  readonly requests: readonly { readonly write: Write; readonly options: RequestOptions }[];
  /** By path; a folder is a path that ends with `/` and holds the paths of its files, one in each line. */
  readonly files: Map<string, string>;
  stdin: string;
  edit: CommandIo["edit"];
  signal: AbortSignal | undefined;
  /** Runs one line; single quotes keep spaces. */
  run(line: string): Promise<Output>;
}

const wordsOf = (line: string): readonly string[] =>
  Array.from(line.matchAll(/(?:'[^']*'|[^\s'])+/g), ([word]) => word.replaceAll("'", ""));

export const openPrompt = (): Prompt => {
  const session = started();
  const requests: { write: Write; options: RequestOptions }[] = [];
  const send = session.request.bind(session);
  session.request = (write, options) => {
    requests.push({ write, options });
    return send(write, options);
  };
  const prompt: Prompt = {
    session,
    requests,
    files: new Map(),
    stdin: "",
    edit: undefined,
    signal: undefined,
    run: async (line) => {
      const output = { code: 0, out: "", err: "" };
      const ctx: CommandContext = {
        session,
        actor: "user:test",
        defaultNamespace: "default",
        ...(prompt.signal ? { signal: prompt.signal } : {}),
        io: {
          out: (text) => {
            output.out += text;
          },
          err: (text) => {
            output.err += text;
          },
          readStdin: () => prompt.stdin,
          readFile: (path) => {
            const text = prompt.files.get(path);
            if (text === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: "ENOENT" });
            return text;
          },
          listFolder: (path) => prompt.files.get(`${path}/`)?.split("\n").filter(Boolean),
          ...(prompt.edit ? { edit: prompt.edit } : {}),
          isTerminal: false,
          columns: 0,
        },
      };
      output.code = await runCommand(ctx, wordsOf(line));
      return output;
    },
  };
  return prompt;
};

/** What a command says that works and has nothing to complain of. */
export const says = (out: string): Output => ({ code: 0, out, err: "" });

/** What a command says that fails without doing anything. */
export const refuses = (err: string, code = 1): Output => ({ code, out: "", err });

export const webManifest = (image = "nginx:1.14"): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: ${image}
`;
