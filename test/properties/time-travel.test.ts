import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { World } from "../../src/domain/world.ts";
import type { LedgerSession } from "../../src/engine/ledger-session.ts";
import type { Session } from "../../src/engine/session.ts";
import { kubeEventFold } from "../../src/history/kube-event-fold.ts";
import type { KubeEventsState } from "../../src/history/kube-events.ts";
import type { Moment } from "../../src/history/moment.ts";
import { FoldCursor, type KeptFold } from "../../src/projections/kept-fold.ts";
import { replay } from "../../src/projections/replay.ts";
import { worldAt, worldFold } from "../../src/projections/world-at.ts";
import { begin, carryOut, play, troubledPlan } from "../support/plan.ts";
import { type Output, started, typed } from "../support/terminal.ts";

const questions = [
  "get deploy,rs,pods,svc,endpointslices,nodes -o wide",
  "get deploy,rs,pods -o yaml",
  "describe deploy,pods",
  "events",
  "rollout history deploy/web",
  "rollout status deploy/web --watch=false",
];

const ask = async (session: Session, asOf = ""): Promise<readonly Output[]> => {
  const answers: Output[] = [];
  for (const question of questions) answers.push(await typed(session, `${question}${asOf}`));
  return answers;
};

/** The seqs at which commits end. */
const commitEnds = (session: Session): readonly number[] => [
  ...new Set(Array.from(session.log(), ({ commit }) => commit.lastSeq)),
];

const seqsOf = (session: Session, shares: readonly number[]): readonly number[] => {
  const ends = commitEnds(session);
  return shares.map((share) => ends[Math.floor(share * ends.length)] ?? 0);
};

const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** Every object with what is known of its name, by kind, namespace and name. */
const livingIn = ({ store }: LedgerSession, world: World): unknown => worldFold(store).keep(world);

const keepAt = <S>(session: LedgerSession, fold: KeptFold<S>, seqs: readonly number[]): void => {
  const { store } = session;
  for (const seq of seqs) {
    const kept = fold.keep(new FoldCursor(store, fold).at(seq));
    store.snapshots.save(fold.name, fold.version, seq, kept);
  }
};

describe("the past", () => {
  it("shows byte for byte what was printed then", async () => {
    await fc.assert(
      fc.asyncProperty(troubledPlan(6), async (plan) => {
        const session = started(":memory:", { seed: plan.seed });
        await begin(session, plan);
        const printed: { readonly moment: Moment; readonly answers: readonly Output[] }[] = [];
        for (const op of plan.ops) {
          await carryOut(session, op);
          printed.push({ moment: session.moment(), answers: await ask(session) });
        }
        for (const [i, { moment, answers }] of printed.entries()) {
          expect(await ask(session.at(moment))).toEqual(answers);
          if (printed[i + 1]?.moment.atMs === moment.atMs) continue;
          expect(await ask(session, ` --as-of ${new Date(moment.atMs).toISOString()}`)).toEqual(answers);
        }
        session.close();
      }),
      { numRuns: 6 },
    );
  });

  it("is the same world with snapshots anywhere, with others, and with none", async () => {
    await fc.assert(
      fc.asyncProperty(troubledPlan(8), fc.array(share, { maxLength: 3 }), share, async (plan, shares, wanted) => {
        const session = started(":memory:", { seed: plan.seed });
        await play(session, plan);
        const { store } = session;
        const [seq = 0] = seqsOf(session, [wanted]);
        const truth = livingIn(session, replay(store, seq));
        store.snapshots.deleteAll();
        expect(livingIn(session, worldAt(store, seq))).toEqual(truth);
        keepAt(session, worldFold(store), seqsOf(session, shares));
        expect(livingIn(session, worldAt(store, seq))).toEqual(truth);
        session.close();
      }),
      { numRuns: 8 },
    );
  });

  it("has the same Kubernetes events with snapshots anywhere and with none", async () => {
    await fc.assert(
      fc.asyncProperty(troubledPlan(8), fc.array(share, { maxLength: 3 }), share, async (plan, shares, wanted) => {
        const session = started(":memory:", { seed: plan.seed });
        await play(session, plan);
        const { store, bodies } = session;
        const [seq = 0] = seqsOf(session, [wanted]);
        const fold = kubeEventFold((digest) => bodies.podSpec(digest));
        const plain = (state: KubeEventsState): unknown => JSON.parse(JSON.stringify(fold.keep(state)));
        const folded = (): unknown => plain(new FoldCursor(store, fold).at(seq));
        const truth = plain([...store.readAll(1, seq)].reduce(fold.apply, fold.begin()));
        store.snapshots.deleteAll();
        expect(folded()).toEqual(truth);
        keepAt(session, fold, seqsOf(session, shares));
        expect(folded()).toEqual(truth);
        session.close();
      }),
      { numRuns: 8 },
    );
  });
});
