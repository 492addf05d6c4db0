/** The suffix that names a Deployment's ReplicaSets. It only names: `equalIgnoreHash` decides which template is which. */
import { templateText } from "./equality.ts";
import type { PodTemplate } from "./objects.ts";

const offsetBasis = 0x811c9dc5;
const prime = 0x01000193;

const fnv1a = (hash: number, bytes: Iterable<number>): number => {
  let current = hash;
  for (const byte of bytes) current = Math.imul(current ^ byte, prime);
  return current >>> 0;
};

/** No vowels and nothing that looks like another character: a hash must not spell a word. */
const safeCharacters = "bcdfghjklmnpqrstvwxz2456789";

const safeEncode = (text: string): string =>
  Array.from(text, (character) => safeCharacters[character.charCodeAt(0) % safeCharacters.length]).join("");

const utf8 = new TextEncoder();

/** The count as Go hashes it: eight bytes, of which a little-endian uint32 fills the first four. */
const countBytes = (count: number): Uint8Array => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setUint32(0, count, true);
  return bytes;
};

/**
 * Kubernetes' `ComputeHash`: FNV-1a over the template, and over the collision count where there is one (an absent count
 * and 0 hash differently). Kubernetes hashes a dump made by Go's printer, so that its hashes differ from these.
 */
export const hashTemplate = (template: PodTemplate, collisionCount: number | undefined): string => {
  const sum = fnv1a(offsetBasis, utf8.encode(templateText(template)));
  return safeEncode(String(collisionCount === undefined ? sum : fnv1a(sum, countBytes(collisionCount))));
};
