/** A Deployment `web` that has come up, and what `rollout explain` says of it. */
import { beforeEach, expect } from "vitest";
import type { RecordedEvent } from "../../../src/event-store/port.ts";
import { deploymentManifest, openShell, type Shell } from "../../support/shell.ts";

/** Of the test that runs. */
export let shell: Shell;

/** To be called by each file of tests: a new cluster for every test. */
export const explainAnew = (): void => {
  beforeEach(async () => {
    shell = openShell();
    shell.create(deploymentManifest("web"));
    await shell.type("advance 10s");
  });
};

export const recorded = (): readonly RecordedEvent[] => [...shell.session.log()];

export const run = async (...lines: readonly string[]): Promise<void> => {
  for (const line of lines) expect(await shell.type(line), line).toMatchObject({ code: 0 });
};

export const explain = async (words: string): Promise<string> => {
  const { out, err, code } = await shell.type(`explain ${words}`);
  expect([err, code]).toEqual(["", 0]);
  return out;
};

export const json = async (words: string): Promise<unknown> => JSON.parse(await explain(`${words} -o json`));

export const podNames = (): readonly string[] => shell.session.list("Pod").map(({ metadata }) => metadata.name);

/** In one line, so that it does not matter where lines break. */
export const flat = (text: string): string => text.replace(/\s+/g, " ");
