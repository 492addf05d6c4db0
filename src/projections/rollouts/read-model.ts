/** The tables `rollout_deployments`, `rollouts` and `availability`: what the fold of the log hands out, and where it goes on. */
import type { Digest } from "../../domain/state.ts";
import { refOfStream, type World } from "../../domain/world.ts";
import type { Head } from "../../event-store/port.ts";
import type { SqlAccess, SqlStatement, SqlValue } from "../../event-store/sqlite/sql-access.ts";
import type { Change } from "../change.ts";
import type { DeploymentTrackState, SteppedLevels, TemplateSource } from "./deployment-track.ts";
import { RolloutsFold, type SavedDeployment } from "./fold.ts";
import type { Rollout } from "./model.ts";
import { type RolloutRow, rolloutColumns, rolloutOf, rowOf } from "./rows.ts";

interface DeploymentRow {
  readonly id: number;
  readonly stream: string;
  /** JSON of a {@link DeploymentTrackState}. */
  readonly state: string;
}

interface TemplateRow {
  readonly deployment: number;
  readonly template: Digest;
  readonly number: number;
}

const placeholders = (count: number): string => Array(count).fill("?").join(", ");

const updates = rolloutColumns.map((column) => `${column} = excluded.${column}`).join(", ");

export class RolloutsProjection {
  readonly #templateOf: TemplateSource;
  readonly #saveDeployment: SqlStatement<[number, string, string, string, string], unknown>;
  readonly #saveRollout: SqlStatement<SqlValue[], unknown>;
  readonly #saveStep: SqlStatement<number[], unknown>;
  readonly #removeStep: SqlStatement<[number, number], unknown>;
  readonly #deployments: SqlStatement<[], DeploymentRow>;
  readonly #templates: SqlStatement<[], TemplateRow>;
  readonly #closed: SqlStatement<[string, number], RolloutRow>;
  readonly #ids = new Map<string, number>();
  /** Steps of moments that were not over when they were saved. */
  readonly #provisional = new Map<string, number>();
  #fold: RolloutsFold;

  constructor(sql: SqlAccess, templateOf: TemplateSource) {
    this.#templateOf = templateOf;
    this.#fold = new RolloutsFold(templateOf);
    this.#saveDeployment = sql.prepare(
      `INSERT INTO rollout_deployments (id, stream, namespace, name, state) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET state = excluded.state`,
    );
    this.#saveRollout = sql.prepare(
      `INSERT INTO rollouts (deployment, ${rolloutColumns.join(", ")}) VALUES (${placeholders(rolloutColumns.length + 1)})
       ON CONFLICT (deployment, number) DO UPDATE SET ${updates}`,
    );
    this.#saveStep = sql.prepare(
      `INSERT OR REPLACE INTO availability (deployment, at, seq, desired, floor, ceiling, floor_in_force, ceiling_in_force,
       pods, terminating, available) VALUES (${placeholders(11)})`,
    );
    this.#removeStep = sql.prepare("DELETE FROM availability WHERE deployment = ? AND at = ?");
    this.#deployments = sql.prepare("SELECT id, stream, state FROM rollout_deployments ORDER BY id");
    this.#templates = sql.prepare(
      "SELECT deployment, template, max(number) AS number FROM rollouts GROUP BY deployment, template ORDER BY 1, 3",
    );
    this.#closed = sql.prepare(
      `SELECT rollouts.* FROM rollouts JOIN rollout_deployments ON id = deployment
       WHERE stream = ? AND closed_seq <= ? ORDER BY number`,
    );
  }

  /** The fold as of the last event observed. */
  get fold(): RolloutsFold {
    return this.#fold;
  }

  /** Goes on from what was saved; `world` is the cluster at the head of the log. */
  load(world: World, head: Pick<Head, "seq" | "at">): void {
    this.#ids.clear();
    this.#provisional.clear();
    const templates = new Map<number, (readonly [Digest, number])[]>();
    for (const { deployment, template, number } of this.#templates.all()) {
      const known = templates.get(deployment);
      if (known) known.push([template, number]);
      else templates.set(deployment, [[template, number]]);
    }
    const deployments = this.#deployments.all().map(({ id, stream, state }): SavedDeployment => {
      const saved: DeploymentTrackState = JSON.parse(state);
      this.#ids.set(stream, id);
      if (saved.isUnsettled) this.#provisional.set(stream, saved.touchedMs);
      return { stream, ...saved, templates: templates.get(id) ?? [] };
    });
    this.#fold = RolloutsFold.restore({ seq: head.seq, nowMs: head.at, deployments }, world, this.#templateOf);
  }

  observe(change: Change): void {
    this.#fold.observe(change);
  }

  /** Saves what has changed since the last time. Inside a transaction. */
  save(): void {
    const { touched, closed, steps } = this.#fold.take();
    if (touched.size === 0) return;
    // Numbered in the order they appeared in, whatever the pieces that are saved: what is written first may be of a later one.
    for (const { stream } of touched) this.#id(stream);
    for (const { stream } of touched) this.#removeProvisional(stream);
    for (const { stream, rollout } of closed) this.#writeRollout(stream, rollout);
    for (const { stream, ...step } of steps) this.#writeStep(stream, step);
    for (const track of touched) {
      const { stream } = track;
      const { namespace = "", name = "" } = refOfStream(stream) ?? {};
      this.#saveDeployment.run(this.#id(stream), stream, namespace, name, JSON.stringify(track.state()));
      const open = track.openAt();
      if (open) this.#writeRollout(stream, open);
      const pending = track.pending();
      if (!pending) continue;
      this.#writeStep(stream, pending);
      this.#provisional.set(stream, pending.atMs);
    }
  }

  /** The rollouts of a Deployment that were closed by an event up to `toSeq`, in order. */
  closed(stream: string, toSeq: number): readonly Rollout[] {
    const rows = this.#closed.all(stream, toSeq);
    return rows.map((row, i) => rolloutOf(row, rows[i - 1]));
  }

  #removeProvisional(stream: string): void {
    const atMs = this.#provisional.get(stream);
    if (atMs === undefined) return;
    this.#removeStep.run(this.#id(stream), atMs);
    this.#provisional.delete(stream);
  }

  #id(stream: string): number {
    const known = this.#ids.get(stream);
    if (known !== undefined) return known;
    const id = this.#ids.size + 1;
    this.#ids.set(stream, id);
    return id;
  }

  #writeRollout(stream: string, rollout: Rollout): void {
    const row = rowOf(rollout);
    this.#saveRollout.run(this.#id(stream), ...rolloutColumns.map((column) => row[column]));
  }

  #writeStep(stream: string, { atMs, seq, levels }: SteppedLevels): void {
    const { desired, floor, ceiling, floorInForce, ceilingInForce, pods, terminating, available } = levels;
    const id = this.#id(stream);
    this.#saveStep.run(
      id,
      atMs,
      seq,
      desired,
      floor,
      ceiling,
      floorInForce,
      ceilingInForce,
      pods,
      terminating,
      available,
    );
  }
}
