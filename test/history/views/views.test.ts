import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LedgerSession } from "../../../src/engine/ledger-session.ts";
import type { ViewName, ViewRows } from "../../../src/history/views.ts";
import { play, troubledPlan } from "../../support/plan.ts";
import { started } from "../../support/terminal.ts";
import { historyOf } from "../timeline/read.ts";

const rowsOf = async <V extends ViewName>(
  session: LedgerSession,
  view: V,
  ...orderBy: readonly (keyof ViewRows[V] & string)[]
): Promise<readonly ViewRows[V][]> => {
  const rows: ViewRows[V][] = [];
  for await (const row of session.queries.view(view, { orderBy })) rows.push(row);
  return rows;
};

const iso = (ms: number): string => new Date(ms).toISOString();

/** The views against what is read otherwise, on what people and misfortune did. */
test("the views tell what the ledger tells elsewhere", () =>
  fc.assert(
    fc.asyncProperty(troubledPlan(), async (plan) => {
      const session = started(":memory:", { seed: plan.seed });
      await play(session, plan);
      const history = historyOf(session);

      const hashes = Array.from(session.store.rows(), ({ hash }) => hash);
      expect(await rowsOf(session, "v_events", "seq")).toEqual(
        Array.from(session.log(), (event, i) => {
          const [kind, namespace, name] = event.stream.split("/");
          const isObject = name !== undefined;
          const intent = event.commit.intent as { verb?: string; command?: string } | null;
          return {
            seq: event.seq,
            at: iso(event.at),
            at_ms: event.at,
            stream: event.stream,
            kind: isObject ? kind : null,
            namespace: isObject ? namespace : null,
            name: isObject ? name : null,
            version: event.version,
            type: event.type,
            actor: event.actor,
            commit_id: event.commit.id,
            cause: event.cause,
            view: event.view,
            verb: intent?.verb ?? null,
            command: intent?.command ?? null,
            data: JSON.stringify(event.data),
            hash: hashes[i],
          };
        }),
      );

      const commits = [...new Map(Array.from(session.log(), ({ commit }) => [commit.id, commit])).values()];
      expect(
        (await rowsOf(session, "v_commits", "first_seq")).map((row) => [row.commit_id, row.first_seq, row.last_seq]),
      ).toEqual(commits.map(({ id, firstSeq, lastSeq }) => [id, firstSeq, lastSeq]));

      const rollouts = await rowsOf(session, "v_rollouts", "number");
      expect(
        rollouts.map((row) => [row.number, row.seq, row.at_ms, row.actor, row.template, row.images, row.images_before]),
      ).toEqual(
        history.rollouts.map((rollout) => [
          rollout.number,
          rollout.seq,
          rollout.atMs,
          rollout.actor,
          rollout.template,
          rollout.images.join(", "),
          rollout.imagesBefore?.join(", ") ?? null,
        ]),
      );

      const revisions = await rowsOf(session, "v_revisions", "rollout");
      expect(revisions.map((row) => [row.rollout, String(row.revision), row.template])).toEqual(
        history.rollouts.flatMap(({ number, revision, template }) =>
          revision === undefined ? [] : [[number, revision, template]],
        ),
      );
      for (const { template, last_revision } of revisions) {
        const same = revisions.filter((row) => row.template === template);
        expect(last_revision).toBe(Math.max(...same.map(({ revision }) => revision)));
      }

      const steps = await rowsOf(session, "v_availability", "from_ms");
      // A Deployment that begins with nothing has its first row when there is something.
      const first = history.availability.findIndex(
        ({ ceiling, pods, terminating }) => ceiling + pods + terminating > 0,
      );
      expect(
        steps.map((row) => [
          row.from_ms,
          row.desired,
          row.floor,
          row.ceiling,
          row.pods,
          row.terminating,
          row.available,
        ]),
      ).toEqual(
        (first < 0 ? [] : history.availability.slice(first)).map((step) => [
          step.atMs,
          step.desired,
          step.floor,
          step.ceiling,
          step.pods,
          step.terminating,
          step.available,
        ]),
      );
      expect(steps.map(({ to_ms }) => to_ms)).toEqual(steps.map((_, i) => steps[i + 1]?.from_ms ?? null));

      const present = (["Deployment", "ReplicaSet", "Pod", "Node"] as const).flatMap((kind) => session.list(kind));
      const objects = new Map((await rowsOf(session, "v_objects")).map((row) => [row.uid, row]));
      for (const { kind, metadata } of present) {
        expect(objects.get(metadata.uid ?? "")).toMatchObject({
          kind,
          name: metadata.name,
          resource_version: Number(metadata.resourceVersion),
          created_at: metadata.creationTimestamp,
          owner: metadata.ownerReferences?.find(({ controller }) => controller)?.name ?? null,
          deleting: metadata.deletionTimestamp === undefined ? 0 : 1,
        });
      }
      session.close();
    }),
    { numRuns: 6 },
  ));

describe("asking for one pod", () => {
  const planOf = (session: LedgerSession, sql: string): string =>
    session.store.sql
      .prepare<[], { readonly detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => detail)
      .join("\n");

  test("reads the events of that pod only", () => {
    const session = started();
    const byStream = planOf(session, "SELECT * FROM v_pod_intervals WHERE stream = 'Pod/default/web-1'");
    expect(byStream).toMatch(/SEARCH streams USING COVERING INDEX \w+ \(name=\?\)/);
    const byName = planOf(session, "SELECT * FROM v_pod_intervals WHERE namespace = 'default' AND pod = 'web-1'");
    for (const plan of [byStream, byName]) {
      expect(plan).toMatch(/SEARCH e USING INDEX \w+ \(stream_id=\?\)/);
      expect(plan).not.toMatch(/SCAN (e|events|streams)\b/);
    }
    session.close();
  });

  test("gives what asking for all gives of it", async () => {
    const session = started();
    await play(session, {
      seed: 1,
      replicas: 2,
      maxSurge: "1",
      maxUnavailable: "0",
      strategy: "RollingUpdate",
      minReadySeconds: 5,
      revisionHistoryLimit: 10,
      ops: [
        { op: "advance", ms: 20_000 },
        { op: "image", tag: 2 },
        { op: "advance", ms: 20_000 },
      ],
    });
    const all = await rowsOf(session, "v_pod_intervals", "pod", "from_ms");
    const [{ pod, stream } = { pod: "", stream: "" }] = all;
    const wanted = all.filter((row) => row.pod === pod);
    for (const where of [{ pod }, { stream }, { namespace: "default", pod: [pod, "another"] }]) {
      const rows = [];
      for await (const row of session.queries.view("v_pod_intervals", { where, orderBy: ["from_ms"] })) rows.push(row);
      expect(rows).toEqual(wanted);
    }
    session.close();
  });
});

test("the views use nothing that a plain SQLite 3.38 lacks", () => {
  const sql = readFileSync("migrations/sqlite/0004_views.sql", "utf8").replace(/--.*$/gm, "");
  const used = new Set(Array.from(sql.matchAll(/\b([a-z_]+)\(/g), ([, name]) => name));
  const known = [
    ...["coalesce", "hex", "instr", "length", "lower", "replace", "substr", "strftime"],
    ...["group_concat", "json_each", "json_extract", "lag", "lead", "max", "sum"],
  ];
  expect([...used].filter((name) => !known.includes(name ?? ""))).toEqual([]);
});
