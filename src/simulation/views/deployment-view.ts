import type { DeploymentWakeupView } from "../../controllers/wakeups.ts";
import type { BodySource } from "../../domain/bodies.ts";
import { controllerOf, type Deployment, type Digest, type Pod, type ReplicaSet } from "../../domain/state.ts";
import type { Change } from "../actor.ts";
import { Cache, type EntitySource, Groups, isKind, type View } from "./cache.ts";

const isDeployment = isKind("Deployment");
const isReplicaSet = isKind("ReplicaSet");

export class DeploymentCaches implements DeploymentWakeupView, View {
  readonly #deployments = new Cache<Deployment>();
  readonly #replicaSets = new Cache<ReplicaSet>();
  readonly #replicaSetsByOwner = new Groups<string, string, ReplicaSet>();
  readonly #podsByOwner = new Groups<string, string, Pod>();
  readonly #bodies: BodySource;

  constructor(bodies: BodySource, source: EntitySource) {
    this.#bodies = bodies;
    for (const deployment of source.all("Deployment")) this.#deployments.put(deployment);
    for (const replicaSet of source.all("ReplicaSet")) this.#moveReplicaSet(undefined, replicaSet);
    for (const pod of source.all("Pod")) this.#movePod(undefined, pod);
  }

  apply(change: Change): void {
    this.#deployments.apply(change, isDeployment);
    const { before, after } = change;
    if (isReplicaSet(before) || isReplicaSet(after)) {
      this.#moveReplicaSet(isReplicaSet(before) ? before : undefined, isReplicaSet(after) ? after : undefined);
    }
    if (before?.kind === "Pod" || after?.kind === "Pod") {
      this.#movePod(before?.kind === "Pod" ? before : undefined, after?.kind === "Pod" ? after : undefined);
    }
  }

  template(digest: Digest) {
    return this.#bodies.template(digest);
  }

  deployment(namespace: string, name: string): Deployment | undefined {
    return this.#deployments.get(namespace, name);
  }

  deployments(namespace: string): Iterable<Deployment> {
    return this.#deployments.in(namespace);
  }

  allDeployments(): Iterable<Deployment> {
    return this.#deployments.all();
  }

  replicaSets(namespace: string): Iterable<ReplicaSet> {
    return this.#replicaSets.in(namespace);
  }

  replicaSet(namespace: string, name: string): ReplicaSet | undefined {
    return this.#replicaSets.get(namespace, name);
  }

  replicaSetsOwnedBy(owner: string): Iterable<ReplicaSet> {
    return this.#replicaSetsByOwner.values(owner);
  }

  podsOwnedBy(owner: string): Iterable<Pod> {
    return this.#podsByOwner.values(owner);
  }

  #moveReplicaSet(before: ReplicaSet | undefined, after: ReplicaSet | undefined): void {
    const from = before && controllerOf(before.meta)?.uid;
    const to = after && controllerOf(after.meta)?.uid;
    if (before && from !== undefined && from !== to) this.#replicaSetsByOwner.delete(from, before.meta.name);
    if (after && to !== undefined) this.#replicaSetsByOwner.set(to, after.meta.name, after);
    if (after) this.#replicaSets.put(after);
    else if (before) this.#replicaSets.remove(before.meta.namespace, before.meta.name);
  }

  #movePod(before: Pod | undefined, after: Pod | undefined): void {
    const from = before && controllerOf(before.meta)?.uid;
    const to = after && controllerOf(after.meta)?.uid;
    if (before && from !== undefined && from !== to) this.#podsByOwner.delete(from, before.meta.name);
    if (after && to !== undefined) this.#podsByOwner.set(to, after.meta.name, after);
  }
}
