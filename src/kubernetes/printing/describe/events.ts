import type { KubeEvent } from "../../objects.ts";
import { byLastSeen, eventInterval } from "../columns/events.ts";
import type { Description } from "./description.ts";

/** What every description may be given: the events about the object, and the instant from which ages count. */
export interface DescribeContext {
  readonly nowMs: number;
  /** Absent: no section (`--show-events=false`). */
  readonly events?: readonly KubeEvent[] | undefined;
}

/** The section `Events:`, in the order of when they were last seen. */
export const describeEvents = (to: Description, { events, nowMs }: DescribeContext): void => {
  if (events === undefined) return;
  if (events.length === 0) {
    to.entry(0, "Events", "<none>");
    return;
  }
  to.line(0, "Events:");
  to.line(1, "Type\tReason\tAge\tFrom\tMessage");
  to.line(1, "----\t------\t----\t----\t-------");
  for (const event of byLastSeen(events)) {
    const { type, reason, source, message } = event;
    to.line(1, `${type}\t${reason}\t${eventInterval(event, nowMs)}\t${source.component}\t${message.trim()}`);
  }
};
