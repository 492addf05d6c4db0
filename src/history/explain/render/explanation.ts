/** Explanations as text for a terminal. */
import { type Line, type Paint, plainPaint, printLines, text } from "../../ink.ts";
import { effectOf } from "../chain.ts";
import type { Explanation, ObjectExplanation, PodExplanation } from "../explain.ts";
import { type PodState, restartText } from "../pod-state.ts";
import type { Reason } from "../reasons.ts";
import { counted } from "../rollout-model.ts";
import { chainLines, type Frame } from "./chain-lines.ts";
import { hanging, moment } from "./layout.ts";
import { rolloutLines } from "./rollout-lines.ts";

export interface RenderOptions {
  readonly columns: number;
  readonly full: boolean;
  readonly paint?: Paint;
}

const reasonLines = (question: string, { text: words, chain }: Reason, frame: Frame): readonly Line[] => [
  [],
  ...(chain.steps.length === 1
    ? [[text(`${question}:`, "strong")]]
    : hanging([text(`${question}: `, "strong")], words, frame.columns)),
  ...chainLines(chain, frame),
];

const bearerLines = ({ bearers, object }: PodExplanation | ObjectExplanation): readonly Line[] =>
  bearers === 1 ? [] : [[text(`${bearers} objects have been called ${object}; this is the last of them.`, "dim")]];

const stateText = (state: PodState, nowMs: number): string => {
  const where = state.node === undefined ? "" : ` on ${state.node}`;
  const restarts = restartText(state.restarts);
  const since = moment(state.sinceMs, nowMs);
  if (state.hindrance === "nothing" || state.hindrance === "minReadySeconds") {
    return `${state.status}${where}, ready since ${since}${restarts}`;
  }
  const message = state.message === "" ? "" : `: ${state.message}`;
  if (state.hindrance === "restarted") {
    const ends = state.crashes?.count === 1 ? "once" : `${state.crashes?.count ?? state.restarts} times`;
    const verb = state.crashes?.lastExitCode === 0 ? "ended" : "crashed";
    return `${state.status}${where} again since ${since}, not ready yet; ${verb} ${ends} before${message}`;
  }
  return `${state.status}${where} since ${since}${state.message.includes("restarted") ? "" : restarts}${message}`;
};

const goneText = (createdAtMs: number, goneAtMs: number, nowMs: number): string =>
  `gone since ${moment(goneAtMs, nowMs)}, there from ${moment(createdAtMs, nowMs)}`;

const podEndQuestion = ({ state }: PodExplanation): string => {
  if (!state) return "Why it went";
  return state.hindrance === "ended" ? "Why it ended" : "Why it is ending";
};

const podLines = (explained: PodExplanation, frame: Frame): readonly Line[] => {
  const { object, state, createdAtMs, goneAtMs, came, went, trouble, nowMs } = explained;
  const how = state ? stateText(state, nowMs) : goneText(createdAtMs, goneAtMs ?? nowMs, nowMs);
  return [
    ...hanging([text(`${object}  `, "strong")], how, frame.columns),
    ...bearerLines(explained),
    ...reasonLines("Why it was made", came, frame),
    ...(trouble ? reasonLines("Why it is in trouble", trouble, frame) : []),
    ...(went ? reasonLines(podEndQuestion(explained), went, frame) : []),
  ];
};

const replicasText = ({ replicas }: ObjectExplanation): string => {
  if (!replicas) return "";
  const { wanted, existing, available } = replicas;
  return `: wants ${counted(wanted, "pod")}, has ${existing}, ${available} available`;
};

const isOfTemplate = ({ chain }: Reason): boolean =>
  effectOf(chain).types.some((type) => type.endsWith("TemplateChanged"));

/**
 * The reasons with their questions. Of a Deployment that is there one wants to know what is rolled out, which may be what it was
 * created with; of all else first why it was made.
 */
const questionsOf = ({ came, changes, rollout }: ObjectExplanation): readonly (readonly [string, Reason])[] => {
  const template = changes.find(isOfTemplate);
  const latest = changes.at(-1);
  const asked: (readonly [string, Reason])[] = [];
  if (!rollout || !latest) asked.push(["Why it was made", came]);
  if (rollout && latest) asked.push(["What is rolled out", template ?? came]);
  else if (template && template !== latest) asked.push(["What was rolled out last", template]);
  if (latest && (!rollout || latest !== template)) asked.push(["What changed last", latest]);
  return asked;
};

const objectLines = (explained: ObjectExplanation, frame: Frame): readonly Line[] => {
  const { object, createdAtMs, goneAtMs, went, rollout, nowMs } = explained;
  const how =
    goneAtMs === undefined
      ? `there since ${moment(createdAtMs, nowMs)}${replicasText(explained)}`
      : goneText(createdAtMs, goneAtMs, nowMs);
  const title = rollout
    ? rolloutLines(object, rollout, frame)
    : hanging([text(`${object}  `, "strong")], how, frame.columns);
  return [
    ...title,
    ...bearerLines(explained),
    ...questionsOf(explained).flatMap(([question, reason]) => reasonLines(question, reason, frame)),
    ...(went ? reasonLines(goneAtMs === undefined ? "Why it is ending" : "Why it went", went, frame) : []),
  ];
};

const linesOf = (explanation: Explanation, frame: Frame): readonly Line[] => {
  switch (explanation.of) {
    case "pod":
      return podLines(explanation, frame);
    case "object":
      return objectLines(explanation, frame);
    case "event":
      return chainLines(explanation.chain, frame);
  }
};

export const renderExplanation = (explanation: Explanation, options: RenderOptions): string => {
  const { columns, full, paint = plainPaint } = options;
  return printLines(linesOf(explanation, { columns, full, nowMs: explanation.nowMs }), paint);
};
