/** An API server in memory: decisions, and the world that follows from them. No simulation, no file. */
import { createHash } from "node:crypto";
import * as E from "fp-ts/lib/Either.js";
import type { Bodies, Content } from "../../src/domain/bodies.ts";
import { decide } from "../../src/domain/decide.ts";
import type { DomainEvent, EventType, FoldedEvent } from "../../src/domain/events.ts";
import { type Digest, type Entity, type EntityKind, type EntityOf, streamOf } from "../../src/domain/state.ts";
import { render } from "../../src/domain/wire/render.ts";
import { World } from "../../src/domain/world.ts";
import type { Write } from "../../src/domain/write.ts";
import { canonicalJson } from "../../src/kubernetes/canonical-json.ts";
import type { KubeObject, PodSpec, PodTemplate, StoredObject } from "../../src/kubernetes/objects.ts";
import type { Refusal } from "../../src/kubernetes/refusal.ts";
import { startMs } from "../support/workloads.ts";

export { startMs };

export class MemoryBodies implements Bodies {
  readonly #texts = new Map<Digest, string>();

  intern(body: PodTemplate | PodSpec | Content): Digest {
    const text = canonicalJson(body);
    const digest = createHash("sha256").update(text).digest("hex") as Digest;
    this.#texts.set(digest, text);
    return digest;
  }

  template = (digest: Digest): PodTemplate => this.#resolve(digest);
  podSpec = (digest: Digest): PodSpec => this.#resolve(digest);
  content = (digest: Digest): Content => this.#resolve(digest);

  get size(): number {
    return this.#texts.size;
  }

  #resolve<T>(digest: Digest): T {
    const text = this.#texts.get(digest);
    if (text === undefined) throw new Error(`no body ${digest}`);
    return JSON.parse(text);
  }
}

export class ApiServer {
  readonly bodies = new MemoryBodies();
  readonly world = new World();
  readonly seed: number;
  nowMs = startMs;
  seq = 0;

  /** Has the namespace `default`. */
  constructor(seed = 1) {
    this.seed = seed;
    this.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } });
  }

  /** What a write would become. */
  decide(write: Write): ReturnType<typeof decide> {
    const { world, bodies, seed, seq: headSeq, nowMs: atMs } = this;
    return decide({ world, bodies, seed, headSeq, atMs }, write);
  }

  /** Decides and applies; answers with the events. */
  send(write: Write): E.Either<Refusal, readonly DomainEvent[]> {
    const decided = this.decide(write);
    if (E.isLeft(decided)) return decided;
    const { ref, events } = decided.right;
    this.apply(streamOf(ref), events);
    return E.right(events);
  }

  /** Applies events of one commit. Data goes through JSON, as in a log. */
  apply(stream: string, events: readonly DomainEvent[]): void {
    const resourceVersion = this.seq + events.length;
    for (const event of events) {
      const recorded: DomainEvent = JSON.parse(JSON.stringify(event));
      const folded: FoldedEvent = { ...recorded, at: this.nowMs, resourceVersion };
      this.world.apply(stream, folded);
      this.seq += 1;
    }
  }

  /** The events that the write becomes; a refusal throws. */
  accepted(write: Write): readonly DomainEvent[] {
    const answer = this.send(write);
    if (E.isLeft(answer)) throw new Error(answer.left.message);
    return answer.right;
  }

  /** Why the write is refused; one that is not throws. */
  refused(write: Write): Refusal {
    const answer = this.send(write);
    if (E.isRight(answer)) throw new Error(`accepted: ${JSON.stringify(answer.right)}`);
    return answer.left;
  }

  create(object: KubeObject): void {
    this.accepted({ verb: "create", object });
  }

  get<K extends EntityKind>(kind: K, name: string, namespace = clusterScoped.has(kind) ? "" : "default"): EntityOf<K> {
    const found = this.world.get({ kind, namespace, name });
    if (!found) throw new Error(`no ${kind} ${name}`);
    return found;
  }

  has(kind: EntityKind, name: string): boolean {
    const namespace = clusterScoped.has(kind) ? "" : "default";
    return this.world.get({ kind, namespace, name }) !== undefined;
  }

  wire(entity: Entity): StoredObject {
    return render(entity, this.bodies);
  }
}

const clusterScoped: ReadonlySet<EntityKind> = new Set<EntityKind>(["Node", "Namespace"]);

export const typesOf = (events: readonly DomainEvent[]): readonly EventType[] => events.map(({ type }) => type);

/** A reference to an object of the namespace `default`. */
export const refTo = <K extends EntityKind>(kind: K, name: string) =>
  ({ kind, namespace: clusterScoped.has(kind) ? "" : "default", name }) as const;

/** An object with fields that the types here do not name. */
export const manifest = (
  apiVersion: string,
  kind: string,
  name: string,
  rest: object,
  metadata: object = {},
): KubeObject => ({ apiVersion, kind, metadata: { name, ...metadata }, ...rest });

export const deploymentManifest = (spec: object = {}, metadata: object = {}): KubeObject =>
  manifest(
    "apps/v1",
    "Deployment",
    "web",
    {
      spec: {
        selector: { matchLabels: { app: "web" } },
        template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "web:1" }] } },
        ...spec,
      },
    },
    metadata,
  );

export const podManifest = (spec: object = {}, metadata: object = {}): KubeObject =>
  manifest("v1", "Pod", "one", { spec: { containers: [{ name: "web", image: "web:1" }], ...spec } }, metadata);

export const serviceManifest = (spec: object = {}): KubeObject =>
  manifest("v1", "Service", "web", { spec: { selector: { app: "web" }, ports: [{ port: 80 }], ...spec } });
