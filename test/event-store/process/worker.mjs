/** What the tests let other processes do to a ledger. Prints a line for each thing done. */
import { writeSync } from "node:fs";
import * as E from "fp-ts/lib/Either.js";
import { openSqliteStore } from "../../../src/event-store/sqlite/store.ts";

const say = (line) => writeSync(1, `${line}\n`);

const open = (path) => {
  const store = openSqliteStore(path, { busyTimeoutMs: 20_000 });
  if (E.isLeft(store)) throw store.left;
  return store.right;
};

const commit = (actor, at, writes) => ({ at, actor, cause: null, view: null, intent: null, writes });
const changed = (of) => ({ type: "Changed", schema: 1, data: { of } });

const tasks = {
  /** Says how the file was refused to an ordinary user. */
  inspect(path, mode) {
    // The superuser may do everything. Everything must be loaded before: the sources may be the superuser's alone.
    open(":memory:").close();
    if (process.getuid?.() === 0) process.setuid(65_534);
    const store = openSqliteStore(path, { readOnly: mode === "readOnly" });
    say(E.isLeft(store) ? `${store.left.kind}: ${store.left.message}` : "opened");
  },

  /**
   * Begins at an agreed time, and appends to a stream that all share: half of the time under the lock, half of the time
   * with the version read before and a new attempt after each conflict.
   */
  append(path, actor, count, startMs) {
    while (Date.now() < Number(startMs));
    const store = open(path);
    const writes = (of) => [
      { stream: "shared", expectedVersion: store.streamVersion("shared"), events: [changed(of)] },
      { stream: actor, expectedVersion: of, events: [changed(of), changed(of)] },
    ];
    let conflicts = 0;
    for (let i = 0; i < Number(count); ) {
      const locked = i % 2 === 0;
      const write = () => store.append([commit(actor, 0, writes(2 * i))]);
      const count = () => store.checkpoints.save("count", 1, String(store.head().seq));
      const result = locked ? store.transaction(() => E.map(count)(write())) : write();
      if (E.isRight(result)) i += 1;
      else if (locked || result.left._tag !== "Conflict") throw new Error(JSON.stringify(result.left));
      else conflicts += 1;
    }
    store.close();
    say(`conflicts ${conflicts}`);
  },

  /** Appends transactions of several commits for ever; says the head after each. The checkpoint repeats the head. */
  appendForever(path, seed) {
    const store = open(path);
    let random = Number(seed);
    const draw = (below) => {
      random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0;
      return (random >>> 8) % below;
    };
    for (;;) {
      store.transaction(() => {
        for (let commits = 1 + draw(20); commits > 0; commits -= 1) {
          const events = Array.from({ length: 1 + draw(5) }, () => changed("x".repeat(draw(300))));
          const result = store.append([
            commit(`actor-${draw(3)}`, 0, [{ stream: `s${draw(50)}`, expectedVersion: "any", events }]),
          ]);
          if (E.isLeft(result)) throw new Error("no conflict is possible");
        }
        return E.right(store.checkpoints.save("head", 1, String(store.head().seq)));
      });
      say(store.head().seq);
    }
  },

  /** Creates ledgers at agreed times, as another process does the same, and appends a commit to each. */
  createTogether(directory, actor, count, startMs) {
    for (let i = 0; i < Number(count); i += 1) {
      while (Date.now() < Number(startMs) + 10 * i);
      const store = open(`${directory}/${i}.db`);
      store.append([commit(actor, 0, [{ stream: actor, expectedVersion: 0, events: [changed(i)] }])]);
      store.close();
    }
  },

  /** Creates one ledger after the other. */
  createForever(directory) {
    for (let i = 0; ; i += 1) {
      say(`creating ${i}`);
      open(`${directory}/${i}.db`).close();
    }
  },
};

const [task, ...parameters] = process.argv.slice(2);
tasks[task](...parameters);
