/** The history of `web`, read out of a ledger's log. */
import { BodyStore } from "../../../src/engine/bodies.ts";
import type { LedgerSession } from "../../../src/engine/ledger-session.ts";
import { HistoryFold } from "../../../src/history/timeline/fold.ts";
import type { History } from "../../../src/history/timeline/model.ts";

/** Up to now, or up to the last event at or before `toMs`. */
export const historyOf = (session: LedgerSession, toMs = session.now()): History => {
  const bodies = new BodyStore(session.store.blobs);
  const fold = new HistoryFold({
    namespace: "default",
    name: "web",
    templateOf: (digest) => bodies.template(digest),
  });
  for (const event of session.log()) if (event.at <= toMs) fold.apply(event);
  const history = fold.finish(toMs);
  if (!history) throw new Error("the log knows no Deployment web");
  return history;
};
