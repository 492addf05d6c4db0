/** One recording against its replay: the four things that are compared. */
import { recordedAnswer } from "./api-request.ts";
import { conditionsOf, decisionsOf, finalOf } from "./decisions.ts";
import { exceptedCommand, withoutLostCreation } from "./exceptions.ts";
import { type Comparison, compareSaid } from "./outputs.ts";
import type { Recording } from "./recording.ts";
import type { Replay } from "./replay.ts";
import { veilOf, withoutValues } from "./texts.ts";

/** What was said to one step. */
export interface Case extends Comparison {
  /** The command as typed, or the request. */
  readonly title: string;
  /** Why it may differ. */
  readonly excepted: string | undefined;
}

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join("");

export const compareDecisions = ({ changes = [] }: Recording, replay: Replay): Comparison => ({
  recorded: lines(decisionsOf(changes)),
  ours: lines(decisionsOf(replay.changes)),
});

export const compareConditions = ({ changes = [] }: Recording, replay: Replay): Comparison => ({
  recorded: lines(withoutLostCreation(conditionsOf(changes))),
  ours: lines(withoutLostCreation(conditionsOf(replay.changes))),
});

export const compareFinal = ({ final }: Recording, replay: Replay): Comparison => ({
  recorded: lines(finalOf(final?.objects ?? [])),
  ours: lines(finalOf(replay.final.filter(({ kind }) => final?.kinds.includes(kind)))),
});

export const compareAnswers = ({ steps, changes = [] }: Recording, replay: Replay): readonly Case[] => {
  const veils = { recorded: veilOf(changes), ours: veilOf(replay.changes) };
  return steps.flatMap((step): readonly Case[] => {
    if (step.kind === "kubectl") {
      const ours = replay.said.get(step);
      if (!step.said || !ours) return [];
      const title = `at ${step.t} ms: ${step.argv.join(" ")}`;
      return [{ title, excepted: exceptedCommand(step), ...compareSaid(step, step.said, ours, veils) }];
    }
    if (step.kind !== "api") return [];
    const text = (answer: ReturnType<typeof recordedAnswer> | undefined): string =>
      answer ? lines([`${answer.code} ${answer.reason ?? ""}`, ...answer.causes.map(withoutValues)]) : "";
    const answer = replay.answered.get(step);
    const excepted = answer ? undefined : "the HTTP side's to answer";
    const title = `at ${step.t} ms: ${step.method} ${step.path}`;
    return [{ title, excepted, recorded: text(recordedAnswer(step)), ours: text(answer) }];
  });
};
