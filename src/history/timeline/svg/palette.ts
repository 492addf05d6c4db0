/** Colours and patterns of the picture, for light and for dark surroundings, told apart by the colour-blind too. */
import { element, type Markup } from "./element.ts";

const light = ["#0072b2", "#c77c02", "#b0488f", "#00875f", "#6f52c9", "#3c8fc4", "#8a6a12", "#5b6675"];
const dark = ["#4db2f0", "#f0b040", "#e58ac6", "#3ccf9f", "#a996f5", "#8ccbf2", "#d3b45a", "#a3afbf"];

export const hueClass = (hue: number): string => `h${hue % light.length}`;

const variables = (hues: readonly string[], others: string): string =>
  `${hues.map((color, i) => `--h${i}:${color}`).join(";")};${others}`;

const style = `
svg{${variables(light, "--paper:#ffffff;--ink:#1b1f24;--soft:#5f6b78;--line:#d5dae0;--alarm:#c62828")};color-scheme:light dark}
@media (prefers-color-scheme:dark){svg{${variables(dark, "--paper:#14171b;--ink:#e8ebee;--soft:#9aa5b1;--line:#343b43;--alarm:#ff7070")}}}
${light.map((_, i) => `.h${i}{--hue:var(--h${i})}`).join("")}
text{font:11px system-ui,sans-serif;fill:var(--ink)}
.title{font-size:17px;font-weight:600}
.group{font-weight:600;fill:var(--hue,var(--ink))}
.soft{fill:var(--soft)}
.mono{font:11px ui-monospace,monospace}
.paper{fill:var(--paper)}
.grid{stroke:var(--line);stroke-width:1}
.edge{fill:var(--hue)}
.rail{fill:var(--hue);fill-opacity:.22}
.paused{fill:var(--paper);fill-opacity:.6;stroke:var(--hue);stroke-dasharray:3 3}
rect{shape-rendering:crispEdges}
.area{fill:var(--hue);fill-opacity:.8}
.present{fill:var(--soft);fill-opacity:.2}
.bound{fill:none;stroke:var(--soft);stroke-dasharray:5 3}
.shortfall{fill:var(--alarm);fill-opacity:.4;stroke:var(--alarm)}
.bar{fill:var(--hue);stroke:none}
.pending,.terminating{fill-opacity:.1;stroke:var(--hue);stroke-opacity:.7;stroke-dasharray:2 2}
.starting{fill-opacity:.3}
.running{fill-opacity:.5}
.ready{fill-opacity:.7}
.backing-off{fill:var(--alarm);fill-opacity:.25}
.failed{fill:var(--alarm);fill-opacity:.5}
.succeeded{fill-opacity:.25}
.mark{fill:var(--alarm);stroke:var(--paper)}
.scaling{fill:var(--hue)}
.unknown{fill:url(#hatch)}
.hatching{stroke:var(--soft);stroke-opacity:.5}
`;

const hatch: Markup = element(
  "pattern",
  { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
  element("line", { x1: 0, y1: 0, x2: 0, y2: 6, class: "hatching" }),
);

export const definitions = (): Markup => element("defs", {}, { markup: `<style>${style}</style>` }, hatch);
