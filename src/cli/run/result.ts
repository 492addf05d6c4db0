/** What is said of a scenario when it is over. */
import type { Ansis } from "ansis";
import { offsetText } from "../../scenario/offset.ts";
import { hasPassed, type ScenarioResult } from "../../scenario/result.ts";

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

const clusterTime = (ms: number): string => `${offsetText(ms)} of cluster time`;

/** `✓ Canary: 14 steps, 22 expectations held (312 events; 3m02s of cluster time in 0.35 s)`. */
export const summaryLine = (style: Ansis, result: ScenarioResult, realMs: number): string => {
  const { scenario, steps, checks, events, clusterMs } = result;
  const failed = checks.filter(({ holds }) => !holds).length;
  const facts = `(${count(events, "event")}; ${clusterTime(clusterMs)} in ${(realMs / 1000).toFixed(2)} s)`;
  const played =
    steps < scenario.steps.length ? `${steps} of ${count(scenario.steps.length, "step")}` : count(steps, "step");
  if (hasPassed(result)) {
    const held = checks.length > 0 ? `, ${count(checks.length, "expectation")} held` : "";
    return `${style.green.bold(`✓ ${scenario.title}`)}: ${played}${held} ${style.dim(facts)}\n`;
  }
  const outcome = failed > 0 ? `${failed} of ${count(checks.length, "expectation")} failed` : "interrupted";
  return `${style.red.bold(`✗ ${scenario.title}`)}: ${outcome}, ${played} ${style.dim(facts)}\n`;
};

/** For scripts. */
export const resultJson = (result: ScenarioResult, realMs: number): object => {
  const { scenario, seed, steps, checks, events, clusterMs, digest } = result;
  const failures = checks.filter(({ holds }) => !holds);
  return {
    name: scenario.title,
    file: scenario.file,
    passed: hasPassed(result),
    seed,
    steps,
    expectations: checks.length,
    failures: failures.map(({ what, where, difference }) => ({ what, where, difference })),
    events,
    clusterMs,
    realMs: Math.round(realMs),
    digest,
  };
};
