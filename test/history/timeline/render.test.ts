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

/** Two pods, replaced one by one with one more at most. */
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
    replicaSet(2, "web:2", [
      pod("ccccc", "2 starting 4 running 5 available 10"),
      pod("ddddd", "5 starting 7 running 8 available 10"),
    ]),
  ],
);

/** The only pod crashes twice, and comes back. */
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

/** A rollout, then nothing for an hour, then a restart that is paused at once. */
const idle = history(
  3640,
  { desired: 1, floor: 1, ceiling: 2 },
  [
    rollout(1, 0, "web:1", { completedAtMs: at(2), replacedAtMs: at(3610) }),
    rollout(2, 3610, "web:1", {
      imagesBefore: ["web:1"],
      verb: "restart",
      command: "rollout restart deploy/web",
      paused: [{ fromMs: at(3612), toMs: at(3620) }],
      completedAtMs: at(3622),
    }),
  ],
  [
    replicaSet(1, "web:1", [
      pod("aaaaa", "0 pending 1 starting 2 available 3622 terminating 3630", { end: "deleted" }),
    ]),
    replicaSet(2, "web:1", [pod("bbbbb", "3610 starting 3621 ready 3622 available 3640")]),
  ],
);

/** Fifty pods that come up together and are deleted one after another. */
const crowd = history(
  60,
  { desired: 50, floor: 38, ceiling: 63 },
  [rollout(1, 0, "web:1", { completedAtMs: at(5) })],
  [
    replicaSet(
      1,
      "web:1",
      Array.from({ length: 50 }, (_, i) =>
        pod(`p${i}`, `0 starting 5 available ${i + 6} terminating ${i + 7}`, { end: "deleted" }),
      ),
    ),
  ],
);

describe("the picture", () => {
  test("of a rolling update", () => {
    expect(draw(rolling)).toMatchInlineSnapshot(`
      "deployment.apps/web in default, +0s is 2026-01-01T00:00:00Z

      ROLLOUT  REVISION  AT   TOOK  IMAGE
      #1       1         +0s  0s    web:1
          user:me  rollout apply -f web.yaml
      #2       2         +2s  6s    web:1 → 2
          user:me  a newer web

                 +0s       +2s       +4s       +6s        +8s
                 ┬─────────┬─────────┬─────────┬──────────┬───────
      rollout    #1━━━━━━━━#2 revision 2 web:2 user:me 6s ━━━━━━━━
      ceiling  3 ┈┈┈┈┈┈┈┈┈┈░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░┈┈┈┈┈┈┈
      floor    2 1111111111111111111111111222222222222222222222222
               1 1111111111111111111111111111111111111111122222222

      revision 1 · web:1 · web-rs1
        aaaaa    ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇╍╍╍╍╍
        bbbbb    ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇╍╍╍╍╍
      revision 2 · web:2 · web-rs2
        ccccc              ▒▒▒▒▒▒▒▒▒▒▒▓▓▓▓▓▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇
        ddddd                             ▒▒▒▒▒▒▒▒▒▒▒▓▓▓▓▓▇▇▇▇▇▇▇▇

      chart  1..9 available, by revision   ░ not available
      pods   ▒ starting   ▓ running, not ready   ▇ ready
             ╍ terminating
      #1 took 0s; #2 took 6s
      lowest 2 available, floor 2
      highest 3 pods, ceiling 3
      "
    `);
  });

  test("is drawn in ASCII when asked for", () => {
    expect(draw(rolling, { ascii: true })).toMatchInlineSnapshot(`
      "deployment.apps/web in default, +0s is 2026-01-01T00:00:00Z

      ROLLOUT  REVISION  AT   TOOK  IMAGE
      #1       1         +0s  0s    web:1
          user:me  rollout apply -f web.yaml
      #2       2         +2s  6s    web:1 -> 2
          user:me  a newer web

                 +0s       +2s       +4s       +6s        +8s
                 +---------+---------+---------+----------+-------
      rollout    #1========#2 revision 2 web:2 user:me 6s ========
      ceiling  3 ----------................................-------
      floor    2 1111111111111111111111111222222222222222222222222
               1 1111111111111111111111111111111111111111122222222

      revision 1 | web:1 | web-rs1
        aaaaa    ##########################-----
        bbbbb    #########################################-----
      revision 2 | web:2 | web-rs2
        ccccc              :::::::::::+++++#######################
        ddddd                             :::::::::::+++++########

      chart  1..9 available, by revision   . not available
      pods   : starting   + running, not ready   # ready
             - terminating
      #1 took 0s; #2 took 6s
      lowest 2 available, floor 2
      highest 3 pods, ceiling 3
      "
    `);
  });

  test("has room for causes when it is wide, and shows the last rollout with a little context", () => {
    expect(draw(rolling, { columns: 100, all: false })).toMatchInlineSnapshot(`
      "deployment.apps/web in default, +0s is 2026-01-01T00:00:02Z

      ROLLOUT  REVISION  AT   TOOK  IMAGE      BY       CAUSE
      #1       1         -2s  0s    web:1      user:me  rollout apply -f web.yaml
      #2       2         +0s  6s    web:1 → 2  user:me  a newer web

                      +0s        +1s        +2s        +3s         +4s        +5s        +6s        +7s
                 ─────┬──────────┬──────────┬──────────┬───────────┬──────────┬──────────┬──────────┬─────
      rollout    #1━━━#2 revision 2 web:2 user:me 6s ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
      ceiling  3 ┈┈┈┈┈░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈
      floor    2 11111111111111111111111111111111111111222222222222222222222222222222222222222222222222222
               1 11111111111111111111111111111111111111111111111111111111111111111111111122222222222222222

      revision 1 · web:1 · web-rs1
        aaaaa    ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇╍╍╍╍╍╍╍╍╍╍╍
        bbbbb    ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇╍╍╍╍╍╍╍╍╍╍╍
      revision 2 · web:2 · web-rs2
        ccccc         ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▓▓▓▓▓▓▓▓▓▓▓▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇
        ddddd                                          ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▓▓▓▓▓▓▓▓▓▓▓▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇

      chart  1..9 available, by revision   ░ not available
      pods   ▒ starting   ▓ running, not ready   ▇ ready   ╍ terminating
      #1 took 0s; #2 took 6s · lowest 2 available, floor 2 · highest 3 pods, ceiling 3
      "
    `);
  });

  test("of a crash shows the marks, and that the floor broke", () => {
    expect(draw(crashing)).toMatchInlineSnapshot(`
      "deployment.apps/web in default, +0s is 2026-01-01T00:00:00Z

      ROLLOUT  REVISION  AT   TOOK  IMAGE
      #1       1         +0s  0s    web:1
          user:me

                 +0s           +5s           +10s           +15s
                 ┬─────────────┬─────────────┬──────────────┬─────
      rollout    #1 revision 1 web:1 user:me 0s ━━━━━━━━━━━━━━━━━━
      ceiling  2 ┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈
      floor    1 11111111111111!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!11

      revision 1 · web:1 · web-rs1
        aaaaa    ▇▇▇▇▇▇▇▇▇▇▇▇▇▇✖·············✖··············▓▓▓▇▇▇

      chart  1..9 available, by revision   ░ not available
             ! below the floor
      pods   ▓ running, not ready   ▇ ready   · backing off
             ✖ crashed
      #1 took 0s
      lowest 0 available, floor 1: below it for 11s
      highest 1 pod, ceiling 2
      "
    `);
  });

  test("leaves out what lasts long and changes nothing, and says how much", () => {
    expect(draw(idle, { columns: 80 })).toMatchInlineSnapshot(`
      "deployment.apps/web in default, +0s is 2026-01-01T00:00:00Z

      ROLLOUT  REVISION  AT      TOOK           IMAGE  BY       CAUSE
      #1       1         +0s     2s             web:1  user:me
      #2       2         +1h10s  4s, 8s paused  web:1  user:me  rollout restart deplo…

                 +0s   (1h)  +1h10s      +1h15s       +1h20s      +1h25s       (8.2s)
                 ┬────── ⋯ ──┬───────────┬────────────┬───────────┬────────────── ⋯ ──
      rollout    #1━━━━━ ⋯ ━━#2 revision 2 web:1 user:me 4s, 8s paused ━━━━━━━━━━ ⋯ ━━
      ceiling  2 ┈┈┈┈┈┈┈ ⋯ ┈┈░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈ ⋯ ┈┈
      floor    1 !!!!!11 ⋯ 111111111111111111111111111111122222222222222222222222 ⋯ 22

      revision 1 · web:1 · web-rs1
        aaaaa    ░░▒▒▒▇▇ ⋯ ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍
      revision 2 · web:1 · web-rs2
        bbbbb                ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▅▅▅▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇ ⋯ ▇▇

      chart  1..9 available, by revision   ░ not available   ! below the floor
      pods   ░ pending   ▒ starting   ▅ ready, not yet available   ▇ available
             ╍ terminating
      #1 took 2s; #2 took 4s, 8s paused
      lowest 0 available, floor 1: below it for 2s
      highest 2 pods, ceiling 2
      "
    `);
  });

  test("of many pods counts them", () => {
    expect(draw(crowd)).toMatchInlineSnapshot(`
      "deployment.apps/web in default, +0s is 2026-01-01T00:00:00Z

      ROLLOUT  REVISION  AT   TOOK  IMAGE
      #1       1         +0s  5s    web:1
          user:me

                     +0s        +15s       +30s       +45s
                     ┬──────────┬──────────┬──────────┬───────────
      rollout        #1 revision 1 web:1 user:me 5s ━━━━━━━━━━━━━━
      ceiling     63 ┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈
                  56
      desired     50 ░░░░░
                  42 ░░░░111111░
      floor       38 !!!!111111111!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!
                  28 !!!!11111111111111111!!!!!!!!!!!!!!!!!!!!!!!!
                  21 !!!!1111111111111111111111!!!!!!!!!!!!!!!!!!!
                  14 !!!!111111111111111111111111111!!!!!!!!!!!!!!
                   7 !!!!11111111111111111111111111111111!!!!!!!!!

      revision 1 · web:1 · web-rs1
        ready     50    ███████▇▇▇▇▆▆▆▆▆▅▅▅▅▄▄▄▄▄▃▃▃▃▃▂▂▂▂▁▁▁▁▁
        coming up 50 ████
        going      1     ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁
      50 pods, counted by ReplicaSet; --pods draws each

      chart  1..9 available, by revision   ░ not available
             ! below the floor
      #1 took 5s
      lowest 0 available, floor 38: below it for 47s
      highest 50 pods, ceiling 63
      "
    `);
  });
});

describe("colours", () => {
  const tags: Paint = (text, tone) => (typeof tone === "object" ? `<${tone.hue}>${text}</${tone.hue}>` : text);

  test("tell revisions apart: all that belongs to a template has its hue, and areas need no digits", () => {
    const picture = draw(rolling, { paint: tags, all: false });
    expect(picture).toMatch(/ccccc +<1>▒+▓+▇+<\/1>/);
    expect(picture).toMatch(/<0>▇+╍+<\/0>\n/);
    expect(picture).toMatch(/ 1 <0>▇+<\/0><1>▇+<\/1>\n/);
    expect(picture).toContain("<1>#2</1>");
    expect(picture).not.toContain("1..9");
  });

  test("mark a broken floor as a breach", () => {
    const breaches: string[] = [];
    draw(crashing, {
      paint: (text, tone) => {
        if (tone === "breach") breaches.push(text);
        return text;
      },
    });
    expect(breaches.join("")).toMatch(/^!{25,35}$/);
  });
});

test("texts of people cannot bring control characters into the picture", () => {
  const [first] = rolling.rollouts;
  if (!first) throw new Error("no rollout");
  const story = { ...rolling, rollouts: [{ ...first, changeCause: "\u001b[31mred\u0007\r\n" }] };
  const picture = draw(story);
  expect(picture).toContain("[31mred");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(picture.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f]/);
});

test("a rollout tells how it went", () => {
  const outcome = (more: Parameters<typeof rollout>[3]): string => {
    const story = { ...crashing, rollouts: [rollout(1, 0, "web:1", more)] };
    const { startedAtMs: _, ...unstarted } = rollout(1, 0, "web:1", more);
    const shown = more?.startedAtMs === -1 ? { ...story, rollouts: [unstarted] } : story;
    const closing = draw(shown, { columns: 200 }).trimEnd().split("\n").at(-1) ?? "";
    return /^#1 (.*?) ·/.exec(closing)?.[1] ?? "";
  };
  expect(outcome({ completedAtMs: at(4.25) })).toBe("took 4.3s");
  expect(outcome({ completedAtMs: at(10), paused: [{ fromMs: at(2), toMs: at(5) }] })).toBe("took 7s, 3s paused");
  expect(outcome({})).toBe("running for 20s");
  expect(outcome({ paused: [{ fromMs: at(2) }] })).toBe("paused for 18s");
  expect(outcome({ replacedAtMs: at(3) })).toBe("replaced after 3s");
  expect(outcome({ deletedAtMs: at(3) })).toBe("deleted after 3s");
  expect(outcome({ deadlineExceededAtMs: at(12) })).toBe("stuck for 20s");
  expect(outcome({ startedAtMs: -1 })).toBe("paused");
  expect(outcome({ startedAtMs: -1, replacedAtMs: at(3) })).toBe("never began");
});
