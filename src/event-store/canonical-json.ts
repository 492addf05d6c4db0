import type { Json } from "./port.ts";

/** JSON text that depends only on the value: keys sorted by code unit, no white space. */
export const canonicalJson = (value: Json): string => {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members: string[] = [];
  for (const key of Object.keys(value).sort(byCodeUnit)) {
    const member = value[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(member)}`);
  }
  return `{${members.join(",")}}`;
};

const isArray: (value: Json) => value is readonly Json[] = Array.isArray;

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : 1);
