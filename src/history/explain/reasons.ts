/** Chains in one sentence: what was the matter, and who or what began it. */
import { type Chain, effectOf, originOf } from "./chain.ts";
import { isPerson, type Step } from "./step.ts";

/** What made an object go. */
type EndKind =
  | "person"
  | "scaleDown"
  | "surplus"
  | "nodeFault"
  | "nodeGone"
  | "failure"
  | "owner"
  | "completed"
  | "other";

export interface Reason {
  /** Without a full stop. */
  readonly text: string;
  readonly chain: Chain;
}

export interface EndReason extends Reason {
  readonly kind: EndKind;
}

const wrote = ({ object, wrote: words }: Step): string => (object === "" ? words : `${object} ${words}`);

const hasType = (step: Step, type: string): boolean => step.types.includes(type);

/** Whoever began the chain, unless that is what has been said already. */
const beginning = (chain: Chain): string => {
  const [root, effect] = [originOf(chain), effectOf(chain)];
  if (root === effect) return chain.origin === "person" ? "" : "; cause not recorded";
  if (chain.origin === "notRecorded") return `; what led to "${wrote(root)}" is not recorded`;
  return `; it began with ${root.actor}: ${wrote(root)}`;
};

export const reasonOf = (chain: Chain): Reason => ({ text: `${wrote(effectOf(chain))}${beginning(chain)}`, chain });

const created = (chain: Chain): string => {
  const parent = chain.steps.at(-2);
  const { actor } = effectOf(chain);
  if (isPerson({ actor })) return `${actor} created it`;
  if (!parent) return `${actor} created it`;
  if (hasType(parent, "ReplicaSetCreated")) return `it is one of the first pods of ${parent.object}`;
  if (hasType(parent, "ReplicaSetScaled")) return wrote(parent);
  if (parent.object.includes("pod/")) return `it replaces ${parent.object}`;
  return `${actor} created it`;
};

export const creationReason = (chain: Chain): Reason => ({ text: `${created(chain)}${beginning(chain)}`, chain });

const ended = (chain: Chain): Pick<EndReason, "kind" | "text"> => {
  const effect = effectOf(chain);
  const parent = chain.steps.at(-2);
  const { actor } = effect;
  if (hasType(effect, "PodSucceeded")) return { kind: "completed", text: "its containers are done" };
  if (hasType(effect, "PodFailed")) return { kind: "failure", text: `its kubelet gave it up (${effect.wrote})` };
  if (isPerson(effect)) return { kind: "person", text: `${actor} deleted it` };
  switch (actor) {
    case "controller:node-lifecycle":
      return { kind: "nodeFault", text: "its node was silent for too long" };
    case "controller:pod-garbage-collector":
      return { kind: "nodeGone", text: "its node is gone" };
    case "controller:garbage-collector":
      return { kind: "owner", text: "its owner was deleted" };
    case "controller:namespace":
      return { kind: "owner", text: "its namespace was deleted" };
    case "controller:deployment":
      return { kind: "surplus", text: "its Deployment keeps no more old ReplicaSets than revisionHistoryLimit" };
    case "controller:replicaset":
      return parent && hasType(parent, "ReplicaSetScaled")
        ? { kind: "scaleDown", text: wrote(parent) }
        : { kind: "surplus", text: "its ReplicaSet had more pods than it wants" };
    default:
      return { kind: "other", text: `${actor} deleted it` };
  }
};

/** @param chain one that ends with the object's deletion, or the first request of it. */
export const endReason = (chain: Chain): EndReason => {
  const { kind, text } = ended(chain);
  return { kind, text: `${text}${beginning(chain)}`, chain };
};
