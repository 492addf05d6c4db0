import { expect, test } from "vitest";
import { parseRfc3339 } from "../../src/kubernetes/time.ts";

test.each([
  ["2024-02-29T00:00:00Z", Date.UTC(2024, 1, 29)],
  ["2026-01-01T01:00:00.250+01:00", Date.UTC(2026, 0, 1, 0, 0, 0, 250)],
  ["0001-01-01T00:00:00Z", -62_135_596_800_000],
])("%s is a time", (text, ms) => {
  expect(parseRfc3339(text)).toBe(ms);
});

test.each([
  "2025-02-29T00:00:00Z",
  "2025-02-31T00:00:00Z",
  "2025-04-31T00:00:00+02:00",
  "2025-13-01T00:00:00Z",
  "2025-00-10T00:00:00Z",
  "2025-01-01T25:00:00Z",
  "2025-01-01",
])("%s is none", (text) => {
  expect(parseRfc3339(text)).toBeUndefined();
});
