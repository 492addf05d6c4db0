/** The rollouts of a Deployment while they are being read from the log. */
import type { DomainEvent } from "../../domain/events.ts";
import type { Deployment, Digest } from "../../domain/state.ts";
import type { Json, RecordedEvent } from "../../event-store/port.ts";
import { CHANGE_CAUSE, REVISION } from "../../kubernetes/well-known.ts";
import type { Rollout, Span } from "./model.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type OpenSpan = Mutable<Span>;
type OpenRollout = Mutable<Rollout> & { readonly pauses: OpenSpan[] };

const textIn = (intent: Json | null, field: string): string | undefined => {
  if (typeof intent !== "object" || intent === null || Array.isArray(intent)) return undefined;
  const value = Object.entries(intent).find(([key]) => key === field)?.[1];
  return typeof value === "string" ? value : undefined;
};

/** What the client said of the commit that changed the template. */
const intentOf = ({ commit: { intent } }: RecordedEvent): Pick<Rollout, "command" | "verb"> => {
  const [command, verb] = [textIn(intent, "command"), textIn(intent, "verb")];
  return { ...(command === undefined ? {} : { command }), ...(verb === undefined ? {} : { verb }) };
};

export class RolloutTrack {
  readonly #imagesOf: (template: Digest) => readonly string[];
  readonly #rollouts: OpenRollout[] = [];
  readonly #hues = new Map<Digest, number>();

  constructor(imagesOf: (template: Digest) => readonly string[]) {
    this.#imagesOf = imagesOf;
  }

  get rollouts(): readonly Rollout[] {
    return this.#rollouts.map(({ pauses, ...rollout }) => ({ ...rollout, paused: pauses }));
  }

  hueOf(template: Digest): number {
    const known = this.#hues.get(template);
    if (known !== undefined) return known;
    this.#hues.set(template, this.#hues.size);
    return this.#hues.size - 1;
  }

  apply(
    before: Deployment | undefined,
    event: DomainEvent,
    after: Deployment | undefined,
    recorded: RecordedEvent,
  ): void {
    if (!after) {
      this.#delete(recorded.at);
      return;
    }
    if (!before || before.spec.template !== after.spec.template) this.#open(before, after, recorded);
    const current = this.#rollouts.at(-1);
    if (current) follow(current, before, event, after, recorded.at);
  }

  /** The moment is over and all the pods that should be there are: of the newest template, available, and nothing else. */
  complete(atMs: number): void {
    const current = this.#rollouts.at(-1);
    if (current?.startedAtMs !== undefined) current.completedAtMs ??= atMs;
  }

  #open(before: Deployment | undefined, { spec }: Deployment, recorded: RecordedEvent): void {
    const { at, seq, actor } = recorded;
    const previous = this.#rollouts.at(-1);
    if (previous) replace(previous, at);
    const earlier = before && this.#rollouts.findLast(({ template }) => template === spec.template);
    this.#rollouts.push({
      number: this.#rollouts.length + 1,
      atMs: at,
      seq,
      actor,
      template: spec.template,
      hue: this.hueOf(spec.template),
      images: this.#imagesOf(spec.template),
      ...(before ? { imagesBefore: this.#imagesOf(before.spec.template) } : {}),
      ...(earlier ? { restores: earlier.number } : {}),
      ...intentOf(recorded),
      ...(spec.paused ? {} : { startedAtMs: at }),
      paused: [],
      pauses: spec.paused ? [{ fromMs: at }] : [],
    });
  }

  #delete(atMs: number): void {
    const current = this.#rollouts.at(-1);
    if (!current) return;
    current.deletedAtMs = atMs;
    endPause(current, atMs);
  }
}

const endPause = ({ pauses }: OpenRollout, atMs: number): void => {
  const pause = pauses.at(-1);
  if (pause) pause.toMs ??= atMs;
};

const replace = (rollout: OpenRollout, atMs: number): void => {
  rollout.replacedAtMs = atMs;
  endPause(rollout, atMs);
};

/** What happens to the Deployment while the rollout is its newest. */
const follow = (
  rollout: OpenRollout,
  before: Deployment | undefined,
  event: DomainEvent,
  after: Deployment,
  atMs: number,
): void => {
  const revision = after.meta.annotations[REVISION];
  if (revision !== undefined && revision !== before?.meta.annotations[REVISION]) rollout.revision = revision;

  const cause = after.meta.annotations[CHANGE_CAUSE];
  if (cause !== undefined && cause !== before?.meta.annotations[CHANGE_CAUSE]) rollout.changeCause = cause;

  if (before && !before.spec.paused && after.spec.paused) rollout.pauses.push({ fromMs: atMs });
  if (before?.spec.paused && !after.spec.paused) {
    endPause(rollout, atMs);
    rollout.startedAtMs ??= atMs;
  }
  if (event.type !== "DeploymentConditionChanged" || !("reason" in event.data)) return;
  if (event.data.reason === "ProgressDeadlineExceeded") rollout.deadlineExceededAtMs ??= atMs;
};
