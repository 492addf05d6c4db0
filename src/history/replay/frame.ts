/** One picture of a replay: where it stands, and below it what was so at that moment. */
import { offset } from "../format.ts";
import { blank, type Line, lengthOf, type Paint, printLines, text } from "../ink.ts";
import { isAtEnd, type Player } from "./player.ts";

export interface FrameOptions {
  readonly columns: number;
  readonly ascii: boolean;
  readonly paint: Paint;
}

interface Signs {
  readonly playing: string;
  readonly paused: string;
  readonly over: string;
  readonly past: string;
  readonly here: string;
  readonly ahead: string;
  readonly dot: string;
}

const unicodeSigns: Signs = { playing: "▶", paused: "Ⅱ", over: "■", past: "━", here: "●", ahead: "─", dot: " · " };
const asciiSigns: Signs = { playing: ">", paused: "=", over: "#", past: "=", here: "O", ahead: "-", dot: "  " };

const stateOf = (player: Player, signs: Signs): string => {
  if (isAtEnd(player)) return `${signs.over} end`;
  return player.isPlaying ? `${signs.playing} ${player.speed}x` : `${signs.paused} paused`;
};

const stateWidth = 9;

/** `▶ 10x      2026-01-01 00:00:12.300Z · +12.3s of +42s · change 7 of 31`. */
const positionLine = (player: Player, signs: Signs): Line => {
  const { start, toMs, stops } = player.reel;
  const instant = new Date(player.atMs).toISOString().replace("T", " ");
  const [at, end] = [player.atMs - start.atMs, toMs - start.atMs];
  return [
    text(stateOf(player, signs).padEnd(stateWidth), "strong"),
    blank,
    text(instant, "strong"),
    text(`${signs.dot}${offset(at)} of ${offset(end)}${signs.dot}change ${player.reached} of ${stops.length}`, "dim"),
  ];
};

const barLine = ({ reel: { start, toMs }, atMs }: Player, signs: Signs, columns: number): Line => {
  const share = toMs === start.atMs ? 1 : (atMs - start.atMs) / (toMs - start.atMs);
  const here = Math.round(share * (columns - 1));
  return [
    text(signs.past.repeat(here), "good"),
    text(signs.here, "strong"),
    text(signs.ahead.repeat(columns - 1 - here), "dim"),
  ];
};

/** The lines that say where the replay stands. */
export const headerOf = (player: Player, { columns, ascii, paint }: FrameOptions): string => {
  const signs = ascii ? asciiSigns : unicodeSigns;
  return printLines([positionLine(player, signs), barLine(player, signs, columns)], paint);
};

const keys: readonly (readonly [key: string, does: string])[] = [
  ["space", "play/pause"],
  ["n p", "next/previous change"],
  ["← →", "seek"],
  ["+ -", "speed"],
  ["g G", "start/end"],
  ["q", "quit"],
];

/** What the keys do, as far as there is room for it. */
export const footerOf = ({ columns, ascii, paint }: FrameOptions): string => {
  let line: Line = [];
  for (const [key, does] of keys) {
    const next = [...line, text(ascii ? key.replace("← →", "< >") : key, "strong"), text(` ${does}   `, "dim")];
    if (lengthOf(next) > columns) break;
    line = next;
  }
  return printLines([line], paint);
};
