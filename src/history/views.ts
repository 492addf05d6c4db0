/**
 * The SQL views of a ledger, as rows: what people and programs query. They stay as they are while the tables behind them change;
 * `migrations/sqlite/0004_views.sql` defines them and `docs/queries.md` tells of each column.
 */
import type { PodState } from "./timeline/model.ts";

/** A moment in cluster time as text, `2026-01-01T00:00:10.250Z`; beside each stands one in ms since the epoch. */
type Instant = string;

/** Every event of the log. */
export interface EventViewRow {
  readonly seq: number;
  readonly at: Instant;
  readonly at_ms: number;
  /** `Pod/default/web-5db6-x2k9q`. */
  readonly stream: string;
  /** These three are null where the event is about the ledger itself. */
  readonly kind: string | null;
  /** Empty for what is in no namespace. */
  readonly namespace: string | null;
  readonly name: string | null;
  /** 1 for the stream's first event. */
  readonly version: number;
  readonly type: string;
  /** `user:alice`, `controller:deployment`. */
  readonly actor: string;
  readonly commit_id: string;
  /** The seq of the event that led to it. */
  readonly cause: number | null;
  /** How far the writer had read: a seq, or JSON from kind to seq. */
  readonly view: number | string | null;
  /** What the client said it did. */
  readonly verb: string | null;
  /** As typed. */
  readonly command: string | null;
  /** JSON. */
  readonly data: string;
  /** Of the chain, hex. */
  readonly hash: string;
}

/** Every write: its events are `first_seq` to `last_seq`. */
export interface CommitViewRow {
  readonly commit_id: string;
  readonly first_seq: number;
  readonly last_seq: number;
  readonly at: Instant;
  readonly at_ms: number;
  /** By the clock of the machine that recorded it. */
  readonly recorded_at: Instant;
  readonly actor: string;
  readonly cause: number | null;
  readonly view: number | string | null;
  readonly verb: string | null;
  readonly command: string | null;
  readonly change_cause: string | null;
  /** JSON: all that the client said. */
  readonly intent: string | null;
}

/** Every object that exists now. */
export interface ObjectViewRow {
  readonly stream: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  readonly resource_version: number;
  readonly created_at: Instant;
  /** 1 when its deletion was requested. */
  readonly deleting: number;
  /** Of the controller that manages it. */
  readonly owner_kind: string | null;
  readonly owner: string | null;
  /** JSON. */
  readonly labels: string;
  /** JSON. */
  readonly annotations: string;
  /** JSON: the object as the ledger holds it. Its form is not promised. */
  readonly entity: string;
}

/** What a pod was from one moment to the next. */
export interface PodIntervalViewRow {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  /** Null while no ReplicaSet owns it. */
  readonly replica_set: string | null;
  /** The one that the ReplicaSet was created for. */
  readonly deployment: string | null;
  readonly state: PodState;
  readonly from_at: Instant;
  /** Null while it is so. */
  readonly to_at: Instant | null;
  readonly from_ms: number;
  readonly to_ms: number | null;
  readonly stream: string;
}

/** Every rollout: one for each change of a Deployment's template, its creation included. */
export interface RolloutViewRow {
  readonly namespace: string;
  readonly deployment: string;
  /** 1, 2, …; never used twice. */
  readonly number: number;
  /** Kubernetes' revision as it was assigned for this rollout. */
  readonly revision: number | null;
  /** `complete`, `superseded`, `rolled back`, `in progress`, … */
  readonly outcome: string;
  readonly actor: string;
  readonly verb: string | null;
  readonly command: string | null;
  readonly change_cause: string | null;
  /** `nginx:1.15, side:2`, container by container. */
  readonly images: string;
  /** Null for a creation. */
  readonly images_before: string | null;
  /** Digest of the pod template. */
  readonly template: string;
  /** The earlier rollout whose template this is. */
  readonly restores: number | null;
  readonly superseded_by: number | null;
  readonly at: Instant;
  readonly started_at: Instant | null;
  readonly completed_at: Instant | null;
  /** When the controller gave up waiting for progress; stays, whatever became of the rollout then. */
  readonly deadline_exceeded_at: Instant | null;
  readonly ended_at: Instant | null;
  readonly at_ms: number;
  readonly started_ms: number | null;
  readonly completed_ms: number | null;
  readonly deadline_exceeded_ms: number | null;
  readonly ended_ms: number | null;
  /** The three parts of its duration, which add up to its end less its start; while it goes on, up to its last change. */
  readonly progressing_ms: number;
  readonly paused_ms: number;
  readonly waiting_ms: number;
  readonly pods_created: number;
  readonly pods_lost: number;
  readonly container_exits: number;
  /** At the tightest moment against the floor in force. */
  readonly lowest_available: number | null;
  readonly lowest_floor: number | null;
  /** At the tightest moment against the ceiling in force. */
  readonly highest_pods: number | null;
  readonly highest_ceiling: number | null;
  /** The event that changed the template. */
  readonly seq: number;
}

/** Every revision number that Kubernetes assigned, and what it became. */
export interface RevisionViewRow {
  readonly namespace: string;
  readonly deployment: string;
  readonly revision: number;
  readonly rollout: number;
  /** The last number that its template was given while the Deployment lived: going back to it gives it a new one. */
  readonly last_revision: number;
  readonly template: string;
  readonly images: string;
}

/** How many pods a Deployment had, from one moment to the next. */
export interface AvailabilityViewRow {
  readonly namespace: string;
  readonly deployment: string;
  readonly from_at: Instant;
  /** Null while it is so. */
  readonly to_at: Instant | null;
  readonly from_ms: number;
  readonly to_ms: number | null;
  /** `spec.replicas`; 0 while there is no Deployment. */
  readonly desired: number;
  /** Desired pods less `maxUnavailable`. */
  readonly floor: number;
  /** Desired pods plus `maxSurge`. */
  readonly ceiling: number;
  /** What can be broken: a floor that was raised counts once it was reached. */
  readonly floor_in_force: number;
  /** What can be broken: a ceiling that was lowered counts once the pods are below it. */
  readonly ceiling_in_force: number;
  /** Neither ended nor terminating. */
  readonly pods: number;
  readonly terminating: number;
  readonly available: number;
  /** The last event up to that moment. */
  readonly seq: number;
}

/** The rows of each view. */
export interface ViewRows {
  readonly v_rollouts: RolloutViewRow;
  readonly v_revisions: RevisionViewRow;
  readonly v_pod_intervals: PodIntervalViewRow;
  readonly v_availability: AvailabilityViewRow;
  readonly v_objects: ObjectViewRow;
  readonly v_events: EventViewRow;
  readonly v_commits: CommitViewRow;
}

export type ViewName = keyof ViewRows;

interface ViewDescription {
  readonly name: ViewName;
  /** What a row is. */
  readonly rows: string;
}

export const views: readonly ViewDescription[] = [
  { name: "v_rollouts", rows: "every rollout of every Deployment: who, why, what, when, how it ended" },
  { name: "v_revisions", rows: "every revision that Kubernetes numbered, and the number it goes by now" },
  { name: "v_pod_intervals", rows: "what every pod was from when to when: pending, running, available, …" },
  { name: "v_availability", rows: "how many pods a Deployment had from when to when, against floor and ceiling" },
  { name: "v_objects", rows: "every object that exists" },
  { name: "v_events", rows: "every event of the log" },
  { name: "v_commits", rows: "every write: what its events have in common" },
];
