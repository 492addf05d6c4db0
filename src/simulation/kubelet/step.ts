const verbs = [
  "accept",
  "initStart",
  "initDone",
  "start",
  "pullBackOff",
  "becomeReady",
  "exit",
  "replace",
  "stop",
  "kill",
  "crash",
  "fail",
  "unready",
  "ready",
  "nodeUp",
  "nodeDown",
] as const;

/** One step in a pod's life (or a node's), planned for a time. */
export interface Step {
  readonly namespace: string;
  /** Of the pod, or of the node. */
  readonly name: string;
  /** The pod it was planned for; empty when whichever pod has the name is meant. */
  readonly uid: string;
  readonly does: (typeof verbs)[number];
  readonly container?: string;
}

/** A step that follows from another, for the same pod. */
export interface PlannedStep extends Pick<Step, "does" | "container"> {
  readonly atMs: number;
}

/** Names hold no slash, so a step is written as a path. */
export const stepKey = ({ namespace, name, uid, does, container = "" }: Step): string =>
  `${namespace}/${name}/${uid}/${does}/${container}`;

export const parseStep = (key: string): Step => {
  const [namespace = "", name = "", uid = "", verb, container = ""] = key.split("/");
  const does = verbs.find((known) => known === verb);
  if (!does) throw new Error(`no step of a kubelet: ${key}`);
  return { namespace, name, uid, does, ...(container === "" ? {} : { container }) };
};
