/** Lengths of time as the picture writes them. */

const two = (total: number, unit: number, large: string, small: string): string => {
  const rest = total % unit;
  return `${Math.floor(total / unit)}${large}${rest === 0 ? "" : `${rest}${small}`}`;
};

/** `850ms`, `8.3s`, `42s`, `4m10s`, `2h5m`, `3d4h`. */
export const shortDuration = (ms: number): string => {
  const rounded = Math.round(ms);
  if (rounded < 1000) return rounded === 0 ? "0s" : `${rounded}ms`;
  if (rounded < 59_950) return `${Math.round(rounded / 100) / 10}s`;
  const seconds = Math.round(rounded / 1000);
  if (seconds < 3600) return two(seconds, 60, "m", "s");
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return two(minutes, 60, "h", "m");
  return two(Math.round(minutes / 60), 24, "d", "h");
};

const units = [
  { letter: "d", ms: 86_400_000 },
  { letter: "h", ms: 3_600_000 },
  { letter: "m", ms: 60_000 },
] as const;

/** `1h10s`, `2d3h`: all units that are not 0. */
const exactDuration = (ms: number): string => {
  let rest = ms;
  let written = "";
  for (const unit of units) {
    const count = Math.floor(rest / unit.ms);
    rest -= count * unit.ms;
    if (count > 0) written += `${count}${unit.letter}`;
  }
  return rest > 0 || written === "" ? `${written}${Math.round(rest / 100) / 10}s` : written;
};

const precisionFor = (ms: number): number => (ms < 60_000 ? 100 : ms < 86_400_000 ? 1000 : 60_000);

/** A moment as it is called in the picture: `+8.3s`, `-2s`, `+1h10s`; rounded as its distance asks for. */
export const offset = (ms: number, precisionMs = precisionFor(Math.abs(ms))): string => {
  const rounded = Math.round(Math.abs(ms) / precisionMs) * precisionMs;
  return `${ms < 0 && rounded > 0 ? "-" : "+"}${exactDuration(rounded)}`;
};

/** Text of others in a line of ours: no line ends, no control characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
export const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ").trim();

/** Cut to so many characters, the last of them an ellipsis. */
export const truncate = (text: string, width: number, ellipsis = "…"): string => {
  const characters = [...text];
  if (characters.length <= width) return text;
  return width < ellipsis.length ? "" : `${characters.slice(0, width - ellipsis.length).join("")}${ellipsis}`;
};
