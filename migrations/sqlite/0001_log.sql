-- The log. Truth is in streams, types, actors, commits, events and blobs; snapshots and checkpoints can be thrown away.

-- Names stand here once: a stream's and a type's in every event would make the file a half larger.
CREATE TABLE streams (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE types (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

-- `commits` counts what the actor has committed; the next commit is its commits + 1.
CREATE TABLE actors (
  id      INTEGER PRIMARY KEY,
  name    TEXT NOT NULL UNIQUE,
  commits INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What the events of one write have in common. A commit is the run of events first_seq..last_seq; small numbers take no room.
CREATE TABLE commits (
  first_seq   INTEGER PRIMARY KEY,
  size        INTEGER NOT NULL, -- its number of events
  actor_id    INTEGER NOT NULL, -- actors.id
  nth         INTEGER NOT NULL, -- 1 for the actor's first commit
  key         TEXT,             -- the client's idempotency key
  at          INTEGER NOT NULL, -- ms, cluster time
  recorded_at INTEGER NOT NULL, -- ms, clock of the recording machine
  cause       INTEGER,          -- events.seq
  view        ANY,              -- a seq, or a JSON object from kind to seq
  intent      TEXT,             -- JSON
  last_seq    INTEGER AS (first_seq + size - 1)
) STRICT;

CREATE UNIQUE INDEX commits_by_key ON commits (key) WHERE key IS NOT NULL;

CREATE TABLE events (
  seq        INTEGER PRIMARY KEY,
  stream_id  INTEGER NOT NULL, -- streams.id
  version    INTEGER NOT NULL, -- 1 for the stream's first event
  place      INTEGER NOT NULL, -- in its commit, 0 for the first
  type_id    INTEGER NOT NULL, -- types.id
  schema     INTEGER NOT NULL, -- version of the data's form
  source_at  INTEGER,          -- ms, the time that an importer read at the source
  data       TEXT NOT NULL,    -- JSON
  hash       BLOB NOT NULL,    -- sha256 of the previous hash and this row
  commit_seq INTEGER AS (seq - place), -- commits.first_seq
  UNIQUE (stream_id, version)
) STRICT;

CREATE TABLE blobs (
  digest TEXT PRIMARY KEY, -- sha256 of the body, hex
  body   TEXT NOT NULL
) STRICT;

-- A fold of the log at a position: JSON text, or as a blob JSON compressed by Brotli.
CREATE TABLE snapshots (
  name    TEXT NOT NULL,
  version INTEGER NOT NULL, -- of the code that folded
  seq     INTEGER NOT NULL,
  state   ANY NOT NULL,
  PRIMARY KEY (name, version, seq)
) STRICT;

CREATE TABLE checkpoints (
  name     TEXT PRIMARY KEY,
  version  INTEGER NOT NULL, -- of the body's form
  revision INTEGER NOT NULL, -- 1 for the first save, one more with each
  body     TEXT NOT NULL
) STRICT;

CREATE TRIGGER events_are_not_updated BEFORE UPDATE ON events
BEGIN SELECT raise(ABORT, 'the log is append-only: events are not updated'); END;
CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events
BEGIN SELECT raise(ABORT, 'the log is append-only: events are not deleted'); END;
CREATE TRIGGER commits_are_not_updated BEFORE UPDATE ON commits
BEGIN SELECT raise(ABORT, 'the log is append-only: commits are not updated'); END;
CREATE TRIGGER commits_are_not_deleted BEFORE DELETE ON commits
BEGIN SELECT raise(ABORT, 'the log is append-only: commits are not deleted'); END;
CREATE TRIGGER streams_are_not_updated BEFORE UPDATE ON streams
BEGIN SELECT raise(ABORT, 'the log is append-only: streams are not updated'); END;
CREATE TRIGGER streams_are_not_deleted BEFORE DELETE ON streams
BEGIN SELECT raise(ABORT, 'the log is append-only: streams are not deleted'); END;
CREATE TRIGGER types_are_not_updated BEFORE UPDATE ON types
BEGIN SELECT raise(ABORT, 'the log is append-only: types are not updated'); END;
CREATE TRIGGER types_are_not_deleted BEFORE DELETE ON types
BEGIN SELECT raise(ABORT, 'the log is append-only: types are not deleted'); END;
CREATE TRIGGER actors_are_not_renamed BEFORE UPDATE ON actors
WHEN new.id <> old.id OR new.name <> old.name OR new.commits <= old.commits
BEGIN SELECT raise(ABORT, 'the log is append-only: actors keep their name and only count up'); END;
CREATE TRIGGER actors_are_not_deleted BEFORE DELETE ON actors
BEGIN SELECT raise(ABORT, 'the log is append-only: actors are not deleted'); END;
CREATE TRIGGER blobs_are_not_updated BEFORE UPDATE ON blobs
BEGIN SELECT raise(ABORT, 'the log is append-only: blobs are not updated'); END;
CREATE TRIGGER blobs_are_not_deleted BEFORE DELETE ON blobs
WHEN NOT EXISTS (
  SELECT 1 FROM streams AS s JOIN events AS e ON e.stream_id = s.id JOIN json_each(e.data, '$.digests') AS d
  WHERE s.name = 'redactions' AND d.value = old.digest
)
BEGIN SELECT raise(ABORT, 'the log is append-only: blobs are deleted only as an event of redactions says'); END;
