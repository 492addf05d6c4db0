import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { linesOf, type NumberedLine } from "../../../src/event-store/export/lines.ts";

async function* given(chunks: readonly (Uint8Array | string)[]): AsyncGenerator<Uint8Array | string, void> {
  yield* chunks;
}

const linesIn = async (
  chunks: readonly (Uint8Array | string)[],
  maxChars?: number,
): Promise<readonly NumberedLine[]> => {
  const lines: NumberedLine[] = [];
  for await (const line of linesOf(given(chunks), maxChars)) lines.push(line);
  return lines;
};

describe("lines", () => {
  test("are the same wherever the chunks end, inside characters too", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.string({ unit: "grapheme", maxLength: 8 }).map((line) => line.replaceAll("\n", "")),
          { maxLength: 6 },
        ),
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        async (lines, size, endsWithNewline) => {
          const bytes = Buffer.from(lines.join("\n") + (endsWithNewline ? "\n" : ""));
          const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
            bytes.subarray(i * size, (i + 1) * size),
          );
          const whole = bytes.toString().split("\n");
          expect(await linesIn(chunks)).toEqual(
            whole.flatMap((text, i) => (text.trim() === "" ? [] : [{ number: i + 1, text }])),
          );
        },
      ),
      { numRuns: 40 },
    ));

  test("that do not end are refused before they fill the memory", async () => {
    await expect(linesIn(["abc\n", "defg", "hijk"], 6)).rejects.toThrow("line 2: it is longer than 6 characters");
    expect(await linesIn(["abc\ndefghi", "\nj"], 6)).toHaveLength(3);
  });

  test("that are not UTF-8 are refused", async () => {
    await expect(linesIn([new Uint8Array([97, 10, 255])])).rejects.toThrow("this is not text in UTF-8");
  });
});
