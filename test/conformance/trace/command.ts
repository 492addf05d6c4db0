/** One kubectl command of a recording, typed into a cluster of ours. */
import { runCommand } from "../../../src/commands/run.ts";
import { ACTOR, type Cluster } from "./cluster.ts";
import type { KubectlStep, Said } from "./recording.ts";

export class Command {
  readonly step: KubectlStep;
  readonly #abort = new AbortController();
  #out = "";
  #err = "";
  #exit: number | undefined;
  #isWaiting = false;
  #crash: unknown;

  /** Starts it. @param argv the recorded words, with our objects' names. */
  constructor(cluster: Cluster, step: KubectlStep, argv: readonly string[]) {
    this.step = step;
    const session = cluster.session((isWaiting) => {
      this.#isWaiting = isWaiting;
    });
    const io = {
      out: (text: string) => {
        this.#out += text;
      },
      err: (text: string) => {
        this.#err += text;
      },
      readStdin: () => step.stdin ?? "",
      readFile: (path: string) => {
        throw Object.assign(new Error(`ENOENT: ${path}`), { code: "ENOENT" });
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
    return { exit: this.#exit ?? -1, stdout: this.#out, stderr: this.#err };
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
