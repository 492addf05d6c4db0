import { hash } from "node:crypto";
import type { Bodies, Content } from "../domain/bodies.ts";
import type { Digest } from "../domain/state.ts";
import type { BlobStore, StoredBlob } from "../event-store/port.ts";
import { canonicalJson } from "../kubernetes/canonical-json.ts";
import type { JsonObject } from "../kubernetes/json.ts";
import type { PodSpec, PodTemplate } from "../kubernetes/objects.ts";

const deepFreeze = <T>(value: T): T => {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
};

/** What is still known of a body; undefined for one that is a mistake to ask for. */
export type OutlineSource = (digest: Digest) => JsonObject | undefined;

/** Bodies of a ledger: those it holds, and those of commits that are on their way. */
export class BodyStore implements Bodies {
  readonly #blobs: BlobStore;
  readonly #outlineOf: OutlineSource;
  readonly #bodies = new Map<string, object>();
  readonly #texts = new Map<Digest, string>();
  /** Digests by the very object, so that a body which thousands of pods share is hashed once. */
  readonly #digests = new WeakMap<object, Digest>();
  readonly #asked = new Set<Digest>();

  /** @param outlineOf what stands for bodies that the ledger does not hold any more. */
  constructor(blobs: BlobStore, outlineOf: OutlineSource = () => undefined) {
    this.#blobs = blobs;
    this.#outlineOf = outlineOf;
  }

  intern(body: PodTemplate | PodSpec | Content): Digest {
    const digest = this.#digests.get(body) ?? this.#digest(body);
    this.#asked.add(digest);
    return digest;
  }

  template(digest: Digest): PodTemplate {
    return this.#resolve(digest) as PodTemplate;
  }

  podSpec(digest: Digest): PodSpec {
    return this.#resolve(digest) as PodSpec;
  }

  content(digest: Digest): Content {
    return this.#resolve(digest) as Content;
  }

  /** The interned bodies that the ledger does not hold yet; a commit takes them along. Interning starts afresh. */
  takeNew(): readonly StoredBlob[] {
    const fresh: StoredBlob[] = [];
    for (const digest of this.#asked) {
      const body = this.#texts.get(digest);
      if (body !== undefined) fresh.push({ digest, body });
    }
    this.#asked.clear();
    return fresh;
  }

  /** The ledger has recorded these: they need not be written again. */
  recorded(blobs: Iterable<StoredBlob>): void {
    for (const { digest } of blobs) this.#texts.delete(digest as Digest);
  }

  #digest(body: object): Digest {
    const text = canonicalJson(body);
    const digest = hash("sha256", text, "hex") as Digest;
    this.#digests.set(body, digest);
    if (!this.#bodies.has(digest)) {
      this.#bodies.set(digest, deepFreeze(JSON.parse(text)));
      if (!this.#blobs.has(digest)) this.#texts.set(digest, text);
    }
    return digest;
  }

  #resolve(digest: Digest): object {
    const known = this.#bodies.get(digest);
    if (known) return known;
    const text = this.#blobs.get(digest);
    const outline = text === undefined ? this.#outlineOf(digest) : undefined;
    if (text === undefined && outline === undefined) throw new Error(`the ledger holds no body ${digest}`);
    const body: object = deepFreeze(text === undefined ? { ...outline } : JSON.parse(text));
    this.#bodies.set(digest, body);
    return body;
  }
}
