/** What looks after the file itself: one state of it to read, copies, figures, and forgetting what was deleted. */
import Database from "better-sqlite3";
import { StoreError } from "../store-error.ts";
import { classified, classify } from "./classify.ts";

interface TypeFigures {
  readonly type: string;
  readonly events: number;
  /** Of the events' data as stored. */
  readonly dataBytes: number;
}

interface TableFigures {
  readonly table: string;
  /** With its indexes; pages that are partly filled count whole. */
  readonly bytes: number;
  readonly rows: number;
}

interface ActorFigures {
  readonly actor: string;
  readonly commits: number;
}

interface SnapshotFigures {
  readonly name: string;
  readonly count: number;
  readonly bytes: number;
}

/** How much of what a ledger's file holds. */
export interface StoreFigures {
  readonly events: number;
  readonly commits: number;
  readonly streams: number;
  readonly blobs: { readonly count: number; readonly bytes: number };
  /** Most frequent first. */
  readonly types: readonly TypeFigures[];
  /** Largest first; undefined where this SQLite cannot tell. */
  readonly tables: readonly TableFigures[] | undefined;
  /** Busiest first. */
  readonly actors: readonly ActorFigures[];
  readonly snapshots: readonly SnapshotFigures[];
  /** Of the main file, without the write-ahead log beside it. */
  readonly fileBytes: number;
  /** Pages of the file that hold nothing. */
  readonly freeBytes: number;
}

/**
 * Makes an SQLite database one plain file, so that another may take its name: what stands in the write-ahead log goes into it,
 * and nothing stays beside it. False while a process has it open.
 */
export const settle = (path: string): boolean => {
  const db = new Database(path, { timeout: 0 });
  try {
    return db.pragma("journal_mode = DELETE", { simple: true }) === "delete";
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY")) return false;
    throw classify(error);
  } finally {
    db.close();
  }
};

export class Maintenance {
  readonly #db: Database.Database;
  // Prepared before anything is read: where the schema is damaged, SQLite compiles nothing any more.
  readonly #begin: Database.Statement<[]>;
  readonly #end: Database.Statement<[]>;

  constructor(db: Database.Database) {
    this.#db = db;
    this.#begin = db.prepare("BEGIN");
    this.#end = db.prepare("ROLLBACK");
  }

  /** Absolute; undefined for a ledger in memory. */
  get path(): string | undefined {
    return this.#db.memory ? undefined : this.#db.name;
  }

  /**
   * Runs reads that pause between steps on one state of the ledger, whatever other processes write meanwhile. Takes no lock;
   * nothing may be written through this connection until the reads have ended.
   */
  *steadily<P, A>(reads: () => Generator<P, A>): Generator<P, A> {
    this.#begin.run();
    try {
      return yield* reads();
    } finally {
      // Not COMMIT: in a damaged file it finds fault with what was only read.
      if (this.#db.inTransaction) this.#end.run();
    }
  }

  /** Writes the ledger as it is now into a new file, without pages that hold nothing. Other processes may go on writing. */
  copyTo(file: string): void {
    classified(() => this.#db.prepare<[string]>("VACUUM INTO ?").run(file));
  }

  /** Deletes bodies that an event of the stream `redactions` names; others are refused. Inside a transaction. */
  deleteBlobs(digests: readonly string[]): void {
    const remove = this.#db.prepare<[digest: string]>("DELETE FROM blobs WHERE digest = ?");
    for (const digest of digests) classified(() => remove.run(digest));
  }

  /**
   * Writes the whole file anew, and empties the write-ahead log: what was deleted is in no page of either. Needs the ledger
   * for itself; throws a StoreError of the kind Busy while another process reads or writes.
   */
  scrub(): void {
    classified(() => {
      // The copy on the way is as large as the ledger: not in memory.
      this.#db.pragma("temp_store = FILE");
      try {
        this.#db.exec("VACUUM");
      } finally {
        this.#db.pragma("temp_store = MEMORY");
      }
      const [row] = this.#db.prepare<[], [busy: number]>("PRAGMA wal_checkpoint(TRUNCATE)").raw().all();
      if (row?.[0] === 1) throw new StoreError("Busy", "another process reads from the ledger");
    });
  }

  figures(): StoreFigures {
    return classified(() => ({
      events: this.#number("SELECT count(*) FROM events"),
      commits: this.#number("SELECT count(*) FROM commits"),
      streams: this.#number("SELECT count(*) FROM streams"),
      blobs: {
        count: this.#number("SELECT count(*) FROM blobs"),
        bytes: this.#number("SELECT coalesce(sum(octet_length(body)), 0) FROM blobs"),
      },
      types: this.#all<TypeFigures>(
        `SELECT t.name AS type, count(*) AS events, sum(octet_length(e.data)) AS dataBytes
         FROM events AS e JOIN types AS t ON t.id = e.type_id GROUP BY e.type_id ORDER BY events DESC, type`,
      ),
      tables: this.#tables(),
      actors: this.#all<ActorFigures>("SELECT name AS actor, commits FROM actors ORDER BY commits DESC, name"),
      snapshots: this.#all<SnapshotFigures>(
        `SELECT name, count(*) AS count, sum(octet_length(state)) AS bytes FROM snapshots GROUP BY name ORDER BY name`,
      ),
      fileBytes: this.#number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"),
      freeBytes: this.#number("SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size"),
    }));
  }

  /** Pages are counted by `dbstat`, which not every build of SQLite has. */
  #tables(): readonly TableFigures[] | undefined {
    if (this.#number("SELECT sqlite_compileoption_used('ENABLE_DBSTAT_VTAB')") === 0) return undefined;
    const sizes = this.#all<Omit<TableFigures, "rows">>(
      `SELECT s.tbl_name AS "table", sum(d.pgsize) AS bytes FROM sqlite_schema AS s
       JOIN dbstat AS d ON d.name = s.name AND d.aggregate = 1 GROUP BY s.tbl_name ORDER BY bytes DESC, s.tbl_name`,
    );
    return sizes.map(({ table, bytes }) => ({ table, bytes, rows: this.#number(`SELECT count(*) FROM "${table}"`) }));
  }

  #number(sql: string): number {
    return this.#db.prepare<[], number>(sql).pluck().get() ?? 0;
  }

  #all<Row>(sql: string): readonly Row[] {
    return this.#db.prepare<[], Row>(sql).all();
  }
}
