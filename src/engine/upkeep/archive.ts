/** The first part of a log into a file of its own, so that a ledger need not grow for ever. */
import { existsSync, linkSync, rmSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import * as E from "fp-ts/lib/Either.js";
import { bodiesNamedBy } from "../../domain/body-references.ts";
import type { Head } from "../../event-store/port.ts";
import { closeArchive, Division, type KeptBase } from "../../event-store/sqlite/divide.ts";
import { settle } from "../../event-store/sqlite/maintenance.ts";
import { openSqliteStore, type SqliteEventStore } from "../../event-store/sqlite/store.ts";
import { StoreError } from "../../event-store/store-error.ts";
import { kubeEventFold } from "../../history/kube-event-fold.ts";
import { FoldCursor, type KeptFold } from "../../projections/kept-fold.ts";
import { keepReadModels, keptReadModels } from "../../projections/rebuild.ts";
import { foldedEvent } from "../../projections/replay.ts";
import { rolloutsFold } from "../../projections/rollouts/kept.ts";
import { worldFold } from "../../projections/world-at.ts";
import { BEHAVIOURS, FAULTS } from "../../simulation/fault.ts";
import { BodyStore } from "../bodies.ts";
import { REDACTIONS, redactedIn, redactionAfter } from "../redactions.ts";
import { LEDGER } from "../settings.ts";
import { toDisk } from "./backup.ts";
import { rebuildSteps } from "./rebuild.ts";
import { verifySteps } from "./verify.ts";

/** What the present needs whole: the settings, what people set, and what was deleted for good. */
const keptStreams = [LEDGER, BEHAVIOURS, FAULTS, REDACTIONS];

export interface ArchiveOptions {
  /** The last event that goes into the archive; it ends a commit. */
  readonly upTo: number;
  /** The archive; left out, it stands beside the ledger as `LEDGER.archive-SEQ.db`. */
  readonly file?: string;
  /** Only says what would be. */
  readonly dryRun?: boolean;
}

export interface ArchiveReport {
  /** Absolute. */
  readonly file: string;
  /** The last event of the archive: from its hash on the ledger goes on. */
  readonly seam: { readonly seq: number; readonly hash: string; readonly atMs: number };
  /** How many events and commits went into this archive. */
  readonly events: number;
  readonly commits: number;
  /** Of the ledger, as it was before. */
  readonly head: { readonly seq: number; readonly hash: string };
  /** Of the files. Undefined in a dry run. */
  readonly bytes: { readonly before: number; readonly after: number; readonly archive: number } | undefined;
}

export interface ArchiveProgress {
  readonly doing: "copying" | "folding" | "proving" | "cutting";
  /** Events. */
  readonly done: number;
}

/** Those that events up to there name. Without the archives before, nobody knows which those are. */
const bodiesUpTo = (store: SqliteEventStore, seq: number): ReadonlySet<string> => {
  const digests = new Set<string>();
  if (!store.isWhole()) {
    for (const { digest } of store.blobs.all()) digests.add(digest);
    return digests;
  }
  for (const event of store.readAll(1, seq)) {
    for (const digest of bodiesNamedBy(foldedEvent(event))) digests.add(digest);
  }
  return digests;
};

const refusal = (store: SqliteEventStore, upTo: number): StoreError | undefined => {
  const refused = (message: string): StoreError => new StoreError("Archived", message);
  if (store.next) return refused(`${store.maintenance.path} is an archive itself: it does not change`);
  const { seam } = store;
  if (upTo === 0) return refused("there is nothing before that point");
  if (seam && upTo <= seam.seq) return refused(`what lies before that point is archived already, in ${seam.file}`);
  const redactedAt = redactionAfter(store, upTo, () => bodiesUpTo(store, upTo));
  if (redactedAt === undefined) return undefined;
  // Otherwise the archive would lack bodies, and nothing in it would say why.
  return refused(
    `bodies of events up to seq ${upTo} were redacted by event ${redactedAt}, which has to go with them: say a point behind it`,
  );
};

/** The end of the archive, if the log has a commit that ends there. */
const endOf = (store: SqliteEventStore, upTo: number): Head => {
  const [row] = store.rows(upTo, upTo);
  if (row?.commit.lastSeq !== upTo) throw new RangeError(`no commit of the log ends with seq ${upTo}`);
  const { at, recordedAt } = row.commit;
  return { seq: upTo, at, recordedAt, hash: row.hash };
};

const reportOf = (division: Division, file: string, end: Head): Omit<ArchiveReport, "bytes"> => {
  const { store } = division;
  const { seq, hash } = store.head();
  return {
    file,
    seam: { seq: end.seq, hash: end.hash, atMs: end.at },
    events: end.seq - (store.seam?.seq ?? 0),
    commits: division.commitsUpTo(end.seq) - (store.seam?.commits ?? 0),
    head: { seq, hash },
  };
};

/** The folds at the end of an archive, as those go on from them who do not have it. */
const basesOf = (archive: SqliteEventStore): readonly KeptBase[] => {
  const { seq } = archive.head();
  const bodies = new BodyStore(archive.blobs, redactedIn(archive));
  const kept = <S>(fold: KeptFold<S>): KeptBase => {
    const { name, version } = fold;
    return { name, version, state: fold.keep(new FoldCursor(archive, fold).at(seq)) };
  };
  return [
    kept(worldFold(archive)),
    kept(kubeEventFold((digest) => bodies.podSpec(digest))),
    kept(rolloutsFold(archive, (digest) => bodies.template(digest))),
    { ...keptReadModels, state: keepReadModels(archive.sql) },
  ];
};

const opened = (path: string, readOnly: boolean): SqliteEventStore => {
  const store = openSqliteStore(path, readOnly ? { readOnly } : { synchronous: "normal" });
  if (E.isLeft(store)) throw store.left;
  return store.right;
};

/** Writes the archive under a name that is not yet its own. */
function* write(division: Division, part: string, end: Head, ledger: string): Generator<ArchiveProgress, void> {
  yield { doing: "copying", done: 0 };
  division.copyPast(part, end.seq, bodiesUpTo(division.store, end.seq));
  const archive = opened(part, false);
  try {
    const steps = rebuildSteps(archive);
    for (let step = steps.next(); !step.done; step = steps.next()) yield { doing: "folding", done: step.value.done };
  } finally {
    archive.close();
  }
  closeArchive(part, end, division.commitsUpTo(end.seq), ledger);
  division.copySnapshots(part, end.seq);
  settle(part);
}

/** The folds at the end of the archive, once it is proven to be what the ledger goes on from. */
function* proven(file: string, end: Head): Generator<ArchiveProgress, readonly KeptBase[]> {
  const archive = opened(file, true);
  try {
    const { seq, hash } = archive.head();
    if (!archive.next || seq !== end.seq || hash !== end.hash) {
      throw new StoreError(
        "Foreign",
        `${file} exists already, and is not the archive of this ledger up to seq ${end.seq}`,
      );
    }
    const steps = verifySteps(archive);
    let step = steps.next();
    for (; !step.done; step = steps.next()) yield { doing: "proving", done: step.value.done };
    if (step.value.faults.length > 0 || step.value.head.hash !== end.hash) {
      throw new StoreError(
        "Corrupt",
        'the ledger is damaged, and so would be its archive; "rollout verify" tells where',
      );
    }
    return basesOf(archive);
  } finally {
    archive.close();
  }
}

/** Gives the archive its name; what bears it already is not replaced. */
const publish = (part: string, file: string): void => {
  toDisk(part);
  try {
    linkSync(part, file);
  } catch (error) {
    throw new StoreError("Unknown", `${file} cannot be written: ${String(error)}`, error);
  }
  toDisk(dirname(file));
};

/**
 * First the archive is written and proven, then the ledger lets go of what it holds, in one transaction: whatever fails, is
 * stopped or killed before leaves the ledger as it was. Begun again after that, it goes on with the archive that is there.
 */
export function* archiveSteps(
  path: string,
  { upTo, file: name, dryRun = false }: ArchiveOptions,
): Generator<ArchiveProgress, E.Either<StoreError, ArchiveReport> | undefined> {
  const file = resolve(name ?? `${path}.archive-${upTo}.db`);
  if (!existsSync(dirname(file))) {
    return E.left(new StoreError("Missing", `the directory ${dirname(file)} does not exist`));
  }
  const division = Division.open(path);
  if (E.isLeft(division)) return division;
  const part = `${file}.${process.pid}.part`;
  try {
    const { store } = division.right;
    const refused = refusal(store, upTo);
    if (refused) return E.left(refused);
    const end = endOf(store, upTo);
    const report = reportOf(division.right, file, end);
    if (dryRun) return E.right({ ...report, bytes: undefined });
    const before = statSync(path).size;
    const isThere = existsSync(file);
    if (!isThere) yield* write(division.right, part, end, path);
    const bases = yield* proven(isThere ? file : part, end);
    if (!isThere) publish(part, file);
    yield { doing: "cutting", done: 0 };
    const isCreation = (type: string): boolean => type.endsWith("Created");
    division.right.cut(file, end, { streams: keptStreams, isCreation, bases });
    division.right.close();
    return E.right({ ...report, bytes: { before, after: statSync(path).size, archive: statSync(file).size } });
  } finally {
    division.right.close();
    for (const rest of ["", "-wal", "-shm", "-journal"]) rmSync(`${part}${rest}`, { force: true });
  }
}
