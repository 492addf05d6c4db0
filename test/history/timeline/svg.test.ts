import { expect, test } from "vitest";
import { renderSvg } from "../../../src/history/timeline/svg/render.ts";
import { clip } from "../../../src/history/timeline/window.ts";
import { at, history, pod, replicaSet, rollout } from "./pictures.ts";

const story = history(
  20,
  { desired: 1, floor: 1, ceiling: 2 },
  [
    rollout(1, 0, "web:1", { completedAtMs: at(2), replacedAtMs: at(4) }),
    rollout(2, 4, "web:2", {
      completedAtMs: at(16),
      changeCause: 'a <b> & "c"',
      paused: [{ fromMs: at(5), toMs: at(6) }],
    }),
  ],
  [
    replicaSet(1, "web:1", [pod("aaaaa", "0 available 10 terminating 12", { end: "deleted" })]),
    replicaSet(2, "web:2", [pod("bbbbb", "4 starting 14 running 15 available 20", { crashes: [9] })]),
  ],
);

const drawn = renderSvg(clip(story, { all: true, toMs: at(20) }));

/** Every tag that is opened is closed, in order, and every attribute is in quotes. */
const assertWellFormed = (svg: string): void => {
  const open: string[] = [];
  const rest = svg.replace(
    /<(\/?)([a-z]+)((?: [\w-]+="[^"<]*")*)(\/?)>/g,
    (_, end: string, name: string, __, empty: string) => {
      if (end === "/") expect(open.pop()).toBe(name);
      else if (empty === "") open.push(name);
      return "";
    },
  );
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<]/);
};

test("is one well-formed file that needs nothing else and runs nothing", () => {
  assertWellFormed(drawn);
  expect(drawn).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 1200 \d+"/);
  expect(drawn).not.toMatch(/<script|href|src=|@import|url\((?!#)/);
});

test("tells those who do not see it what it shows", () => {
  expect(drawn).toMatch(/role="img" aria-labelledby="title description"/);
  expect(drawn).toContain('<title id="title">Timeline of deployment.apps/web in default</title>');
  expect(drawn).toMatch(/<desc id="description">#1 took 2s; .*lowest 0 available, floor 1: below it for 5s/);
});

test("follows light and dark surroundings", () => {
  expect(drawn).toContain("@media (prefers-color-scheme:dark)");
});

test("has a bar for each state of each pod, and a mark for each mishap, with their details", () => {
  expect(drawn.match(/class="bar (starting|running|available|terminating)"/g)).toHaveLength(5);
  expect(drawn).toContain("web-rs2-bbbbb\nstarting for 10s from +4s on");
  expect(drawn).toMatch(/class="mark"><title>web exit 1 at \+9s, seq:1<\/title>/);
});

test("places bars in proportion to time", () => {
  const [, x = "", width = ""] =
    /<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"[^>]*class="bar terminating"/.exec(drawn) ?? [];
  expect(Number(x)).toBeCloseTo(128 + 1052 / 2, 0);
  expect(Number(width)).toBeCloseTo(1052 / 10, 0);
});

test("shows a broken floor as an area of its own", () => {
  expect(drawn).toMatch(/class="shortfall"><title>below the floor for 5s from \+10s on: 0, the bound is 1<\/title>/);
});

test("escapes what people typed, and leaves out what XML does not allow", () => {
  expect(drawn).toContain("a &lt;b&gt; &amp; &quot;c&quot;");
  const [first] = story.rollouts;
  if (!first) throw new Error("no rollout");
  const odd = renderSvg(
    clip({ ...story, rollouts: [{ ...first, changeCause: "a\u0007\u0000b\uffff" }] }, { all: true }),
  );
  expect(odd).toContain("a b");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(odd).not.toMatch(/[\u0000-\u0008\u000b-\u001f\uffff]/);
});

test("hatches the time of which nothing is known", () => {
  expect(drawn).not.toContain('class="unknown"');
  const running = { ...story, rollouts: story.rollouts.map(({ completedAtMs: _, ...rest }) => rest) };
  expect(renderSvg(clip(running, { all: true, nowMs: at(30) }))).toContain("nothing is known of this time");
});

test("draws hundreds of pods as thin lines without names", () => {
  const pods = Array.from({ length: 300 }, (_, i) => pod(`p${i}`, "0 starting 5 available 20"));
  const crowd = history(
    20,
    { desired: 300, floor: 225, ceiling: 375 },
    [rollout(1, 0, "web:1")],
    [replicaSet(1, "web:1", pods)],
  );
  const svg = renderSvg(clip(crowd, { all: true }));
  expect(svg).not.toContain('class="mono"');
  expect(Number(/viewBox="0 0 1200 (\d+)"/.exec(svg)?.[1])).toBeLessThan(2000);
});
