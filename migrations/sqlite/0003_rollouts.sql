-- The rollouts of every Deployment, and how many of its pods were available: folds of the log, rebuilt from it at any time.
-- Times are cluster time in ms. What is not known, or not yet, is NULL.

-- Every Deployment that the log knows, in order of appearance; deleted and created anew, it is the same one.
CREATE TABLE rollout_deployments (
  id        INTEGER PRIMARY KEY,
  stream    TEXT NOT NULL UNIQUE, -- Deployment/NAMESPACE/NAME
  namespace TEXT NOT NULL,
  name      TEXT NOT NULL,
  state     TEXT NOT NULL         -- JSON: where the fold goes on
) STRICT;

-- One row for each change of a Deployment's template, its creation included.
-- What was before (template, images) stands in the row of the number before; the first and one with `is_creation` have none.
-- The rollout ended at coalesce(completed_at, closed_at).
CREATE TABLE rollouts (
  deployment           INTEGER NOT NULL, -- rollout_deployments.id
  number               INTEGER NOT NULL, -- #1, #2, …; never used twice
  seq                  INTEGER NOT NULL, -- the event that changed the template
  at                   INTEGER NOT NULL,
  actor                TEXT    NOT NULL, -- user:alice
  is_creation          INTEGER NOT NULL, -- 1: the Deployment was created with it
  verb                 TEXT,             -- what the client did: create, apply, set image, undo, restart, …
  to_revision          INTEGER,          -- the revision that an undo asked for
  is_inferred          INTEGER NOT NULL, -- 1: the client did not say its verb; the change itself told
  command              TEXT,             -- as typed
  change_cause         TEXT,             -- annotation kubernetes.io/change-cause, where it was set for this rollout
  template             TEXT    NOT NULL, -- digest of the pod template
  images               TEXT    NOT NULL, -- JSON array, container by container
  revision             TEXT,             -- Kubernetes' revision as it was assigned for this rollout
  restores             INTEGER,          -- the earlier rollout whose template this is
  started_at           INTEGER,          -- NULL as long as the Deployment was paused from the beginning
  completed_at         INTEGER,          -- all pods of this template and available, and no others
  deadline_exceeded_at INTEGER,          -- the controller gave up waiting
  closed_at            INTEGER,          -- the next rollout began, or the Deployment's deletion was requested
  closed_seq           INTEGER,          -- the event that did it; from then on the row stays as it is
  superseded_by        INTEGER,          -- the next rollout, where that is what closed this one
  outcome              TEXT    NOT NULL, -- complete, superseded, rolled back, superseded before start, deleted;
                                         -- of open ones also in progress, paused, deadline exceeded
  counted_to           INTEGER NOT NULL, -- the end; of one that goes on, the last change
  progressing_ms       INTEGER NOT NULL,
  paused_ms            INTEGER NOT NULL,
  waiting_ms           INTEGER NOT NULL, -- the three add up to counted_to less started_at
  pauses               TEXT,             -- JSON array of [from, to], to being null while paused
  pods_created         INTEGER NOT NULL, -- from the start to the end, here and below
  pods_lost            INTEGER NOT NULL, -- ended by anything but their ReplicaSet being scaled down
  container_exits      INTEGER NOT NULL, -- containers that ended by themselves
  lowest_available     INTEGER,          -- at the tightest moment against the floor in force
  lowest_floor         INTEGER,
  lowest_at            INTEGER,
  highest_pods         INTEGER,          -- at the tightest moment against the ceiling in force
  highest_ceiling      INTEGER,
  highest_at           INTEGER,
  PRIMARY KEY (deployment, number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER closed_rollouts_are_not_updated BEFORE UPDATE ON rollouts WHEN old.closed_seq IS NOT NULL
BEGIN SELECT raise(ABORT, 'a rollout that is closed stays as it is'); END;

-- How many pods a Deployment had, by the log: from each row's moment until that of the next. Rows stand where something changed.
CREATE TABLE availability (
  deployment       INTEGER NOT NULL, -- rollout_deployments.id
  at               INTEGER NOT NULL,
  seq              INTEGER NOT NULL, -- the last event up to that moment
  desired          INTEGER NOT NULL, -- spec.replicas; 0 while there is no Deployment
  floor            INTEGER NOT NULL, -- desired less maxUnavailable
  ceiling          INTEGER NOT NULL, -- desired plus maxSurge
  floor_in_force   INTEGER NOT NULL, -- can be broken: a floor that was raised counts once it was reached
  ceiling_in_force INTEGER NOT NULL, -- can be broken: a ceiling that was lowered counts once the pods are below it
  pods             INTEGER NOT NULL, -- neither ended nor terminating
  terminating      INTEGER NOT NULL,
  available        INTEGER NOT NULL, -- ready since minReadySeconds and not terminating
  PRIMARY KEY (deployment, at)
) STRICT, WITHOUT ROWID;
