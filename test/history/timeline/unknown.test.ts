import { expect, test } from "vitest";
import { renderTimeline } from "../../../src/history/timeline/render.ts";
import { clip } from "../../../src/history/timeline/window.ts";
import { at, history, pod, replicaSet, rollout } from "./pictures.ts";

const story = history(
  10,
  { desired: 1, floor: 1, ceiling: 2 },
  [rollout(1, 2, "web:1")],
  [
    replicaSet(1, "web:1", [
      pod("aaaaa", "2 starting 8 running 10"),
      pod("bbbbb", "2 available 5", { end: "deleted" }),
    ]),
  ],
);

const lineOf = (picture: string, label: RegExp): string => picture.split("\n").find((line) => label.test(line)) ?? "";

test("behind the end of the log up to now, rail, curve and living pods are hatched", () => {
  const timeline = clip(story, { all: true, nowMs: at(16) });
  expect(timeline.unknown).toEqual([{ fromMs: at(10), toMs: at(16) }]);
  const picture = renderTimeline(timeline, { columns: 60 });
  for (const label of [/^rollout/, /^floor/, / aaaaa/]) expect(lineOf(picture, label)).toMatch(/[^╱]╱{8,}$/);
  expect(lineOf(picture, / bbbbb/)).not.toContain("╱");
  expect(picture).toContain("╱ nothing is known");
});

test("so is the time before the first event of the log", () => {
  const timeline = clip(story, { all: true, fromMs: at(-5), toMs: at(5) });
  expect(timeline.unknown).toEqual([{ fromMs: at(-5), toMs: at(0) }]);
  expect(lineOf(renderTimeline(timeline, { columns: 60, ascii: true }), /^rollout/)).toMatch(/^rollout +\?{20,} +#1/);
});

test("what is known has no hatching, nor has what is over", () => {
  expect(clip(story, { all: true }).unknown).toEqual([]);
  const done = { ...story, rollouts: [rollout(1, 2, "web:1", { completedAtMs: at(4) })] };
  const settled = {
    ...done,
    availability: done.availability.map((step) => ({ ...step, pods: 1, available: 1, terminating: 0 })),
  };
  expect(clip(settled, { all: true, nowMs: at(3600) }).unknown).toEqual([]);
});
