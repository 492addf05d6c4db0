-- Where the log was divided. In a ledger that goes on, the row 'past' names the archive that holds its events up to `seq`, and
-- the tables below say what is known of them here; in that archive, the row 'next' names the ledger in which the log goes on.
CREATE TABLE seams (
  side        TEXT    PRIMARY KEY CHECK (side IN ('past', 'next')),
  seq         INTEGER NOT NULL, -- the last event of the archive, which ends a commit
  hash        BLOB    NOT NULL, -- of that event: the chain goes on from it
  at          INTEGER NOT NULL, -- of that event
  recorded_at INTEGER NOT NULL,
  commits     INTEGER NOT NULL, -- how many there were
  file        TEXT    NOT NULL, -- the other file, as seen from the folder of this one
  digest      TEXT    NOT NULL  -- sha256 of all that stays of the past, hex; empty while that is being written
) STRICT;

-- What is known of every stream at the seam. Of streams that are kept the events stay; so do commits with a key.
CREATE TABLE stream_bases (
  stream_id INTEGER PRIMARY KEY,
  version   INTEGER NOT NULL,
  creations INTEGER NOT NULL, -- how often its object was created
  is_kept   INTEGER NOT NULL
) STRICT;

CREATE TABLE actor_bases (
  actor_id INTEGER PRIMARY KEY,
  commits  INTEGER NOT NULL
) STRICT;

-- Folds of the log at the seam, stored as snapshots are. Not for speed: without the archive nothing else tells them.
CREATE TABLE bases (
  name    TEXT    PRIMARY KEY,
  version INTEGER NOT NULL, -- of the code that folded
  state   ANY     NOT NULL
) STRICT;

DROP TRIGGER events_are_not_deleted;
CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events
WHEN old.seq > coalesce((SELECT seq FROM seams WHERE side = 'past'), 0)
BEGIN SELECT raise(ABORT, 'the log is append-only: events are deleted only where an archive holds them'); END;
DROP TRIGGER commits_are_not_deleted;
CREATE TRIGGER commits_are_not_deleted BEFORE DELETE ON commits
WHEN old.first_seq > coalesce((SELECT seq FROM seams WHERE side = 'past'), 0)
BEGIN SELECT raise(ABORT, 'the log is append-only: commits are deleted only where an archive holds them'); END;

CREATE TRIGGER seams_only_move_on BEFORE UPDATE ON seams
WHEN new.side <> old.side OR NOT (new.seq > old.seq OR (new.seq = old.seq AND old.digest = ''))
BEGIN SELECT raise(ABORT, 'the log is append-only: a seam only moves on'); END;
CREATE TRIGGER seams_are_not_deleted BEFORE DELETE ON seams
BEGIN SELECT raise(ABORT, 'the log is append-only: seams are not deleted'); END;
CREATE TRIGGER bases_are_not_updated BEFORE UPDATE ON bases
WHEN (SELECT digest FROM seams WHERE side = 'past') <> ''
BEGIN SELECT raise(ABORT, 'the log is append-only: what is known at a seam stays'); END;
CREATE TRIGGER bases_are_not_deleted BEFORE DELETE ON bases
WHEN (SELECT digest FROM seams WHERE side = 'past') <> ''
BEGIN SELECT raise(ABORT, 'the log is append-only: what is known at a seam stays'); END;
CREATE TRIGGER stream_bases_are_not_updated BEFORE UPDATE ON stream_bases
WHEN (SELECT digest FROM seams WHERE side = 'past') <> ''
BEGIN SELECT raise(ABORT, 'the log is append-only: what is known at a seam stays'); END;
CREATE TRIGGER stream_bases_are_not_deleted BEFORE DELETE ON stream_bases
WHEN (SELECT digest FROM seams WHERE side = 'past') <> ''
BEGIN SELECT raise(ABORT, 'the log is append-only: what is known at a seam stays'); END;
CREATE TRIGGER actor_bases_are_not_updated BEFORE UPDATE ON actor_bases
WHEN (SELECT digest FROM seams WHERE side = 'past') <> ''
BEGIN SELECT raise(ABORT, 'the log is append-only: what is known at a seam stays'); END;
CREATE TRIGGER actor_bases_are_not_deleted BEFORE DELETE ON actor_bases
WHEN (SELECT digest FROM seams WHERE side = 'past') <> ''
BEGIN SELECT raise(ABORT, 'the log is append-only: what is known at a seam stays'); END;
