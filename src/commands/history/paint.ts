/** Tones as colours of a terminal. */
import { Ansis } from "ansis";
import type { Paint, Tone } from "../../history/ink.ts";
import type { CommandIo } from "../command.ts";
import type { Flag, ParsedFlags } from "../grammar/flags.ts";

export const colorFlags: readonly Flag[] = [
  { name: "color", type: "boolean", help: "Colours also where no terminal is, as for less -R." },
  { name: "no-color", type: "boolean", help: "No colours (or NO_COLOR)." },
];

/** 256 colours. */
const colorLevel = 2;
/** Numbers in the palette of 256 colours that are told apart by the colour-blind, too. */
const hues = [39, 214, 170, 79, 141, 148, 75, 209];
const grey = 245;
const red = 203;
const darkRed = 52;
const green = 78;

const paintWith = (ansis: Ansis): Paint => {
  const hueOf = ({ hue, weight }: Exclude<Tone, string>): Ansis => {
    const color = ansis.fg(hues[hue % hues.length] ?? grey);
    if (weight === undefined) return color;
    return weight === "strong" ? color.bold : color.dim;
  };
  const styleOf = (tone: Tone): Ansis | undefined => {
    if (typeof tone === "object") return hueOf(tone);
    switch (tone) {
      case "plain":
        return undefined;
      case "dim":
        return ansis.fg(grey);
      case "strong":
        return ansis.bold;
      case "alarm":
        return ansis.fg(red);
      case "breach":
        return ansis.bg(darkRed).fg(red);
      case "good":
        return ansis.fg(green);
    }
  };
  return (text, tone) => styleOf(tone)?.(text) ?? text;
};

/** Undefined where there are to be no colours: without a terminal, with `--no-color` or `NO_COLOR`. */
export const paintFor = (io: CommandIo, flags: ParsedFlags): Paint | undefined => {
  if (flags.on("no-color")) return undefined;
  if (flags.on("color")) return paintWith(new Ansis(colorLevel));
  const ansis = new Ansis();
  return io.isTerminal && ansis.isSupported() ? paintWith(ansis) : undefined;
};

/** Where neither a terminal nor COLUMNS says how wide it is to be. */
const defaultColumns = 100;

export const columnsOf = (io: CommandIo): number => (io.columns > 0 ? io.columns : defaultColumns);

/** Narrower, a picture says nothing; wider, nobody can look at it. */
export const widthFlag: Flag = {
  name: "width",
  type: "integer",
  range: [40, 1000],
  help: `Width in characters (default: the terminal's, or COLUMNS, or ${defaultColumns}).`,
};

/** What `--width` says, or {@link columnsOf}. */
export const widthOf = (io: CommandIo, flags: ParsedFlags): number =>
  flags.given(widthFlag.name) ? flags.integer(widthFlag.name) : columnsOf(io);
