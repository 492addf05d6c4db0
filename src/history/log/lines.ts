/** The log as lines for people: one for each event, in columns that grow as they need to. */
import type { BodySource } from "../../domain/bodies.ts";
import type { EntityKind } from "../../domain/state.ts";
import { refOfStream } from "../../domain/world.ts";
import type { Json, RecordedEvent } from "../../event-store/port.ts";
import { foldedEvent } from "../../projections/replay.ts";
import { oneLine } from "../format.ts";
import { fitted, type Line, lengthOf, type Tone, text } from "../ink.ts";
import { isEventType, summaryOf } from "./summary.ts";

export interface LogOptions {
  readonly bodies: BodySource;
  /** Date and time, instead of the time of day. */
  readonly fullTime: boolean;
  /** Lines are cut here. */
  readonly columns?: number;
}

const shortKinds: Readonly<Partial<Record<EntityKind, string>>> = {
  Deployment: "deploy",
  ReplicaSet: "rs",
  Service: "svc",
  Namespace: "ns",
  ConfigMap: "cm",
  PodDisruptionBudget: "pdb",
};

/** `deploy/web`, `zouzou/pod/web-5db6-x2k9q` outside the namespace `default`; a stream that is no object's as it is. */
export const objectText = (stream: string): string => {
  const ref = refOfStream(stream);
  if (!ref) return stream;
  const { kind, namespace, name } = ref;
  const object = `${shortKinds[kind] ?? kind.toLowerCase()}/${name}`;
  return namespace === "" || namespace === "default" ? object : `${namespace}/${object}`;
};

/** The command line as it was typed, where the client said it. */
export const commandOf = (intent: Json | null): string | undefined => {
  if (typeof intent !== "object" || intent === null || !("command" in intent)) return undefined;
  return typeof intent.command === "string" ? intent.command : undefined;
};

const instant = (ms: number, full: boolean): string => {
  const iso = new Date(ms).toISOString();
  return full ? iso : iso.slice(11, 23);
};

const actorTone = (actor: string): Tone => {
  const [kind] = actor.split(":");
  switch (kind) {
    case "user":
      return "strong";
    case "controller":
      return { hue: 0 };
    case "kubelet":
      return { hue: 3 };
    default:
      return { hue: 2 };
  }
};

const bad = /Failed|Refused|Terminated|BackOff|NotReady|Unready|Unschedulable|Fault|Restarted$/;
const belief = /StatusChanged|ConditionChanged/;

const typeTone = (type: string, summary: string): Tone => {
  if (bad.test(type)) return summary.endsWith("exit 0") ? "plain" : "alarm";
  if (type.endsWith("Ready") || type.endsWith("Created") || type === "EndpointAdded") return "good";
  return belief.test(type) ? "dim" : "plain";
};

/** An event's line before its columns are known. */
interface Entry {
  readonly event: RecordedEvent;
  readonly object: string;
  readonly summary: string;
  readonly command: string | undefined;
}

const entryOf = (event: RecordedEvent, bodies: BodySource): Entry => ({
  event,
  object: objectText(event.stream),
  summary: isEventType(event.type) ? oneLine(summaryOf(foldedEvent(event), bodies)) : "",
  command: event.seq === event.commit.firstSeq ? commandOf(event.commit.intent) : undefined,
});

const isSameCommit = (a: RecordedEvent | undefined, b: RecordedEvent | undefined): boolean =>
  a !== undefined && b !== undefined && a.commit.firstSeq === b.commit.firstSeq;

/** Widths of the columns so far; a log is read once, so that they can only grow. */
export class LogLines {
  readonly #options: LogOptions;
  readonly #widths = { seq: 0, actor: 0, object: 0, type: 0 };
  #previous: RecordedEvent | undefined;

  constructor(options: LogOptions) {
    this.#options = options;
  }

  /** The lines of the next events; `next` is the one behind them, if there is any. */
  lines(events: readonly RecordedEvent[], next: RecordedEvent | undefined): readonly Line[] {
    const entries = events.map((event) => entryOf(event, this.#options.bodies));
    for (const { event, object } of entries) {
      this.#widen("seq", String(event.seq));
      this.#widen("actor", event.actor);
      this.#widen("object", object);
      this.#widen("type", event.type);
    }
    return entries.map((entry, i) => {
      const line = this.#line(entry, events[i + 1] ?? next);
      this.#previous = entry.event;
      return line;
    });
  }

  #line({ event, object, summary, command }: Entry, next: RecordedEvent | undefined): Line {
    const { fullTime, columns } = this.#options;
    const widths = this.#widths;
    const continues = isSameCommit(this.#previous, event);
    const goesOn = isSameCommit(event, next);
    const bracket = continues ? (goesOn ? "│" : "└") : goesOn ? "┌" : " ";
    const head = [
      text(`${String(event.seq).padStart(widths.seq)} `, "dim"),
      text(`${bracket} `, "dim"),
      text(`${instant(event.at, fullTime)}  `, "dim"),
      text(`${event.actor.padEnd(widths.actor)}  `, continues ? "dim" : actorTone(event.actor)),
      text(`${object.padEnd(widths.object)}  `, continues ? "dim" : "plain"),
      text(`${event.type.padEnd(widths.type)}  `, typeTone(event.type, summary)),
    ];
    const words = [
      ...(summary === "" ? [] : [text(summary, belief.test(event.type) ? "dim" : "plain")]),
      ...(command === undefined || continues
        ? []
        : [text(`${summary === "" ? "" : "  "}$ ${oneLine(command)}`, "dim")]),
    ];
    const gap = words.length > 0 ? "  " : "";
    const cause = event.cause === null || continues ? [] : [text(`${gap}←${event.cause}`, "dim")];
    if (columns === undefined) return [...head, ...words, ...cause];
    const room = Math.max(0, columns - lengthOf(head) - lengthOf(cause));
    return fitted([...head, ...fitted(words, room), ...cause], columns);
  }

  #widen(column: "seq" | "actor" | "object" | "type", content: string): void {
    this.#widths[column] = Math.max(this.#widths[column], content.length);
  }
}
