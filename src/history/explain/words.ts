/** What one commit wrote, as a sentence that somebody who has just been woken up can read. */
import type { BodySource } from "../../domain/bodies.ts";
import { refOfStream } from "../../domain/world.ts";
import type { RecordedEvent } from "../../event-store/port.ts";
import { foldedEvent } from "../../projections/replay.ts";
import { oneLine } from "../format.ts";
import { isEventType, summaryOf } from "../log/summary.ts";

/** Phrases that read better than the type's own name taken apart. A blank at the end: what follows needs no colon. */
const phrases: Readonly<Record<string, string>> = {
  ConditionChanged: "condition",
  Deleted: "gone",
  MetadataChanged: "metadata",
  RevisionAssigned: "is revision ",
  Scaled: "scaled ",
  Scheduled: "scheduled ",
  SpecChanged: "spec",
  StatusChanged: "status",
  StrategyChanged: "strategy",
  TemplateChanged: "template",
};

const takenApart = (type: string): string =>
  type
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .trim();

/** A pod's owner is in its name, and in the step before its creation. */
const eventWords = (event: RecordedEvent, bodies: BodySource): string => {
  const kind = refOfStream(event.stream)?.kind ?? "";
  const type = event.type.startsWith(kind) ? event.type.slice(kind.length) : event.type;
  const phrase = phrases[type] ?? takenApart(type);
  const isSaid = isEventType(event.type) && event.type !== "PodCreated";
  const summary = isSaid ? oneLine(summaryOf(foldedEvent(event), bodies)) : "";
  if (summary === "") return phrase.trim();
  return phrase.endsWith(" ") ? `${phrase}${summary}` : `${phrase}: ${summary}`;
};

/** Annotations that follow from what else was written. */
const derived = /^\/annotations\/(deployment\.kubernetes\.io|kubectl\.kubernetes\.io)~1/;

const isDerived = (event: RecordedEvent): boolean => {
  const { data } = foldedEvent(event);
  return "patch" in data && data.patch.every(({ path }) => derived.test(path));
};

/** The events of one commit, in their order: `template: image nginx:1.14 → 1.15; strategy: …`. */
export const commitWords = (events: readonly RecordedEvent[], bodies: BodySource): string => {
  const telling = events.filter((event) => !isDerived(event));
  return (telling.length > 0 ? telling : events).map((event) => eventWords(event, bodies)).join("; ");
};
