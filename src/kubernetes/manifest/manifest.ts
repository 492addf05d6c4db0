/** What a manifest file holds, and how its faults are told. */
import type { KubeObject } from "../objects.ts";
import type { FieldCause } from "../refusal.ts";
import type { Path } from "../schema/check.ts";
import type { ManifestKind } from "../schema/kinds.ts";
import type { Position } from "./yaml-documents.ts";

/** A remark on a place in a file, shown below the message: `web.yaml:7:3  did you mean "replicas"?`. */
export interface Note extends Position {
  readonly file: string;
  readonly text: string;
}

/** Why a file, or an object in it, cannot be sent. */
export interface ManifestError {
  /**
   * Who refuses in the real thing: kubectl itself (`error: <message>`), or the API server
   * (`Error from server (BadRequest): error when creating "web.yaml": <message>`).
   */
  readonly from: "client" | "server";
  readonly message: string;
  readonly notes: readonly Note[];
}

/** A place for every field of an object in a file. */
export interface Located {
  readonly file: string;
  /** Where a field was written. Of one that is not there, its nearest ancestor. */
  readonly locate: (path: Path) => Position;
}

/** One object of a file. */
export interface Manifest extends Located {
  /** As it was written, before any defaulting. A missing name is empty. */
  readonly object: KubeObject;
  readonly kind: ManifestKind;
}

export const noteAt = ({ file, locate }: Located, path: Path, text: string): Note => ({ file, ...locate(path), text });

/** The path of a field as the API server writes it: `spec.ports[0].name`, `resources.limits[cpu]`. */
export const parseFieldPath = (field: string): Path =>
  Array.from(field.matchAll(/\[([^\]]*)\]|[^.[\]]+/g), ([step, key]) => {
    if (key === undefined) return step;
    return /^[0-9]+$/.test(key) ? Number(key) : key;
  });

/** Where the fields were written that the API server refuses. */
export const notesOn = (manifest: Located, causes: readonly FieldCause[]): readonly Note[] =>
  causes.map(({ field }) => noteAt(manifest, parseFieldPath(field), field));
