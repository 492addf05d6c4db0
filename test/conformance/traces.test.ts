/** Whole rollouts of real Kubernetes, replayed step by step through the whole engine in virtual time. */
import { afterAll, describe, expect, test } from "vitest";
import { compareAnswers, compareConditions, compareDecisions, compareFinal } from "./trace/comparison.ts";
import { exceptedDecisions } from "./trace/exceptions.ts";
import type { Comparison } from "./trace/outputs.ts";
import { readRecording, traceNames } from "./trace/recording.ts";
import { type Replay, replay } from "./trace/replay.ts";

const recordings = traceNames().map(readRecording);
/** Without steps there is nothing to replay; without watch streams nobody knows when the steps took effect. */
const complete = recordings.filter(({ steps, changes }) => steps.length > 0 && changes !== undefined);

/** Cases of one trace: how many were run, are equal, are excepted. */
interface Score {
  run: number;
  passed: number;
  excepted: number;
}

const scores = new Map<string, Score>();

/** @param mayDiffer why it may, where it may. */
const judge = (score: Score, { recorded, ours }: Comparison, title: string, mayDiffer?: string): void => {
  score.run += 1;
  if (recorded === ours) score.passed += 1;
  else if (mayDiffer !== undefined) score.excepted += 1;
  else expect.soft(ours, title).toBe(recorded);
};

test.skipIf(complete.length > 0)("there are no rollouts to replay", () => undefined);

describe.each([...complete])("$name", (recording) => {
  const { name } = recording;
  const score: Score = { run: 0, passed: 0, excepted: 0 };
  scores.set(name, score);
  let replayed: Promise<Replay> | undefined;
  const ours = (): Promise<Replay> => {
    replayed ??= replay(recording);
    return replayed;
  };

  test("takes the same decisions about ReplicaSets, in the same order", async () => {
    const decisions = compareDecisions(recording, await ours());
    judge(score, decisions, "decisions", exceptedDecisions(recording.namespace, decisions));
  });

  test("comes to the same conditions, and to the same status", async () => {
    judge(score, compareConditions(recording, await ours()), "conditions");
  });

  test.skipIf(!recording.final)("ends with the same objects", async () => {
    judge(score, compareFinal(recording, await ours()), "final objects");
  });

  test("answers every step with the same words", async () => {
    for (const { title, excepted, ...texts } of compareAnswers(recording, await ours())) {
      judge(score, texts, title, excepted);
    }
  });
});

afterAll(() => {
  const total: Score = { run: 0, passed: 0, excepted: 0 };
  const rows = [...scores].map(([name, { run, passed, excepted }]) => {
    total.run += run;
    total.passed += passed;
    total.excepted += excepted;
    return `${name}: ${run} cases, ${passed} passed, ${excepted} excepted, ${run - passed - excepted} differ`;
  });
  rows.push(`${scores.size} traces: ${total.run} cases, ${total.passed} passed, ${total.excepted} excepted`);
  const missing = recordings.filter((recording) => !complete.includes(recording)).map(({ name }) => name);
  if (missing.length > 0) rows.push(`not replayed, files are missing: ${missing.join(", ")}`);
  console.log(rows.join("\n"));
});
