/**
 * How a workload behaves, as data: scenario files, `rollout behave` and the library all say it in these words.
 * Durations are ms of cluster time.
 */
import { z } from "zod";
import type { StringMap } from "../kubernetes/objects.ts";

const durationMs = z.number().int().nonnegative();

const behaviourSchema = z.strictObject({
  /** Time to pull the image. */
  pullMs: durationMs,
  /** The image cannot be pulled. */
  failPull: z.boolean(),
  /** Run time of an init container. */
  initMs: durationMs,
  /** From the decision to start a container until it runs. */
  startMs: durationMs,
  /** From running until ready. */
  readyMs: durationMs,
  neverReady: z.boolean(),
  /** The container exits this long after it started, each time; -1: it does not. */
  crashAfterMs: z.number().int().min(-1),
  /** Status of such an exit. */
  exitCode: z.number().int().min(0).max(255),
  /** From SIGTERM until the program has ended by itself. */
  stopMs: durationMs,
  /** The program ends only by SIGKILL, when the grace period is over. */
  ignoresSigterm: z.boolean(),
});

export type Behaviour = Readonly<z.infer<typeof behaviourSchema>>;

/** Which containers a rule is for (those of an image, with or without its registry path; those of pods with labels), and how they behave. */
export const behaviourRuleSchema = z.strictObject({
  selector: z.strictObject({
    image: z.string().min(1).optional(),
    labels: z.record(z.string(), z.string()).optional(),
  }),
  behaviour: behaviourSchema.partial(),
});

export type BehaviourRule = Readonly<z.infer<typeof behaviourRuleSchema>>;

const usual: Behaviour = {
  pullMs: 0,
  failPull: false,
  initMs: 1000,
  startMs: 1000,
  readyMs: 1000,
  neverReady: false,
  crashAfterMs: -1,
  exitCode: 1,
  stopMs: 1000,
  ignoresSigterm: false,
};

const isImage = (image: string, wanted: string): boolean => image === wanted || image.endsWith(`/${wanted}`);

const appliesTo = ({ selector }: BehaviourRule, image: string, labels: StringMap): boolean =>
  (selector.image === undefined || isImage(image, selector.image)) &&
  Object.entries(selector.labels ?? {}).every(([key, value]) => labels[key] === value);

const override = (base: Behaviour, by: BehaviourRule["behaviour"]): Behaviour => ({
  pullMs: by.pullMs ?? base.pullMs,
  failPull: by.failPull ?? base.failPull,
  initMs: by.initMs ?? base.initMs,
  startMs: by.startMs ?? base.startMs,
  readyMs: by.readyMs ?? base.readyMs,
  neverReady: by.neverReady ?? base.neverReady,
  crashAfterMs: by.crashAfterMs ?? base.crashAfterMs,
  exitCode: by.exitCode ?? base.exitCode,
  stopMs: by.stopMs ?? base.stopMs,
  ignoresSigterm: by.ignoresSigterm ?? base.ignoresSigterm,
});

/** The behaviour of a container; of several rules for one field the last counts. The tag `404` cannot be pulled. */
export const behaviourOf = (rules: readonly BehaviourRule[], image: string, labels: StringMap): Behaviour => {
  let behaviour = image.endsWith(":404") ? { ...usual, failPull: true } : usual;
  for (const rule of rules) if (appliesTo(rule, image, labels)) behaviour = override(behaviour, rule.behaviour);
  return behaviour;
};
