/** Recorded names of ReplicaSets and pods hold hashes and random letters: which objects of ours do they mean? */
import type { KubeObject } from "../../../src/kubernetes/objects.ts";
import type { WatchedChange } from "./recording.ts";
import { tagOf } from "./stand-in-kubelet.ts";

interface Known {
  readonly name: string;
  readonly tag: string;
  readonly alive: boolean;
}

const podTag = (object: KubeObject): string => {
  const { spec } = object as { readonly spec?: { readonly containers?: readonly { readonly image?: string }[] } };
  return tagOf(spec?.containers?.[0]?.image ?? "");
};

/** The objects of a kind that were there up to a time, in the order of their creation. */
const knownAt = (changes: readonly WatchedChange[], kind: string, untilT: number): readonly Known[] => {
  const known = new Map<string, Known>();
  for (const { t, type, object } of changes) {
    if (object.kind !== kind || t > untilT) continue;
    const { name, uid = "", deletionTimestamp } = object.metadata;
    const alive = type !== "DELETED" && deletionTimestamp === undefined;
    known.set(uid, { name, tag: podTag(object), alive });
  }
  return [...known.values()];
};

/** The object that has the same place among those of its tag: among the living, or among all that ever were. */
const counterpart = (name: string, theirs: readonly Known[], ours: readonly Known[]): string | undefined => {
  const it = theirs.find((known) => known.name === name);
  if (!it) return undefined;
  const isPeer = (known: Known): boolean => known.tag === it.tag && (known.alive || !it.alive);
  const place = theirs.filter(isPeer).indexOf(it);
  return ours.filter(isPeer)[place]?.name;
};

/** Finds, and remembers, our name for a recorded one. */
export class Names {
  readonly #theirs: readonly WatchedChange[];
  readonly #ours: readonly WatchedChange[];
  readonly #found = new Map<string, string>();

  /** @param ours may grow while names are asked for. */
  constructor(theirs: readonly WatchedChange[], ours: readonly WatchedChange[]) {
    this.#theirs = theirs;
    this.#ours = ours;
  }

  /** Our name for what was called so at this time of the recording; the name itself when it is nobody's. */
  at(t: number, name: string): string {
    const known = this.#found.get(name);
    if (known !== undefined) return known;
    for (const kind of ["Pod", "ReplicaSet"]) {
      const found = counterpart(name, knownAt(this.#theirs, kind, t), knownAt(this.#ours, kind, Infinity));
      if (found === undefined) continue;
      this.#found.set(name, found);
      return found;
    }
    return name;
  }

  /** A command's word with the names in it replaced: `web-7f4946d47b`, `pod/web-7f4946d47b-9pn95`. */
  inWord(t: number, word: string): string {
    const slash = word.lastIndexOf("/");
    return word.slice(0, slash + 1) + this.at(t, word.slice(slash + 1));
  }
}
