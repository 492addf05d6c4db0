/** One kubectl command of a recording, typed into a cluster of ours. */
import { runCommand } from "../../../src/commands/run.ts";
import { readRecorded } from "../recordings.ts";
import { ACTOR, type Cluster } from "./cluster.ts";
import type { KubectlStep, Printed, Said } from "./recording.ts";

export class Command {
  readonly step: KubectlStep;
  readonly #abort = new AbortController();
  readonly #printed: Printed[] = [];
  #err = "";
  #exit: number | undefined;
  #isWaiting = false;
  #crash: unknown;

  /** Starts it. @param argv the recorded words, with our objects' names. @param folder of the recording, where its files are. */
  constructor(cluster: Cluster, step: KubectlStep, argv: readonly string[], folder: string) {
    this.step = step;
    const session = cluster.session((isWaiting) => {
      this.#isWaiting = isWaiting;
    });
    const io = {
      out: (text: string) => {
        this.#printed.push({ t: cluster.t, text });
      },
      err: (text: string) => {
        this.#err += text;
      },
      readStdin: () => step.stdin ?? "",
      readFile: (path: string) => {
        const text = readRecorded("traces", folder, path);
        if (text === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: "ENOENT" });
        return text;
      },
      listFolder: () => undefined,
      isTerminal: false,
      columns: 120,
    };
    const ctx = { session, actor: ACTOR, defaultNamespace: cluster.namespace, signal: this.#abort.signal, io };
    runCommand(ctx, argv).then(
      (exit) => {
        this.#exit = exit;
      },
      (error: unknown) => {
        this.#crash = error;
        this.#exit = -1;
      },
    );
  }

  get hasEnded(): boolean {
    return this.#exit !== undefined;
  }

  get said(): Said {
    const stdout = this.#printed.map(({ text }) => text).join("");
    return { exit: this.#exit ?? -1, stdout, stderr: this.#err, printed: this.#printed };
  }

  /** As Ctrl-C does. */
  stop(): void {
    this.#abort.abort();
  }

  /** Resolves when the command has ended, or waits for time to pass. */
  async settle(): Promise<void> {
    while (!this.hasEnded && !this.#isWaiting) await new Promise((resolve) => setImmediate(resolve));
    if (this.#crash !== undefined) throw this.#crash;
  }
}
