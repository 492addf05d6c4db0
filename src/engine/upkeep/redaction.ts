/** What is to be deleted for good: which bodies, and what may still be known of them. */
import * as E from "fp-ts/lib/Either.js";
import { bodiesNamedBy } from "../../domain/body-references.ts";
import { outlineOf } from "../../domain/outline.ts";
import { type Digest, type Entity, type ObjectRef, streamOf } from "../../domain/state.ts";
import type { World } from "../../domain/world.ts";
import type { EventStore } from "../../event-store/port.ts";
import type { JsonObject } from "../../kubernetes/json.ts";
import { foldedEvent } from "../../projections/replay.ts";

/** Which bodies: what objects of a name ever held, all Secret data ever stored, or one body by (the beginning of) its digest. */
export type RedactionTarget =
  | { readonly is: "object"; readonly ref: ObjectRef }
  | { readonly is: "secrets" }
  | { readonly is: "digest"; readonly digest: string };

export interface RedactionReport {
  readonly bodies: readonly { readonly digest: string; readonly bytes: number }[];
  /**
   * Whether no page of the file holds them any more. False in a dry run, and while another process reads the ledger: redacting
   * again, or the next redaction, makes good for it.
   */
  readonly isScrubbed: boolean;
}

/** Shorter, a digest's beginning is a guess. */
const minPrefix = 8;

const secretTypes = ["SecretCreated", "SecretContentChanged", "SecretMetadataChanged"];

const bodiesNamed = (store: EventStore, filter: Parameters<EventStore["readAll"]>[2]): ReadonlySet<Digest> => {
  const digests = new Set<Digest>();
  for (const event of store.readAll(1, undefined, filter)) {
    for (const digest of bodiesNamedBy(foldedEvent(event))) digests.add(digest);
  }
  return digests;
};

const byPrefix = (store: EventStore, prefix: string): E.Either<string, readonly string[]> => {
  const found: string[] = [];
  for (const { digest } of store.blobs.all()) if (digest.startsWith(prefix)) found.push(digest);
  if (prefix.length < minPrefix)
    return E.left(`${prefix} is too short for a digest: give at least ${minPrefix} digits`);
  if (found.length === 0) return E.left(`the ledger holds no body ${prefix}`);
  return found.length > 1 ? E.left(`${found.length} bodies begin with ${prefix}: give more digits`) : E.right(found);
};

const resolve = (store: EventStore, target: RedactionTarget): E.Either<string, Iterable<string>> => {
  switch (target.is) {
    case "secrets":
      return E.right(bodiesNamed(store, { types: secretTypes }));
    case "object": {
      const stream = streamOf(target.ref);
      if (store.streamVersion(stream) === 0) return E.left(`there never was a ${target.ref.kind} ${target.ref.name}`);
      return E.right(bodiesNamed(store, { streams: [stream] }));
    }
    case "digest":
      return byPrefix(store, target.digest);
  }
};

/** Who needs the body to go on: templates and pod specs of objects that exist are not deleted. */
const userOf = (world: World, digest: string): Entity | undefined => {
  for (const deployment of world.all("Deployment")) if (deployment.spec.template === digest) return deployment;
  for (const set of world.all("ReplicaSet")) if (set.spec.template.digest === digest) return set;
  for (const pod of world.all("Pod")) if (pod.spec === digest) return pod;
  return undefined;
};

export interface RedactionPlan {
  readonly bodies: RedactionReport["bodies"];
  readonly outlines: Readonly<Record<string, JsonObject>>;
}

/** What is there of the targets; left where it may not be deleted. */
export const planRedaction = (
  store: EventStore,
  world: World,
  targets: readonly RedactionTarget[],
): E.Either<string, RedactionPlan> => {
  const digests = new Set<string>();
  for (const target of targets) {
    const found = resolve(store, target);
    if (E.isLeft(found)) return found;
    for (const digest of found.right) digests.add(digest);
  }
  const bodies: { digest: string; bytes: number }[] = [];
  const outlines: Record<string, JsonObject> = {};
  for (const digest of [...digests].sort()) {
    const text = store.blobs.get(digest);
    // Redacted before.
    if (text === undefined) continue;
    const user = userOf(world, digest);
    if (user) {
      const { kind, meta } = user;
      return E.left(`body ${digest} is in use by ${kind} ${meta.name}: change or delete it first`);
    }
    bodies.push({ digest, bytes: Buffer.byteLength(text) });
    const outline = outlineOf(JSON.parse(text));
    if (Object.keys(outline).length > 0) outlines[digest] = outline;
  }
  return E.right({ bodies, outlines });
};
