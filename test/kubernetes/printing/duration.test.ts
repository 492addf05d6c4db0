import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { age, humanDuration } from "../../../src/kubernetes/printing/duration.ts";
import { parseRfc3339, rfc1123, rfc3339 } from "../../../src/kubernetes/time.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

describe("humanDuration", () => {
  test.each([
    [0, "0s"],
    [95 * second + 999, "95s"],
    [2 * minute, "2m"],
    [3 * minute + 5 * second, "3m5s"],
    [10 * minute + 59 * second, "10m"],
    [125 * minute, "125m"],
    [3 * hour, "3h"],
    [3 * hour + 5 * minute, "3h5m"],
    [30 * hour, "30h"],
    [48 * hour, "2d"],
    [3 * day + 4 * hour, "3d4h"],
    [8 * day, "8d"],
    [200 * day, "200d"],
    [2 * 365 * day, "2y"],
    [3 * 365 * day + 20 * day, "3y20d"],
    [9 * 365 * day + 300 * day, "9y"],
  ])("prints %d ms as %s", (ms, text) => {
    expect(humanDuration(ms)).toBe(text);
  });

  test("takes a clock that is up to two seconds ahead for now, and refuses one further ahead", () => {
    expect(humanDuration(-1999)).toBe("0s");
    expect(humanDuration(-2000)).toBe("<invalid>");
  });

  const unitMs: Readonly<Record<string, number>> = { s: second, m: minute, h: hour, d: day, y: 365 * day };
  const shownMs = (text: string): number => {
    let total = 0;
    for (const [, count, unit = ""] of text.matchAll(/(\d+)([smhdy])/g)) total += Number(count) * (unitMs[unit] ?? 0);
    return total;
  };
  const lengths = fc.integer({ min: 0, max: 20 * 365 * 24 * 60 * 60 }).map((seconds) => seconds * second);

  test("never shows more than has passed, and never less as time passes", () => {
    fc.assert(
      fc.property(lengths, lengths, (a, b) => {
        const [shorter, longer] = a < b ? [a, b] : [b, a];
        expect(shownMs(humanDuration(longer))).toBeLessThanOrEqual(longer);
        expect(shownMs(humanDuration(shorter))).toBeLessThanOrEqual(shownMs(humanDuration(longer)));
      }),
    );
  });

  test("leaves out an eighth at most", () => {
    fc.assert(
      fc.property(lengths, (ms) => {
        expect(shownMs(humanDuration(ms))).toBeGreaterThanOrEqual(ms - Math.max(ms / 8, second));
      }),
    );
  });
});

describe("age", () => {
  test("counts from a timestamp of the API", () => {
    expect(age("2026-11-20T12:40:21Z", Date.parse("2026-11-20T12:40:26.7Z"))).toBe("5s");
  });

  test("of an unset timestamp is unknown", () => {
    expect([age(undefined, 0), age(null, 0), age("", 0)]).toEqual(["<unknown>", "<unknown>", "<unknown>"]);
  });
});

describe("times", () => {
  test("are written in whole seconds, the fraction cut", () => {
    expect(rfc3339(Date.parse("2026-01-02T03:04:05.999Z"))).toBe("2026-01-02T03:04:05Z");
  });

  test("are read with fractions and zones", () => {
    expect(parseRfc3339("2026-01-02T04:04:05.25+01:00")).toBe(Date.parse("2026-01-02T03:04:05.250Z"));
    expect([parseRfc3339("2026-01-02"), parseRfc3339("2026-13-02T03:04:05Z"), parseRfc3339("now")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("come back from what was written", () => {
    const instants = fc.integer({ min: 0, max: 4_000_000_000 });
    fc.assert(
      fc.property(instants, (seconds) => {
        expect(parseRfc3339(rfc3339(seconds * 1000))).toBe(seconds * 1000);
      }),
    );
  });

  test("are told in a sentence as describe tells them", () => {
    expect(rfc1123(Date.parse("2026-11-20T12:40:21Z"))).toBe("Fri, 20 Nov 2026 12:40:21 +0000");
  });
});
