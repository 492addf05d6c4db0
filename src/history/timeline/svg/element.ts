/** SVG as text: elements whose attributes and words are escaped. */

import { oneLine } from "../../format.ts";

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Markup that needs no more escaping. */
export interface Markup {
  readonly markup: string;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Characters that XML does not allow are left out; lines stay lines. */
const escaped = (text: string): string =>
  text
    .split("\n")
    .map(oneLine)
    .join("\n")
    .replace(/[\ufffe\uffff]/g, "")
    .replace(/[&<>"]/g, (character) => entities[character] ?? character);

/** Tenths of a unit are finer than any screen. */
const written = (value: string | number): string =>
  typeof value === "number" ? String(Math.round(value * 10) / 10) : escaped(value);

const contentOf = (child: Markup | string): string => (typeof child === "string" ? escaped(child) : child.markup);

export const element = (name: string, attributes: Attributes, ...children: readonly (Markup | string)[]): Markup => {
  const set = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${written(value)}"`],
  );
  const content = children.map(contentOf).join("");
  return { markup: content === "" ? `<${name}${set.join("")}/>` : `<${name}${set.join("")}>${content}</${name}>` };
};

/** Elements one after another, each in a line of its own. */
export const lines = (elements: readonly Markup[]): Markup => ({
  markup: elements.map(({ markup }) => `\n${markup}`).join(""),
});

/** What is told when the pointer rests on an element. */
export const tooltip = (text: string): Markup => element("title", {}, text);
