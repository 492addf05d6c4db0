import { describe, expect, test } from "vitest";
import type { Paint } from "../../../src/history/ink.ts";
import type { History } from "../../../src/history/timeline/model.ts";
import { type RenderOptions, renderTimeline } from "../../../src/history/timeline/render.ts";
import { clip } from "../../../src/history/timeline/window.ts";
import { at, history, pod, replicaSet, rollout } from "./pictures.ts";

const draw = (story: History, options: Partial<RenderOptions> & { readonly all?: boolean } = {}): string => {
  const { all = true, ...rest } = options;
  return renderTimeline(clip(story, { all }), { columns: 60, ...rest });
};

/** One pod of two at a time, one more than wanted at most. */
const rolling = history(
  10,
  { desired: 2, floor: 2, ceiling: 3 },
  [
    rollout(1, 0, "web:1", { completedAtMs: at(0), replacedAtMs: at(2), command: "rollout apply -f web.yaml" }),
    rollout(2, 2, "web:2", {
      imagesBefore: ["web:1"],
      completedAtMs: at(8),
      changeCause: "a newer\nweb",
      command: "rollout set image deploy/web web=web:2",
    }),
  ],
  [
    replicaSet(1, "web:1", [
      pod("aaaaa", "0 available 5 terminating 6", { end: "deleted" }),
      pod("bbbbb", "0 available 8 terminating 9", { end: "deleted" }),
    ]),
    replicaSet(2, "web:2", [pod("ccccc", "2 starting 4 running 5 available 10"), pod("ddddd", "5 starting 7 running 8 available 10")]),
  ],
);

/** The only pod crashes, and comes back. */
const crashing = history(
  20,
  { desired: 1, floor: 1, ceiling: 2 },
  [rollout(1, 0, "web:1", { completedAtMs: at(0) })],
  [
    replicaSet(1, "web:1", [
      pod("aaaaa", "0 available 5 backing-off 15 running 16 available 20", { crashes: [5, 10] }),
    ]),
  ],
);

describe("the picture", () => {
  test("of a rolling update", () => {
    expect(draw(rolling)).toBe(``);
  });

  test("in ASCII", () => {
    expect(draw(rolling, { ascii: true })).toBe(``);
  });

  test("of a crash shows the marks, and the floor that broke", () => {
    expect(draw(crashing)).toBe(``);
  });
});
void ({} as Paint);
