/** What history verbs print with `-o json` is one dialect. */
import { beforeAll, describe, expect, test } from "vitest";
import type { LedgerSession } from "../../../src/engine/ledger-session.ts";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../../../src/kubernetes/json.ts";
import { started, typed } from "../../support/terminal.ts";

let session: LedgerSession;

const data = async (words: string): Promise<Json> => {
  const { code, out, err } = await typed(session, `${words} -o json`);
  expect([code, err]).toEqual([0, ""]);
  return JSON.parse(out);
};

const object = async (words: string): Promise<JsonObject> => {
  const told = await data(words);
  if (!isJsonObject(told)) throw new Error(`${words} tells no object`);
  return told;
};

/** Every field there is, with its path. */
function* fieldsOf(value: Json, path = ""): Generator<readonly [path: string, name: string, value: Json]> {
  if (isJsonArray(value)) for (const [i, member] of value.entries()) yield* fieldsOf(member, `${path}[${i}]`);
  if (!isJsonObject(value)) return;
  for (const [name, member] of Object.entries(value)) {
    yield [`${path}.${name}`, name, member];
    yield* fieldsOf(member, `${path}.${name}`);
  }
}

beforeAll(async () => {
  session = started();
  for (const line of [
    "create deployment web --image=web:1 --replicas=3",
    "advance 10s",
    "set image deploy/web web=web:404",
    "advance 2m",
    "fault node node-1 down",
    "advance 2m",
    "scale deploy/web --replicas=5",
    "rollout pause deploy/web",
    "advance 5s",
    "rollout resume deploy/web",
    "rollout undo deploy/web",
    "advance 2m",
    "set image deploy/web web=web:404",
    "advance 20m",
  ]) {
    expect(await typed(session, line)).toMatchObject({ code: 0 });
  }
});

describe("-o json of the verbs of history", () => {
  test.each([
    "ledger deploy/web",
    "report deploy/web",
    "report deploy/web rollout:1",
    "report deploy/web rollout:2",
    "report deploy/web rollout:3",
    "timeline deploy/web --all",
    "explain deploy/web",
    "explain deploy/web --forward",
    "explain seq:40",
  ])("%s says moments as times, and durations in ms under names that say so", async (words) => {
    const years = /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
    let moments = 0;
    for (const [path, , value] of fieldsOf(await data(words))) {
      // A day and more would be a moment: nothing here takes so long.
      if (typeof value === "number") expect(value, path).toBeLessThan(86_400_000);
      if (typeof value === "string" && years.test(value)) moments += 1;
    }
    expect(moments).toBeGreaterThan(0);
  });

  test("say of a rollout what the ledger says", async () => {
    const told = await data("ledger deploy/web");
    const rollouts = isJsonArray(told) ? told : [];
    expect(rollouts).toHaveLength(4);
    expect((await object("timeline deploy/web --all")).rollouts).toEqual(rollouts);
    for (const [i, rollout] of rollouts.entries()) {
      expect((await object(`report deploy/web rollout:${i + 1}`)).rollout).toEqual(rollout);
    }
  });
});
