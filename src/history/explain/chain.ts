/** Causes, walked from an effect back to where it all began. */
import type { RecordedEvent } from "../../event-store/port.ts";
import { eventAt, isPerson, type LogReader, type Step, stepOf } from "./step.ts";

/** What the first step of a chain is: a person's doing, or the point where the log no longer says why. */
type Origin = "person" | "notRecorded";

/** From the first cause to the effect. */
export interface Chain {
  readonly steps: readonly Step[];
  readonly origin: Origin;
}

/**
 * The chain that led to an event. A cause lies before its effect, so the walk ends; it ends early where a recorder that did
 * not know the cause left it out.
 */
export const chainTo = (reader: LogReader, effect: RecordedEvent): Chain => {
  const steps: Step[] = [];
  let event: RecordedEvent | undefined = effect;
  while (event) {
    const step = stepOf(reader, event);
    steps.push(step);
    const isBefore: boolean = step.cause !== null && step.cause < event.commit.firstSeq;
    event = isBefore && step.cause !== null ? eventAt(reader, step.cause) : undefined;
  }
  const [root] = steps.reverse();
  return { steps, origin: root && isPerson(root) ? "person" : "notRecorded" };
};

export const originOf = ({ steps }: Chain): Step => {
  const [root] = steps;
  if (!root) throw new Error("a chain has at least its effect");
  return root;
};

export const effectOf = ({ steps }: Chain): Step => {
  const effect = steps.at(-1);
  if (!effect) throw new Error("a chain has at least its effect");
  return effect;
};
