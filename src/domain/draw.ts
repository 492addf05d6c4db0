/**
 * Chance as data: every draw is a pure function of (seed, purpose, parts), so that drawing for one entity never
 * changes what another one gets.
 */
import type { Uid } from "./state.ts";

/** Mixes a text into 32 bits (FNV-1a with a murmur3 finaliser, which spreads FNV's weak low bits). */
const mix = (text: string, basis: number): number => {
  let h = basis >>> 0;
  for (let i = 0; i < text.length; i++) {
    h ^= text.charCodeAt(i);
    h = Math.imul(h, 0x01000193);
  }
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

/** A uniform 32-bit integer for this key. */
export const drawUint32 = (seed: number, ...key: readonly (string | number)[]): number =>
  mix(key.join("\u0000"), mix(String(seed), 0x811c9dc5));

/** An integer in [0, bound). The bias is below 2^-32 · bound, far under what a simulation can notice. */
export const drawBelow = (bound: number, seed: number, ...key: readonly (string | number)[]): number =>
  Math.floor((drawUint32(seed, ...key) / 2 ** 32) * bound);

const suffixAlphabet = "bcdfghjklmnpqrstvwxz2456789";

/** Five characters in the API server's alphabet, as it appends them to a generateName. */
export const drawSuffix = (seed: number, ...key: readonly (string | number)[]): string => {
  let suffix = "";
  for (let i = 0; i < 5; i++) suffix += suffixAlphabet[drawBelow(suffixAlphabet.length, seed, ...key, i)];
  return suffix;
};

const hex = (value: number): string => value.toString(16).padStart(8, "0");

/** A UUIDv8 (RFC 9562) for the nth creation of a named object. */
export const drawUid = (seed: number, kind: string, namespace: string, name: string, nth: number): Uid => {
  const word = (i: number): number => drawUint32(seed, "uid", kind, namespace, name, nth, i);
  const second = (word(1) & 0xffff0fff) | 0x8000;
  const third = (word(2) & 0x3fffffff) | 0x80000000;
  const digits = hex(word(0)) + hex(second >>> 0) + hex(third >>> 0) + hex(word(3));
  const uuid = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20),
  ].join("-");
  return uuid as Uid;
};
