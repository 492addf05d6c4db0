/** One text for each JSON value, whatever the order in which its keys were written: what digests and hashes are taken over. */
import { sortedKeys } from "./sorted.ts";

/** JSON with the keys of every object in code-unit order; keys whose value is `undefined` are left out, as in JSON. */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) {
    return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const members: string[] = [];
    for (const key of sortedKeys(value)) {
      const member: unknown = Reflect.get(value, key);
      if (member !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(member)}`);
    }
    return `{${members.join(",")}}`;
  }
  return JSON.stringify(value);
};
