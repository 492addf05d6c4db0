/**
 * A ledger as a stream of records, and a record as a line of JSON: first the header, then every body, every commit with its events
 * in order, and what processes leave for one another. Nothing that cannot be told anew from these is in it (snapshots, read
 * models). Column by column it is what is stored, so that the hashes of what is read back are those of what was written.
 */
import { z } from "zod";
import type { ChainedRow, Checkpoint, CommitRow, StoredBlob } from "../port.ts";

const exportFormat = "rollout-ledger";
/** Raised when the form of records changes. */
const exportVersion = 1;

export type ExportedEvent = Omit<ChainedRow, "commit">;

export type ExportRecord =
  | { readonly is: "header"; readonly head: { readonly seq: number; readonly hash: string } }
  | ({ readonly is: "blob" } & StoredBlob)
  | { readonly is: "commit"; readonly commit: CommitRow; readonly events: readonly ExportedEvent[] }
  | ({ readonly is: "checkpoint"; readonly name: string } & Pick<Checkpoint, "version" | "body">);

const parsed = (text: string | null): unknown => (text === null ? null : JSON.parse(text));

const eventLine = ({ data, ...event }: ExportedEvent): object => ({ ...event, data: parsed(data) });

const commitLine = ({ view, intent, ...commit }: CommitRow): object => ({
  ...commit,
  view: typeof view === "string" ? parsed(view) : view,
  intent: parsed(intent),
});

const lineObject = (record: ExportRecord): object => {
  switch (record.is) {
    case "header":
      return { format: exportFormat, version: exportVersion, ...record.head };
    case "blob":
      return { blob: record.digest, body: record.body };
    case "commit":
      return { commit: commitLine(record.commit), events: record.events.map(eventLine) };
    case "checkpoint":
      return { checkpoint: record.name, version: record.version, body: record.body };
  }
};

/** The record's line, with its line end. */
export const exportLine = (record: ExportRecord): string => `${JSON.stringify(lineObject(record))}\n`;

const count = z.number().int();
const hex = z.string().regex(/^[0-9a-f]{64}$/);
const anyJson = z.json();

const headerSchema = z.strictObject({ format: z.literal(exportFormat), version: count, seq: count, hash: hex });
const blobSchema = z.strictObject({ blob: hex, body: z.string() });
const checkpointSchema = z.strictObject({ checkpoint: z.string(), version: count, body: z.string() });
const commitSchema = z.strictObject({
  commit: z.strictObject({
    firstSeq: count,
    lastSeq: count,
    actor: z.string(),
    nth: count,
    key: z.string().nullable(),
    at: count,
    recordedAt: count,
    cause: count.nullable(),
    view: z.union([count, z.record(z.string(), count), z.null()]),
    intent: anyJson,
  }),
  events: z
    .array(
      z.strictObject({
        seq: count,
        stream: z.string(),
        version: count,
        type: z.string(),
        schema: count,
        sourceAt: count.nullable(),
        hash: hex,
        data: anyJson,
      }),
    )
    .nonempty(),
});

const recordSchema = z.union([
  commitSchema.transform(({ commit, events }): ExportRecord => {
    const { view, intent } = commit;
    return {
      is: "commit",
      commit: {
        ...commit,
        view: typeof view === "object" && view !== null ? JSON.stringify(view) : view,
        intent: intent === null ? null : JSON.stringify(intent),
      },
      events: events.map((event) => ({ ...event, data: JSON.stringify(event.data) })),
    };
  }),
  blobSchema.transform(({ blob, body }): ExportRecord => ({ is: "blob", digest: blob, body })),
  checkpointSchema.transform(
    ({ checkpoint, ...rest }): ExportRecord => ({ is: "checkpoint", name: checkpoint, ...rest }),
  ),
]);

/** What is wrong with a line. */
export class LineFault extends Error {}

const jsonOf = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    throw new LineFault("this is not JSON");
  }
};

/** The head that the first line promises. Throws a {@link LineFault}. */
export const readHeader = (line: string): { readonly seq: number; readonly hash: string } => {
  const header = headerSchema.safeParse(jsonOf(line));
  if (!header.success)
    throw new LineFault(`this is no export of a ledger: it does not begin with {"format":"${exportFormat}",…`);
  const { version, seq, hash } = header.data;
  if (version > exportVersion) {
    throw new LineFault(
      `the export is of version ${version}, this program reads up to ${exportVersion}; upgrade to read it`,
    );
  }
  return { seq, hash };
};

/** Any line but the first. Throws a {@link LineFault}. */
export const readRecord = (line: string): ExportRecord => {
  const record = recordSchema.safeParse(jsonOf(line));
  if (record.success) return record.data;
  throw new LineFault("this is neither a commit nor a body nor a checkpoint");
};
