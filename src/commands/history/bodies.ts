/** The bodies that events name by digest: pod templates and specs. */
import type { BodySource } from "../../domain/bodies.ts";
import { BodyStore } from "../../engine/bodies.ts";
import { LedgerSession } from "../../engine/ledger-session.ts";
import type { Session } from "../../engine/session.ts";

export const bodiesOf = (session: Session): BodySource => {
  if (!(session instanceof LedgerSession)) throw new Error("this session shows no bodies");
  return new BodyStore(session.store.blobs);
};
