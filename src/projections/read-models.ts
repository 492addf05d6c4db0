/** The one list of read models: tables that are folds of the log, written in the transactions that append. */
import type { World } from "../domain/world.ts";
import type { Head, RecordedEvent } from "../event-store/port.ts";
import type { SqlAccess, SqlValue } from "../event-store/sqlite/sql-access.ts";
import type { Change } from "./change.ts";
import { ObjectsProjection } from "./objects.ts";
import { foldedEvent } from "./replay.ts";
import type { TemplateSource } from "./rollouts/deployment-track.ts";
import { RolloutsProjection } from "./rollouts/read-model.ts";

/** A table of a read model, to be compared row by row with the one that a rebuild gives. */
export interface ReadModelTable {
  readonly name: string;
  /** The columns that tell a row from all others; rows come in their order. */
  readonly key: readonly string[];
  /** It only says something of the read model before it. */
  readonly isAddition?: true;
}

export const readModelTables: readonly ReadModelTable[] = [
  { name: "objects", key: ["stream"] },
  { name: "objects_reach", key: ["id"], isAddition: true },
  { name: "rollout_deployments", key: ["id"] },
  { name: "rollouts", key: ["deployment", "number"] },
  { name: "availability", key: ["deployment", "at"] },
];

export type ReadModelRow = Readonly<Record<string, SqlValue>>;

export class ReadModels {
  readonly rollouts: RolloutsProjection;
  readonly #objects: ObjectsProjection;

  /** @param templateOf resolves the templates that events name while they are observed. */
  constructor(sql: SqlAccess, templateOf: TemplateSource) {
    this.#objects = new ObjectsProjection(sql);
    this.rollouts = new RolloutsProjection(sql, templateOf);
  }

  /** Fills a new world with what was saved and what happened `behind` the objects' reach, and goes on from there. */
  load(world: World, head: Pick<Head, "seq" | "at">, behind: Iterable<RecordedEvent> = []): void {
    this.#objects.load(world);
    for (const event of behind) world.apply(event.stream, foldedEvent(event));
    this.#objects.note(world.takeTouched());
    this.rollouts.load(world, head);
  }

  /** Takes every event that the world takes, in order. */
  observe(change: Change): void {
    this.rollouts.observe(change);
  }

  /** Saves what has changed since the last time, up to the log's end: in the world, and by what was observed. Inside a transaction. */
  save(world: World, headSeq: number): void {
    this.saveRollouts(world);
    if (this.#objects.isDue(headSeq)) this.saveObjects(world, headSeq);
  }

  /** The part of {@link save} that waits for nothing. */
  saveRollouts(world: World): void {
    const touched = world.takeTouched();
    this.#objects.note(touched);
    world.forgetGone(touched);
    this.rollouts.save();
  }

  /** The part of {@link save} that may wait: brings the objects up to `seq`, at whose end the world is. */
  saveObjects(world: World, seq: number): void {
    this.#objects.save(world, seq);
  }
}
