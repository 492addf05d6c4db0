/** One text for each JSON value, whatever the order in which its keys were written: what digests and hashes are taken over. */

/** JSON with the keys of every object in code-unit order; keys whose value is `undefined` are left out, as in JSON. */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) {
    let text = "[";
    for (let index = 0; index < value.length; index++) text += (index ? "," : "") + canonicalJson(value[index] ?? null);
    return `${text}]`;
  }
  if (typeof value === "object" && value !== null) {
    let text = "";
    for (const key of Object.keys(value).sort()) {
      const member: unknown = Reflect.get(value, key);
      if (member !== undefined) text += `${text ? "," : ""}${JSON.stringify(key)}:${canonicalJson(member)}`;
    }
    return `{${text}}`;
  }
  return JSON.stringify(value);
};
