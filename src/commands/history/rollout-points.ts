/** Where a Deployment's rollouts and revisions stand in the log, by the numbers that people call them by. */
import * as E from "fp-ts/lib/Either.js";
import { type ObjectRef, streamOf } from "../../domain/state.ts";
import type { Session } from "../../engine/session.ts";
import { foldedEvent } from "../../projections/replay.ts";

const said = ({ namespace, name }: ObjectRef): string => `deployment ${JSON.stringify(name)} in namespace ${namespace}`;

/** The seq of the event that began rollout `number`. */
export const rolloutSeq = (session: Session, deployment: ObjectRef, number: number): E.Either<string, number> => {
  const rollouts = session.rollouts(deployment);
  const rollout = rollouts.find((each) => each.number === number);
  if (rollout) return E.right(rollout.seq);
  if (rollouts.length === 0) return E.left(`the log knows no ${said(deployment)}`);
  return E.left(`${said(deployment)} has no rollout:${number}: it has rollout:1 to rollout:${rollouts.length}`);
};

/**
 * The seq of the event that gave the Deployment this revision, the last time that one did. Numbers that `undo` has moved on and
 * those of ReplicaSets long gone are found too.
 */
export const revisionSeq = (session: Session, deployment: ObjectRef, number: number): E.Either<string, number> => {
  const seqs = new Map<string, number>();
  const types = ["DeploymentRevisionAssigned"];
  for (const event of session.log(1, undefined, { streams: [streamOf(deployment)], types })) {
    const folded = foldedEvent(event);
    if (folded.type === "DeploymentRevisionAssigned") seqs.set(folded.data.revision, event.seq);
  }
  const seq = seqs.get(String(number));
  if (seq !== undefined) return E.right(seq);
  if (seqs.size === 0) return E.left(`the log knows no revision of ${said(deployment)}`);
  return E.left(`${said(deployment)} never had revision:${number}: it had ${[...seqs.keys()].join(", ")}`);
};
