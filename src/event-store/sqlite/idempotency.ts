import { canonicalJson } from "../canonical-json.ts";
import type { Json, JsonInput, NewCommit, RecordedEvent } from "../port.ts";

/**
 * Whether a commit says what was recorded under its key: actor, intent and events. When it was said, what had been seen by
 * then and which versions were expected differ between a write and its repetition.
 */
export const isSameCommit = (commit: NewCommit, recorded: Iterable<RecordedEvent>): boolean => {
  const old = [...recorded];
  const first = old[0];
  return (
    first !== undefined &&
    first.actor === commit.actor &&
    canonicalJson(first.commit.intent) === canonicalJson(asStored(commit.intent)) &&
    canonicalJson(old.map(({ stream, type, schema, sourceAt, data }) => [stream, type, schema, sourceAt, data])) ===
      canonicalJson(eventsOf(commit))
  );
};

const eventsOf = (commit: NewCommit): Json =>
  commit.writes.flatMap(({ stream, events }) =>
    events.map(({ type, schema, sourceAt = null, data }) => [stream, type, schema, sourceAt, asStored(data)]),
  );

const asStored = (value: JsonInput): Json => JSON.parse(JSON.stringify(value));
