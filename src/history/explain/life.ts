/** A name's last bearer. A stream holds all objects that ever bore the name, one after the other. */
import type { EventType } from "../../domain/events.ts";
import type { RecordedEvent } from "../../event-store/port.ts";
import type { LogReader } from "./step.ts";

export interface Life {
  /** Its events in order; never none. */
  readonly events: readonly RecordedEvent[];
  /** How many bore the name, this one included. */
  readonly bearers: number;
}

/** The events (of these types) of the last object in the stream; undefined when there never was one. */
export const lastLife = (reader: LogReader, stream: string, types?: readonly EventType[]): Life | undefined => {
  let events: RecordedEvent[] = [];
  let bearers = 0;
  for (const event of reader.log(undefined, undefined, { streams: [stream], ...(types ? { types } : {}) })) {
    if (event.type.endsWith("Created")) {
      bearers += 1;
      events = [];
    }
    events.push(event);
  }
  return events.length > 0 ? { events, bearers: Math.max(1, bearers) } : undefined;
};

export const lastOf = ({ events }: Life, ...types: readonly EventType[]): RecordedEvent | undefined =>
  events.findLast(({ type }) => types.some((wanted) => wanted === type));

export const firstOf = ({ events }: Life, ...types: readonly EventType[]): RecordedEvent | undefined =>
  events.find(({ type }) => types.some((wanted) => wanted === type));
