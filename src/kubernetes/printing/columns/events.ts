import type { KubeEvent } from "../../objects.ts";
import { age } from "../duration.ts";
import { type Cell, layoutRows } from "../table.ts";
import { columns } from "./columns.ts";

/** The name stands last and only with `-o wide`, unlike everywhere else. */
export const eventColumns = [
  ...columns(["Last Seen", "Type", "Reason", "Object"], ["Subobject", "Source"]),
  ...columns(["Message"], ["First Seen", "Count", "Name"]),
];

export const eventRow = (event: KubeEvent, nowMs: number): readonly Cell[] => {
  const { involvedObject, source } = event;
  return [
    age(event.lastTimestamp, nowMs),
    event.type,
    event.reason,
    `${involvedObject.kind.toLowerCase()}/${involvedObject.name}`,
    involvedObject.fieldPath ?? "",
    source.host ? `${source.component}, ${source.host}` : source.component,
    event.message.trim(),
    age(event.firstTimestamp, nowMs),
    event.count,
    event.metadata.name,
  ];
};

/** `5s`, or `9s (x2 over 10s)` for an event that was seen again. */
export const eventInterval = ({ count, firstTimestamp, lastTimestamp }: KubeEvent, nowMs: number): string =>
  count > 1
    ? `${age(lastTimestamp, nowMs)} (x${count} over ${age(firstTimestamp, nowMs)})`
    : age(firstTimestamp, nowMs);

/** Events in the order of when they were last seen; those of one second stay in the order given. */
export const byLastSeen = (events: readonly KubeEvent[]): readonly KubeEvent[] =>
  events.toSorted((a, b) => (a.lastTimestamp < b.lastTimestamp ? -1 : a.lastTimestamp > b.lastTimestamp ? 1 : 0));

export interface EventsOptions {
  readonly nowMs: number;
  readonly noHeaders?: boolean;
  readonly allNamespaces?: boolean;
}

/** What the command `kubectl events` prints (`kubectl get events` prints the usual table of the kind). */
export const printEvents = (events: readonly KubeEvent[], options: EventsOptions): string => {
  const place = (namespace: string, cells: readonly string[]) =>
    options.allNamespaces ? [namespace, ...cells] : cells;
  const header = place("NAMESPACE", ["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"]);
  const rows = byLastSeen(events).map((event) =>
    place(event.metadata.namespace ?? "", [
      eventInterval(event, options.nowMs),
      event.type,
      event.reason,
      `${event.involvedObject.kind}/${event.involvedObject.name}`,
      event.message.trim(),
    ]),
  );
  return layoutRows([...(options.noHeaders ? [] : [header]), ...rows]).text;
};
