/** The rows of the log, as commits for the event store and as bare rows. */

/** The commits as they are handed to the event store. */
export const commitsOf = (events) => {
  const commits = new Map();
  for (const { commit, at, actor, cause, view, stream, version, type, schema, data } of events) {
    const write = { stream, expectedVersion: version - 1, events: [] };
    const known = commits.get(commit.firstSeq) ?? { at, actor, cause, view, intent: commit.intent, writes: [write] };
    commits.set(commit.firstSeq, known);
    known.writes[0].events.push({ type, schema, data });
  }
  return [...commits.values()];
};

/** Without those that are generated from others. */
export const storedColumns = {
  commits: "first_seq, size, actor_id, nth, key, at, recorded_at, cause, view, intent",
  events: "seq, stream_id, version, place, type_id, schema, source_at, data, hash",
};

export const bareTables = `
  CREATE TABLE commits (first_seq INTEGER PRIMARY KEY, size INTEGER, actor_id INTEGER, nth INTEGER, key TEXT,
    at INTEGER, recorded_at INTEGER, cause INTEGER, view ANY, intent TEXT) STRICT;
  CREATE TABLE events (seq INTEGER PRIMARY KEY, stream_id INTEGER, version INTEGER, place INTEGER, type_id INTEGER,
    schema INTEGER, source_at INTEGER, data TEXT, hash BLOB, UNIQUE (stream_id, version)) STRICT;`;

/** Inserts rows in a transaction; nothing is computed and nothing is checked. */
export const bareCommit = (db) => {
  const insertCommit = db.prepare("INSERT INTO commits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const insertEvent = db.prepare("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  return db.transaction((commitRows, eventRows) => {
    for (const row of commitRows) insertCommit.run(row);
    for (const row of eventRows) insertEvent.run(row);
  });
};
