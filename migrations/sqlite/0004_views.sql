-- The views that people query; they stay as they are while the tables behind them change. docs/queries.md tells of each.
-- Nothing here needs more than a plain SQLite 3.38.

-- Streams by the object whose history they are. Streams of facts about the ledger itself have no kind.
CREATE VIEW stream_objects AS
SELECT
  id,
  name AS stream,
  CASE WHEN slashes = 2 THEN substr(name, 1, instr(name, '/') - 1) END AS kind,
  CASE WHEN slashes = 2 THEN substr(rest, 1, instr(rest, '/') - 1) END AS namespace,
  CASE WHEN slashes = 2 THEN substr(rest, instr(rest, '/') + 1) END AS name
FROM (
  SELECT id, name, substr(name, instr(name, '/') + 1) AS rest, length(name) - length(replace(name, '/', '')) AS slashes
  FROM streams
);

CREATE VIEW v_events AS
SELECT
  e.seq,
  strftime('%Y-%m-%dT%H:%M:%fZ', c.at / 1000.0, 'unixepoch') AS at,
  c.at AS at_ms,
  o.stream,
  o.kind,
  o.namespace,
  o.name,
  e.version,
  t.name AS type,
  a.name AS actor,
  coalesce(c.key, a.name || '/' || c.nth) AS commit_id,
  c.cause,
  c.view,
  json_extract(c.intent, '$.verb') AS verb,
  json_extract(c.intent, '$.command') AS command,
  e.data,
  lower(hex(e.hash)) AS hash
FROM events AS e
JOIN commits AS c ON c.first_seq = e.commit_seq
JOIN actors AS a ON a.id = c.actor_id
JOIN types AS t ON t.id = e.type_id
JOIN stream_objects AS o ON o.id = e.stream_id;

CREATE VIEW v_commits AS
SELECT
  coalesce(c.key, a.name || '/' || c.nth) AS commit_id,
  c.first_seq,
  c.last_seq,
  strftime('%Y-%m-%dT%H:%M:%fZ', c.at / 1000.0, 'unixepoch') AS at,
  c.at AS at_ms,
  strftime('%Y-%m-%dT%H:%M:%fZ', c.recorded_at / 1000.0, 'unixepoch') AS recorded_at,
  a.name AS actor,
  c.cause,
  c.view,
  json_extract(c.intent, '$.verb') AS verb,
  json_extract(c.intent, '$.command') AS command,
  json_extract(c.intent, '$.changeCause') AS change_cause,
  c.intent
FROM commits AS c
JOIN actors AS a ON a.id = c.actor_id;

CREATE VIEW v_objects AS
SELECT
  stream,
  kind,
  namespace,
  name,
  json_extract(entity, '$.meta.uid') AS uid,
  json_extract(entity, '$.meta.generation') AS generation,
  json_extract(entity, '$.meta.resourceVersion') AS resource_version,
  strftime('%Y-%m-%dT%H:%M:%SZ', json_extract(entity, '$.meta.createdAtMs') / 1000.0, 'unixepoch') AS created_at,
  json_extract(entity, '$.meta.deletion') IS NOT NULL AS deleting,
  (SELECT json_extract(value, '$.kind') FROM json_each(entity, '$.meta.ownerReferences')
   WHERE json_extract(value, '$.controller')) AS owner_kind,
  (SELECT json_extract(value, '$.name') FROM json_each(entity, '$.meta.ownerReferences')
   WHERE json_extract(value, '$.controller')) AS owner,
  json_extract(entity, '$.meta.labels') AS labels,
  json_extract(entity, '$.meta.annotations') AS annotations,
  entity
FROM objects;

-- A pod's life is told by its events alone: folded here by running sums over them. Every window is one of a pod's, so that a
-- query for one pod reads the events of that pod. A name can be borne by several pods, one after another: several lives.
CREATE VIEW v_pod_intervals AS
WITH
facts AS (
  SELECT
    o.id, o.stream, o.namespace, o.name AS pod, e.version, c.at, t.name AS type,
    CASE WHEN t.name = 'PodCreated' THEN json_extract(e.data, '$.uid') END AS uid,
    t.name = 'PodScheduled' OR (t.name = 'PodCreated' AND json_extract(e.data, '$.nodeName') IS NOT NULL) AS places,
    json_extract(e.data, '$.container') AS container,
    CASE
      WHEN t.name IN ('PodImagePullFailed', 'PodInitContainerFailed', 'PodContainerTerminated', 'PodBackOff') THEN 1
      WHEN t.name IN ('PodInitContainerStarted', 'PodInitContainerCompleted', 'PodContainerStarted') THEN 0
    END AS waits, -- the container, for its next try; null where the event says nothing of it
    t.name = 'PodContainerStarted' AS runs,
    sum(t.name = 'PodCreated') OVER (PARTITION BY o.stream, o.namespace, o.name ORDER BY e.version) AS life
  FROM stream_objects AS o
  JOIN events AS e ON e.stream_id = o.id
  JOIN types AS t ON t.id = e.type_id
  JOIN commits AS c ON c.first_seq = e.commit_seq
  WHERE o.stream >= 'Pod/' AND o.stream < 'Pod0'
),
deltas AS ( -- how many containers more than before wait, and run
  SELECT
    *,
    waits - coalesce(lag(waits) OVER container_life, 0) AS more_wait,
    CASE WHEN waits IS NOT NULL THEN runs - coalesce(lag(runs) OVER container_life, 0) END AS more_run
  FROM facts
  WINDOW container_life AS (PARTITION BY stream, namespace, pod, life, container, waits IS NULL ORDER BY version)
),
sums AS (
  SELECT
    id, stream, namespace, pod, version, life, at, type,
    sum(more_wait) OVER pod_life AS waiting,
    sum(more_run) OVER pod_life AS running,
    max(type = 'PodDeletionRequested') OVER pod_life AS deleting,
    max(type = 'PodFailed') OVER pod_life AS failed,
    max(type = 'PodSucceeded') OVER pod_life AS succeeded,
    max(places) OVER pod_life AS placed,
    max(CASE WHEN type = 'PodReady' THEN version END) OVER pod_life
      > coalesce(max(CASE WHEN type IN ('PodStarted', 'PodUnready') THEN version END) OVER pod_life, 0) AS is_ready,
    max(CASE WHEN type = 'PodReady' THEN at END) OVER pod_life AS ready_at,
    max(uid) OVER pod_life AS uid,
    max(CASE WHEN type IN ('PodCreated', 'PodAdopted', 'PodReleased') THEN version END) OVER pod_life AS owned_since,
    lead(at) OVER pod_life AS next_at
  FROM deltas
  WINDOW pod_life AS (PARTITION BY stream, namespace, pod, life ORDER BY version)
),
states AS ( -- a state that came and went within one moment leaves no trace
  SELECT
    *,
    CASE
      WHEN type = 'PodDeleted' THEN 'gone'
      WHEN deleting THEN 'terminating'
      WHEN failed THEN 'failed'
      WHEN succeeded THEN 'succeeded'
      WHEN is_ready THEN 'ready'
      WHEN waiting > 0 THEN 'backing-off'
      WHEN running > 0 THEN 'running'
      WHEN placed THEN 'starting'
      ELSE 'pending'
    END AS state
  FROM sums
  WHERE next_at IS NULL OR next_at > at
),
changes AS (
  SELECT
    s.*,
    CASE t.name
      WHEN 'PodAdopted' THEN json_extract(e.data, '$.owner')
      WHEN 'PodCreated' THEN coalesce(
        json_extract(e.data, '$.controller'),
        (SELECT value FROM json_each(e.data, '$.ownerReferences') WHERE json_extract(value, '$.controller'))
      )
    END AS owner,
    s.state || s.owned_since IS NOT lag(s.state || s.owned_since)
      OVER (PARTITION BY s.stream, s.namespace, s.pod, s.life ORDER BY s.version) AS is_change
  FROM states AS s
  JOIN events AS e ON e.stream_id = s.id AND e.version = s.owned_since
  JOIN types AS t ON t.id = e.type_id
),
spans AS ( -- with the event that created their ReplicaSet: nearly always the first that tells of its name
  SELECT
    namespace, pod, stream, uid, state, at, ready_at,
    json_extract(owner, '$.name') AS replica_set,
    lead(at) OVER (PARTITION BY stream, namespace, pod, life ORDER BY version) AS until,
    coalesce(
      (SELECT e.data FROM streams AS s JOIN events AS e ON e.stream_id = s.id AND e.version = 1
       WHERE s.name = 'ReplicaSet/' || namespace || '/' || json_extract(owner, '$.name')
         AND json_extract(e.data, '$.uid') = json_extract(owner, '$.uid')),
      (SELECT e.data FROM streams AS s JOIN events AS e ON e.stream_id = s.id
       JOIN types AS t ON t.id = e.type_id AND t.name = 'ReplicaSetCreated'
       WHERE s.name = 'ReplicaSet/' || namespace || '/' || json_extract(owner, '$.name')
         AND json_extract(e.data, '$.uid') = json_extract(owner, '$.uid'))
    ) AS created
  FROM changes
  WHERE is_change
),
timed AS ( -- when a ready pod is available, as far as the log has come
  SELECT
    *,
    CASE
      WHEN state <> 'ready' THEN NULL
      WHEN coalesce(json_extract(created, '$.spec.minReadySeconds'), 0) = 0 THEN at
      ELSE max(at, ready_at - ready_at % 1000 + 1000 * json_extract(created, '$.spec.minReadySeconds'))
    END AS available_at,
    coalesce(until, (SELECT c.at + 1 FROM commits AS c ORDER BY c.first_seq DESC LIMIT 1)) AS known_until
  FROM spans
  WHERE state <> 'gone'
),
parts AS (
  SELECT
    timed.*,
    is_available,
    CASE WHEN is_available THEN available_at ELSE at END AS from_ms,
    CASE WHEN NOT is_available AND available_at < known_until THEN available_at ELSE until END AS to_ms
  FROM timed
  JOIN (SELECT 0 AS is_available UNION ALL SELECT 1)
    ON CASE WHEN is_available THEN available_at < known_until ELSE available_at IS NULL OR available_at > at END
)
SELECT
  namespace,
  pod,
  uid,
  replica_set,
  coalesce(
    json_extract(created, '$.controller.name'),
    (SELECT json_extract(value, '$.name') FROM json_each(created, '$.ownerReferences')
     WHERE json_extract(value, '$.controller'))
  ) AS deployment,
  CASE WHEN is_available THEN 'available' ELSE state END AS state,
  strftime('%Y-%m-%dT%H:%M:%fZ', from_ms / 1000.0, 'unixepoch') AS from_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', to_ms / 1000.0, 'unixepoch') AS to_at,
  from_ms,
  to_ms,
  stream
FROM parts;

CREATE VIEW v_rollouts AS
SELECT
  d.namespace,
  d.name AS deployment,
  r.number,
  CAST(r.revision AS INTEGER) AS revision,
  r.outcome,
  r.actor,
  r.verb,
  r.command,
  r.change_cause,
  (SELECT group_concat(value, ', ') FROM json_each(r.images)) AS images,
  (SELECT group_concat(j.value, ', ') FROM rollouts AS b, json_each(b.images) AS j
   WHERE b.deployment = r.deployment AND b.number = r.number - 1 AND NOT r.is_creation) AS images_before,
  r.template,
  r.restores,
  r.superseded_by,
  strftime('%Y-%m-%dT%H:%M:%fZ', r.at / 1000.0, 'unixepoch') AS at,
  strftime('%Y-%m-%dT%H:%M:%fZ', r.started_at / 1000.0, 'unixepoch') AS started_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', r.completed_at / 1000.0, 'unixepoch') AS completed_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', r.deadline_exceeded_at / 1000.0, 'unixepoch') AS deadline_exceeded_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', coalesce(r.completed_at, r.closed_at) / 1000.0, 'unixepoch') AS ended_at,
  r.at AS at_ms,
  r.started_at AS started_ms,
  r.completed_at AS completed_ms,
  r.deadline_exceeded_at AS deadline_exceeded_ms,
  coalesce(r.completed_at, r.closed_at) AS ended_ms,
  r.progressing_ms,
  r.paused_ms,
  r.waiting_ms,
  r.pods_created,
  r.pods_lost,
  r.container_exits,
  r.lowest_available,
  r.lowest_floor,
  r.highest_pods,
  r.highest_ceiling,
  r.seq
FROM rollouts AS r
JOIN rollout_deployments AS d ON d.id = r.deployment;

CREATE VIEW v_revisions AS
SELECT
  namespace,
  deployment,
  CAST(revision AS INTEGER) AS revision,
  number AS rollout,
  max(CAST(revision AS INTEGER)) OVER (PARTITION BY namespace, deployment, life, template) AS last_revision,
  template,
  (SELECT group_concat(value, ', ') FROM json_each(images)) AS images
FROM (
  SELECT
    d.namespace, d.name AS deployment, r.number, r.revision, r.template, r.images,
    sum(r.is_creation) OVER (PARTITION BY d.namespace, d.name ORDER BY r.number) AS life
  FROM rollouts AS r
  JOIN rollout_deployments AS d ON d.id = r.deployment
)
WHERE revision IS NOT NULL;

CREATE VIEW v_availability AS
SELECT
  namespace,
  deployment,
  strftime('%Y-%m-%dT%H:%M:%fZ', from_ms / 1000.0, 'unixepoch') AS from_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', to_ms / 1000.0, 'unixepoch') AS to_at,
  from_ms,
  to_ms,
  desired,
  floor,
  ceiling,
  floor_in_force,
  ceiling_in_force,
  pods,
  terminating,
  available,
  seq
FROM (
  SELECT
    d.namespace, d.name AS deployment, a.at AS from_ms, a.desired, a.floor, a.ceiling, a.floor_in_force,
    a.ceiling_in_force, a.pods, a.terminating, a.available, a.seq,
    lead(a.at) OVER (PARTITION BY d.namespace, d.name ORDER BY a.at) AS to_ms
  FROM availability AS a
  JOIN rollout_deployments AS d ON d.id = a.deployment
);
