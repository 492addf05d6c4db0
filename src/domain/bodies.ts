/**
 * Content-addressed bodies, as in git: a template, a pod spec or a ConfigMap's data is stored once, under the digest of
 * its text. The store behind this lives in the engine; the core only interns and resolves.
 */
import type { JsonObject } from "../kubernetes/json.ts";
import type { PodSpec, PodTemplate } from "../kubernetes/objects.ts";
import type { Digest } from "./state.ts";

/** What a ConfigMap or Secret holds beside its metadata. */
export type Content = JsonObject;

/**
 * Bodies by digest. What a digest names is known from where the digest stands, so each form has its own way in.
 * A digest that was interned or recorded always resolves, to the same frozen object each time; an unknown one throws.
 */
export interface BodySource {
  template(digest: Digest): PodTemplate;
  podSpec(digest: Digest): PodSpec;
  content(digest: Digest): Content;
}

export interface Bodies extends BodySource {
  /** Remembers the body and names it. Equal JSON gets equal digests, whatever the order of its keys. */
  intern(body: PodTemplate | PodSpec | Content): Digest;
}
