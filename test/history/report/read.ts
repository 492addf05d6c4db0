/** The reports of all rollouts of `web`, read out of the whole log. */
import { BodyStore } from "../../../src/engine/bodies.ts";
import type { LedgerSession } from "../../../src/engine/ledger-session.ts";
import { isEventType, summaryOf } from "../../../src/history/log/summary.ts";
import type { CommitAt } from "../../../src/history/report/causes.ts";
import { Meanwhile } from "../../../src/history/report/meanwhile.ts";
import type { Report } from "../../../src/history/report/model.ts";
import { reportOf } from "../../../src/history/report/report.ts";
import type { History } from "../../../src/history/timeline/model.ts";
import { foldedEvent } from "../../../src/projections/replay.ts";

/** The report of the rollout with this number. */
export const reportIn = (session: LedgerSession, history: History, number: number): Report => {
  const commitAt: CommitAt = (seq) => {
    for (const { commit } of session.log(seq, seq)) return [...session.log(commit.firstSeq, commit.lastSeq)];
    return [];
  };
  const [rollout, next] = [number, number + 1].map((n) => history.rollouts.find((each) => each.number === n));
  if (!rollout) throw new Error(`no rollout ${number}`);
  const bodies = new BodyStore(session.store.blobs);
  const meanwhile = new Meanwhile(history, (event) =>
    isEventType(event.type) ? summaryOf(foldedEvent(event), bodies) : "",
  );
  for (const event of session.log(rollout.seq, next && next.seq - 1)) meanwhile.apply(event);
  return reportOf(history, rollout, meanwhile, commitAt);
};

export const reportsOf = (session: LedgerSession, history: History): readonly Report[] =>
  history.rollouts.map(({ number }) => reportIn(session, history, number));
