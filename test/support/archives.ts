import { copyFileSync } from "node:fs";
import type { LedgerSession } from "../../src/engine/ledger-session.ts";
import { openLedger } from "../../src/engine/open.ts";
import type { Session } from "../../src/engine/session.ts";
import type { ArchiveReport } from "../../src/engine/upkeep/archive.ts";
import { Upkeep } from "../../src/engine/upkeep/upkeep.ts";

export const reopened = (path: string): LedgerSession => {
  const opened = openLedger(path, { roundTripMs: 0, synchronous: "normal" });
  if (opened._tag === "Left") throw opened.left;
  return opened.right;
};

/** The seqs at which commits end. */
export const commitEnds = (session: Session): readonly number[] => [
  ...new Set(Array.from(session.log(), ({ commit }) => commit.lastSeq)),
];

/** Of a ledger that nobody has open. */
export const archived = async (path: string, upTo: number, file?: string): Promise<ArchiveReport> => {
  const report = await Upkeep.ofFile(path).archive({ upTo, ...(file === undefined ? {} : { file }) });
  if (report._tag === "Left") throw report.left;
  if (!report.right) throw new Error("it was not stopped");
  return report.right;
};

export const copyOf = (path: string, copy: string): string => {
  copyFileSync(path, copy);
  return copy;
};
