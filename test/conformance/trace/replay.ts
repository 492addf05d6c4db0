/** Takes the steps of a recording in a cluster of ours, at the times at which they took effect. */
import type { KubeObject } from "../../../src/kubernetes/objects.ts";
import { type ApiAnswer, answerTo } from "./api-request.ts";
import { Cluster } from "./cluster.ts";
import { Command } from "./command.ts";
import { Names } from "./names.ts";
import { isEndless } from "./outputs.ts";
import type { ApiStep, KubectlStep, Recording, Said, Step, WatchedChange } from "./recording.ts";
import { orderedFacts } from "./stand-in-kubelet.ts";
import { startOf, timelineOf } from "./timeline.ts";

/** How much longer than in the recording a command may take before it is given up. */
const patienceMs = 30_000;

const kinds = ["Deployment", "ReplicaSet", "Pod", "Service", "EndpointSlice"] as const;

export interface Replay {
  readonly changes: readonly WatchedChange[];
  readonly final: readonly KubeObject[];
  readonly said: ReadonlyMap<KubectlStep, Said>;
  /** Undefined where the request is the HTTP side's to answer. */
  readonly answered: ReadonlyMap<ApiStep, ApiAnswer | undefined>;
}

class Replayer {
  readonly #folder: string;
  readonly #cluster: Cluster;
  readonly #recorded: readonly WatchedChange[];
  readonly #names: Names;
  readonly #commands: Command[] = [];
  readonly answered = new Map<ApiStep, ApiAnswer | undefined>();

  constructor(recording: Recording) {
    this.#folder = recording.name;
    this.#cluster = new Cluster(recording.namespace, startOf(recording));
    this.#recorded = recording.changes ?? [];
    this.#names = new Names(this.#recorded, this.#cluster.changes);
  }

  /** Waits for the commands that had ended by then in the recording, then lets time go on to `at`. */
  async advance(at: number): Promise<void> {
    for (const command of this.#commands) {
      if (command.step.t_end > at || command.hasEnded) continue;
      await this.#goOn(command.step.t_end);
      if (isEndless(command.step)) command.stop();
      await this.#goOn(command.step.t_end + patienceMs, () => command.hasEnded);
      command.stop();
      await command.settle();
    }
    await this.#goOn(at);
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case "kubectl": {
        const argv = step.argv.map((word) => this.#names.inWord(step.t, word));
        const command = new Command(this.#cluster, step, argv, this.#folder);
        this.#commands.push(command);
        await command.settle();
        break;
      }
      case "api":
        this.answered.set(step, answerTo(this.#cluster, step, this.#recorded));
        break;
      case "kubelet":
        for (const pod of step.pods) {
          this.#cluster.report(this.#names.at(step.t, pod), (found) => orderedFacts(step.op, found));
        }
        break;
      case "wait":
        break;
    }
    await this.#tell();
  }

  result(): Replay {
    const final = kinds.flatMap((kind) => this.#cluster.list(kind));
    const said = new Map(this.#commands.map((command) => [command.step, command.said]));
    this.#cluster.close();
    return { changes: this.#cluster.changes, final, said, answered: this.answered };
  }

  /** Lets time go on until `t`, or until it is enough. */
  async #goOn(t: number, isEnough: () => boolean = () => false): Promise<void> {
    while (!isEnough() && this.#cluster.step(t)) await this.#settle();
    await this.#settle();
  }

  async #tell(): Promise<void> {
    this.#cluster.tell();
    await this.#settle();
  }

  async #settle(): Promise<void> {
    for (const command of this.#commands) await command.settle();
  }
}

/** What happens in our cluster when the recording's steps are taken in it. */
export const replay = async (recording: Recording): Promise<Replay> => {
  const replayer = new Replayer(recording);
  const ends = [...(recording.changes ?? []).map(({ t }) => t), ...recording.steps.map(({ t }) => t)];
  for (const { step, at } of timelineOf(recording)) {
    await replayer.advance(at);
    await replayer.take(step);
  }
  await replayer.advance(Math.max(0, ...ends) + 1000);
  return replayer.result();
};
