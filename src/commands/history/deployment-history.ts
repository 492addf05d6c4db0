/** Which Deployment a verb of history is about, and its history read out of the log. */
import * as E from "fp-ts/lib/Either.js";
import { evolve } from "../../domain/evolve.ts";
import { controllerOf, type Entity, type Pod, type ReplicaSet, refOf, streamOf } from "../../domain/state.ts";
import { refOfStream, type World } from "../../domain/world.ts";
import type { Session } from "../../engine/session.ts";
import type { RecordedEvent } from "../../event-store/port.ts";
import { withReplicaSets } from "../../history/rollouts.ts";
import { HistoryFold } from "../../history/timeline/fold.ts";
import type { History } from "../../history/timeline/model.ts";
import type { HistoryStart } from "../../history/timeline/start.ts";
import type { DeploymentName } from "../../invariants/check.ts";
import { resourceTypeNamed } from "../../kubernetes/kinds.ts";
import { foldedEvent } from "../../projections/replay.ts";
import { type Levels, noLevels } from "../../projections/rollouts/levels.ts";
import type { CommandContext } from "../command.ts";
import { clientFailure, type Failure } from "../failure.ts";
import { eventAt, inPages, momentAtTime } from "./reading.ts";

const left = (message: string): E.Either<Failure, never> => E.left(clientFailure(message));

/** `-5m`, `+10s`, `rollout:3`: no name of a Deployment looks so. */
const pointForm = /^[-+]\d|:/;

/**
 * The name in `deploy/web`, `deployment web`; undefined when none was given. `thing` is what only Deployments have: `a timeline`.
 */
export const deploymentNamed = (args: readonly string[], thing: string): E.Either<Failure, string | undefined> => {
  const words = args.length === 1 ? (args[0] ?? "").split("/") : args;
  const [typeName, name, ...more] = words;
  const point = args.slice(1).find((word) => pointForm.test(word));
  if (point !== undefined) return left(`${JSON.stringify(point)} is a point in history: --from and --to take points`);
  if (args.length > 1 && args.some((word) => word.includes("/"))) return left("one deployment is shown at a time");
  if (typeName === undefined) return E.right(undefined);
  const type = resourceTypeNamed(typeName);
  if (!type) return left(`the server doesn't have a resource type ${JSON.stringify(typeName)}`);
  if (type.kind !== "Deployment") return left(`only deployments have ${thing}, not ${type.plural}`);
  if (more.length > 0 || name === "") return left("one deployment is shown at a time");
  return E.right(name);
};

/** The Deployments that the log knows in the namespace, the one that rolled out last at the end. */
export const deploymentsIn = (session: Session, namespace: string): readonly string[] =>
  session
    .deployments()
    .filter((of) => of.namespace === namespace)
    .map((of) => ({ name: of.name, seq: session.rollouts(of).at(-1)?.seq ?? 0 }))
    .sort((a, b) => a.seq - b.seq)
    .map(({ name }) => name);

/** Tells of the Deployments that were not chosen because none was named. */
export const tellOthers = ({ io }: CommandContext, known: readonly string[]): void => {
  const others = known.slice(0, -1).toReversed();
  if (others.length > 0) io.err(`Others: ${others.map((other) => `deploy/${other}`).join(", ")}\n`);
};

/** The last thing that the log up to a seq tells of the ReplicaSet with this uid; undefined when it tells of none. */
const lastReplicaSet = (session: Session, stream: string, uid: string, toSeq: number): ReplicaSet | undefined => {
  const ref = refOfStream(stream);
  let [entity, last]: (Entity | undefined)[] = [];
  for (const event of session.store.read(stream)) {
    if (event.seq > toSeq) break;
    entity = ref && evolve(entity, foldedEvent(event), ref);
    if (entity?.meta.uid === uid) last = entity;
  }
  return last?.kind === "ReplicaSet" ? last : undefined;
};

/** ReplicaSets that no longer exist, but some of whose pods do. */
const goneOwners = (session: Session, world: World, pods: readonly Pod[], toSeq: number): readonly ReplicaSet[] => {
  const gone = new Map<string, ReplicaSet>();
  for (const { meta } of pods) {
    const owner = controllerOf(meta);
    if (owner?.kind !== "ReplicaSet" || gone.has(owner.uid)) continue;
    const ref = { kind: "ReplicaSet", namespace: meta.namespace, name: owner.name } as const;
    if (world.get(ref)?.meta.uid === owner.uid) continue;
    const last = lastReplicaSet(session, streamOf(ref), owner.uid, toSeq);
    if (last) gone.set(owner.uid, last);
  }
  return [...gone.values()];
};

/** The first event of the pod. */
const birthOf = (session: Session, pod: Pod): RecordedEvent | undefined => {
  const [first] = session.store.read(streamOf(refOf(pod)), 1, 1);
  return first;
};

/** When the oldest of the pods was created that the Deployment had at a time; undefined where it had none. */
export const oldestPodMs = (session: Session, of: DeploymentName, atMs: number): number | undefined => {
  const world = session.at(momentAtTime(session, atMs)).world();
  const owners = new Set<string>();
  for (const { meta } of world.all("ReplicaSet")) {
    const owner = controllerOf(meta);
    if (meta.namespace === of.namespace && owner?.kind === "Deployment" && owner.name === of.name) owners.add(meta.uid);
  }
  const born = [...world.all("Pod")]
    .filter(({ meta }) => owners.has(controllerOf(meta)?.uid ?? ""))
    .map((pod) => birthOf(session, pod)?.at ?? atMs);
  return born.length > 0 ? Math.min(...born) : undefined;
};

/** How many pods the Deployment had against its promises, at a time. */
const levelsAt = async (session: Session, { namespace, name }: DeploymentName, atMs: number): Promise<Levels> => {
  const rows = session.queries.view("v_availability", {
    where: { namespace, deployment: name },
    orderBy: ["-from_ms"],
  });
  for await (const row of rows) {
    if (row.from_ms > atMs) continue;
    const { desired, floor, ceiling, pods, terminating, available } = row;
    const inForce = { floorInForce: row.floor_in_force, ceilingInForce: row.ceiling_in_force };
    return { desired, floor, ceiling, pods, terminating, available, ...inForce };
  }
  return noLevels;
};

/** The objects before a time, and the moment that this is; undefined before the first event. */
const startBefore = async (
  session: Session,
  of: DeploymentName,
  sinceMs: number,
): Promise<(HistoryStart & { readonly seq: number }) | undefined> => {
  const moment = momentAtTime(session, sinceMs - 1);
  const first = eventAt(session, 1);
  if (moment.seq === 0 || !first) return undefined;
  const world = session.at(moment).world();
  const isHere = ({ meta }: Entity): boolean => meta.namespace === of.namespace;
  const pods = [...world.all("Pod")].filter(isHere).map((pod) => ({ pod, seq: birthOf(session, pod)?.seq ?? 0 }));
  const inOrder = pods.sort((a, b) => a.seq - b.seq).map(({ pod }) => pod);
  const owners = [...world.all("Deployment"), ...world.all("ReplicaSet")].filter(isHere);
  return {
    seq: moment.seq,
    atMs: moment.atMs,
    knownFromMs: first.at,
    entities: [...owners, ...inOrder],
    gone: goneOwners(session, world, inOrder, moment.seq),
    rollouts: session.rollouts(of),
    levels: await levelsAt(session, of, moment.atMs),
  };
};

/** The part of a history that is wanted: what is needed to tell of this time, and no more. */
interface Wanted {
  readonly sinceMs?: number | undefined;
  /** Left out, up to where it is known what happened. */
  readonly untilMs?: number | undefined;
}

/**
 * The history of a Deployment, all of it or a part. Undefined where the log knows no such Deployment, or when the reading was
 * aborted before it met one.
 */
export const readHistory = async (
  { session, signal }: CommandContext,
  of: DeploymentName,
  { sinceMs, untilMs = Number.POSITIVE_INFINITY }: Wanted = {},
): Promise<History | undefined> => {
  const { bodies } = session;
  const toMs = Math.min(untilMs, session.knownUntil());
  const start = sinceMs === undefined ? undefined : await startBefore(session, of, sinceMs);
  const fold = new HistoryFold({ ...of, templateOf: (digest) => bodies.template(digest) }, start);
  for await (const page of inPages(session.log(1 + (start?.seq ?? 0), momentAtTime(session, toMs).seq), signal)) {
    for (const event of page) fold.apply(event);
  }
  const history = fold.finish(toMs);
  return history && { ...history, rollouts: withReplicaSets(history.rollouts, session.world(), of) };
};
