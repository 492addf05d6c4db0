/** A Deployment `web` behind a Service, in a ledger of its own: typed at, let run, and looked at event by event. */

import {
  type Condition,
  conditionOf,
  type Deployment,
  type Entity,
  type EntityKind,
  type EntityOf,
  type Pod,
  type ReplicaSet,
} from "../../../src/domain/state.ts";
import { World } from "../../../src/domain/world.ts";
import type { LedgerSession } from "../../../src/engine/ledger-session.ts";
import type { InitOptions } from "../../../src/engine/open.ts";
import { REVISION } from "../../../src/kubernetes/well-known.ts";
import { deploymentIn, type Moment, replicaSetsOf, walk } from "../../support/history.ts";
import { type Output, started, typed } from "../../support/terminal.ts";

export interface Fields {
  readonly replicas?: number;
  readonly strategy?: object;
  readonly minReadySeconds?: number;
  readonly terminationGracePeriodSeconds?: number;
}

/** `surge` and `unavailable` of a rolling update. */
export const rolling = (surge: number | string, unavailable: number | string): object => ({
  type: "RollingUpdate",
  rollingUpdate: { maxSurge: surge, maxUnavailable: unavailable },
});

const manifest = ({ replicas = 3, strategy, minReadySeconds = 0, ...podSpec }: Fields): string => {
  const containers = [{ name: "web", image: "web:1" }];
  const template = { metadata: { labels: { app: "web" } }, spec: { ...podSpec, containers } };
  const selector = { matchLabels: { app: "web" } };
  const spec = { replicas, minReadySeconds, selector, template, ...(strategy ? { strategy } : {}) };
  return [
    { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web" },
      spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
    },
  ]
    .map((document) => JSON.stringify(document))
    .join("\n---\n");
};

/** Ready to serve, and not on its way out. */
export const isServing = (pod: Pod): boolean =>
  pod.meta.deletion === undefined && conditionOf(pod.status.conditions, "Ready")?.status === "True";

const is =
  <K extends EntityKind>(kind: K) =>
  (entity: Entity | undefined): entity is EntityOf<K> =>
    entity?.kind === kind;

export class Web {
  readonly session: LedgerSession;

  constructor(options: InitOptions = {}) {
    this.session = started(":memory:", options);
  }

  /** Throws when the command fails. */
  async type(...lines: readonly string[]): Promise<string> {
    let said = "";
    for (const line of lines) {
      const { code, out, err } = await this.attempt(line);
      if (code !== 0) throw new Error(`${line}: ${err}${out}`);
      said = out;
    }
    return said;
  }

  attempt(line: string): Promise<Output> {
    return typed(this.session, line);
  }

  async apply(fields: Fields = {}): Promise<this> {
    const { code, err } = await typed(this.session, "kubectl apply -f web.yaml", {
      files: { "web.yaml": manifest(fields) },
    });
    if (code !== 0) throw new Error(err);
    return this;
  }

  /** Applies it, and lets it come up. */
  async up(fields: Fields = {}): Promise<this> {
    await this.apply(fields);
    await this.type("rollout advance 1m");
    return this;
  }

  get world(): World {
    let last = new World();
    walk(this.session, (_, world) => {
      last = world;
    });
    return last;
  }

  get deployment(): Deployment {
    const found = deploymentIn(this.world);
    if (!found) throw new Error("there is no Deployment");
    return found;
  }

  get pods(): readonly Pod[] {
    return [...this.world.all("Pod")];
  }

  /** In order of creation. */
  get replicaSets(): readonly ReplicaSet[] {
    return replicaSetsOf(this.world, this.deployment);
  }

  get sizes(): readonly number[] {
    return this.replicaSets.map(({ spec }) => spec.replicas);
  }

  get revisions(): readonly (string | undefined)[] {
    return this.replicaSets.map(({ meta }) => meta.annotations[REVISION]);
  }

  condition(type: string): Condition {
    const found = conditionOf(this.deployment.status.conditions, type);
    if (!found) throw new Error(`there is no condition ${type}`);
    return found;
  }

  /** What has happened from one time on, in order. */
  moments(fromMs = 0): readonly Moment[] {
    const seen: Moment[] = [];
    const firstSeq = this.#seqAt(fromMs);
    walk(this.session, (moment) => {
      if (moment.seq >= firstSeq) seen.push(moment);
    });
    return seen;
  }

  #seqAt(fromMs: number): number {
    for (const { seq, at } of this.session.log()) if (at >= fromMs) return seq;
    return Infinity;
  }

  /** Every state of an object of the kind that was recorded from then on. */
  states<K extends EntityKind>(kind: K, fromMs = 0): readonly EntityOf<K>[] {
    return this.moments(fromMs)
      .map(({ after }) => after)
      .filter(is(kind));
  }

  /** `2: 0→3` for each size the controller gave the second ReplicaSet, grouped by sync: what one sync wrote was decided on one view. */
  syncs(fromMs: number): readonly (readonly string[])[] {
    const order = new Map<string, number>();
    const groups = new Map<number, string[]>();
    const firstSeq = this.#seqAt(fromMs);
    walk(this.session, ({ seq, before, after, view }) => {
      if (!is("ReplicaSet")(after)) return;
      const nth = order.get(after.meta.name) ?? order.size + 1;
      order.set(after.meta.name, nth);
      const from = is("ReplicaSet")(before) ? before.spec.replicas : 0;
      if (seq < firstSeq || from === after.spec.replicas) return;
      groups.set(view, [...(groups.get(view) ?? []), `${nth}: ${from}→${after.spec.replicas}`]);
    });
    return [...groups.values()];
  }

  /** From then on: how many pods the ReplicaSets together were to have at most, and how many served at least. */
  extremes(fromMs: number): { readonly mostWanted: number; readonly fewestServing: number } {
    let [mostWanted, fewestServing] = [0, Infinity];
    const firstSeq = this.#seqAt(fromMs);
    walk(this.session, ({ seq }, world) => {
      if (seq < firstSeq) return;
      const wanted = [...world.all("ReplicaSet")].reduce((sum, { spec }) => sum + spec.replicas, 0);
      mostWanted = Math.max(mostWanted, wanted);
      fewestServing = Math.min(fewestServing, [...world.all("Pod")].filter(isServing).length);
    });
    return { mostWanted, fewestServing };
  }

  /** `True/ReplicaSetUpdated` and so on: each state that Progressing came to, once. */
  get progress(): readonly string[] {
    const states = this.states("Deployment").map(({ status }) => {
      const found = conditionOf(status.conditions, "Progressing");
      return found ? `${found.status}/${found.reason}` : "";
    });
    return states.filter((state, i) => state !== "" && state !== states[i - 1]);
  }
}
