/**
 * The configuration that `kubectl apply` keeps on an object repeats all of it, a Secret's data too. It is a body like that
 * data: entities and events hold its digest, so that the log holds nothing that could not be redacted.
 */
import type { StringMap } from "../../kubernetes/objects.ts";
import { LAST_APPLIED } from "../../kubernetes/well-known.ts";
import type { Bodies, BodySource } from "../bodies.ts";
import type { Digest } from "../state.ts";

const scheme = "sha256:";

/** Annotations of the wire as they are stored. */
export const admitAnnotations = (annotations: StringMap, bodies: Bodies): StringMap => {
  const text = annotations[LAST_APPLIED];
  if (text === undefined) return annotations;
  return { ...annotations, [LAST_APPLIED]: scheme + bodies.intern({ [LAST_APPLIED]: text }) };
};

/** The body that a stored value of the annotation names. */
export const lastAppliedDigest = (stored: unknown): Digest | undefined =>
  typeof stored === "string" && stored.startsWith(scheme) ? (stored.slice(scheme.length) as Digest) : undefined;

/** Annotations as the API server shows them; without what was redacted. */
export const renderAnnotations = (annotations: StringMap, bodies: BodySource): StringMap => {
  const digest = lastAppliedDigest(annotations[LAST_APPLIED]);
  if (digest === undefined) return annotations;
  const { [LAST_APPLIED]: _, ...others } = annotations;
  const text = bodies.content(digest)[LAST_APPLIED];
  return typeof text === "string" ? { ...others, [LAST_APPLIED]: text } : others;
};
