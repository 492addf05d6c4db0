/** What the parts of an explanation are laid out with: times, wrapped text, aligned columns. */
import { offset, shortDuration } from "../../format.ts";
import { type Line, lengthOf, type Run, type Tone, text } from "../../ink.ts";

const dayMs = 86_400_000;

/** `00:00:26`; with its date where that is not today's. */
export const clock = (atMs: number, nowMs: number): string => {
  const iso = new Date(atMs).toISOString();
  const time = iso.slice(11, 19);
  return Math.floor(atMs / dayMs) === Math.floor(nowMs / dayMs) ? time : `${iso.slice(0, 10)} ${time}`;
};

/** `00:00:26 (2m10s ago)`, `00:10:20 (in 8m)`. */
export const moment = (atMs: number, nowMs: number): string => {
  const apartMs = nowMs - atMs;
  const distance =
    apartMs === 0 ? "now" : apartMs > 0 ? `${shortDuration(apartMs)} ago` : `in ${shortDuration(-apartMs)}`;
  return `${clock(atMs, nowMs)} (${distance})`;
};

/** From the beginning of a chain on: `+5ms`, `+6.1s`, `+1h10s`. */
export const after = (ms: number): string => (ms < 1000 ? `+${ms}ms` : offset(ms));

/** Broken at blanks; a word that is too long is broken where it must be. */
const wrapped = (content: string, width: number): readonly string[] => {
  const room = Math.max(1, width);
  const lines: string[] = [];
  let line = "";
  for (const word of content.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length <= room) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    let rest = word;
    for (; rest.length > room; rest = rest.slice(room)) lines.push(rest.slice(0, room));
    line = rest;
  }
  return [...lines, line];
};

/** Narrower than this, text is no longer read; on a narrow terminal lines are rather too long. */
const minWidth = 24;

/** Text behind a head; what does not fit goes on below, as far to the right. */
export const hanging = (head: Line, content: string, columns: number, tone: Tone = "plain"): readonly Line[] => {
  const indent = lengthOf(head);
  return wrapped(content, Math.max(minWidth, columns - indent)).map((part, i) =>
    i === 0 ? [...head, text(part, tone)] : [text(" ".repeat(indent)), text(part, tone)],
  );
};

export interface Column {
  readonly title: string;
  readonly right?: true;
}

/** Rows of cells with aligned columns, two blanks between them and in front, and the titles above. */
export const aligned = (columns: readonly Column[], rows: readonly (readonly Run[])[]): readonly Line[] => {
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...rows.map((row) => row[i]?.text.length ?? 0)));
  const lineOf = (cells: readonly Run[]): Line =>
    cells.flatMap((cell, i) => {
      const width = widths[i] ?? 0;
      const padded = columns[i]?.right ? cell.text.padStart(width) : cell.text.padEnd(width);
      return [text("  "), { ...cell, text: padded }];
    });
  return [lineOf(columns.map(({ title }) => text(title, "dim"))), ...rows.map(lineOf)];
};
