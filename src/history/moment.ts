/** A place in a history: what had been recorded by then, and what the cluster's clock showed. */
export interface Moment {
  /** The log up to here, the end of a commit; 0 is before the first event. */
  readonly seq: number;
  /** Cluster time, ms: at or behind that of the last event up to `seq`. Ages and "an hour ago" count from it. */
  readonly atMs: number;
}
