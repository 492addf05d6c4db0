/**
 * An export that can be handed on: what could be secret is replaced, the rest is told as it was, event by event under the same
 * seqs. Equal values stay equal, so that one still sees what changed and what came back, but only within one export: the
 * replacement is keyed by chance. It is a ledger of its own, with a chain of its own, whose first event names what it is of.
 */
import { hash, randomBytes } from "node:crypto";
import type { ExportedEvent, ExportRecord } from "../../event-store/export/records.ts";
import { chainHash, digestOf, emptyHead, frameCommit } from "../../event-store/hash-chain.ts";
import type { CommitRow } from "../../event-store/port.ts";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../../kubernetes/json.ts";
import { CHANGE_CAUSE, LAST_APPLIED } from "../../kubernetes/well-known.ts";

/** What is replaced beside the data of Secrets: values of environment variables, the configurations that apply keeps, command lines, change-causes. */
export const redactionRules = ["env", "last-applied", "commands", "change-causes"] as const;
export type RedactionRule = (typeof redactionRules)[number];

/** Digits of a replacement: enough to tell values apart. */
const shownDigits = 12;

type Head = Extract<ExportRecord, { readonly is: "header" }>["head"];

/**
 * The records of an export, redacted. `records` is asked for twice, for the hash of the end stands at the beginning; what was
 * recorded in between is left out.
 */
export function* redactRecords(
  records: () => Iterable<ExportRecord>,
  rules: ReadonlySet<RedactionRule>,
): Generator<ExportRecord, void> {
  const redactor = new Redactor(rules);
  for (const record of records()) redactor.survey(record);
  yield { is: "header", head: redactor.head };
  redactor.begin();
  for (const record of records()) {
    const redacted = redactor.redact(record);
    if (redacted) yield redacted;
  }
}

class Redactor {
  readonly #rules: ReadonlySet<RedactionRule>;
  readonly #salt = randomBytes(16).toString("hex");
  /** Digests of bodies, as they were and as they are. */
  readonly #digests = new Map<string, string>();
  #source: Head = { seq: 0, hash: emptyHead.hash };
  #checkpoints = new Map<string, string>();
  #hash = emptyHead.hash;

  constructor(rules: ReadonlySet<RedactionRule>) {
    this.#rules = rules;
  }

  /** Of the redacted ledger, once everything was surveyed. */
  get head(): Head {
    return { seq: this.#source.seq, hash: this.#hash };
  }

  survey(record: ExportRecord): void {
    switch (record.is) {
      case "header":
        this.#source = record.head;
        return;
      case "blob":
        this.#digests.set(record.digest, digestOf(this.#body(record.body)));
        return;
      case "commit":
        this.#commit(record.commit, record.events);
        return;
      case "checkpoint":
        this.#checkpoints.set(record.name, record.body);
        return;
    }
  }

  begin(): void {
    this.#hash = emptyHead.hash;
  }

  /** Undefined for what was not there when it was surveyed. */
  redact(record: ExportRecord): ExportRecord | undefined {
    switch (record.is) {
      case "header":
        return undefined;
      case "blob": {
        const digest = this.#digests.get(record.digest);
        return digest === undefined ? undefined : { is: "blob", digest, body: this.#body(record.body) };
      }
      case "commit":
        return record.commit.lastSeq > this.#source.seq ? undefined : this.#commit(record.commit, record.events);
      case "checkpoint": {
        const body = this.#checkpoints.get(record.name);
        return body === undefined ? undefined : { ...record, body: this.#renamed(body) };
      }
    }
  }

  #commit(row: CommitRow, events: readonly ExportedEvent[]): ExportRecord {
    const commit = { ...row, intent: row.intent === null ? null : this.#intent(row.intent) };
    const frame = frameCommit(commit);
    const redacted = events.map((event): ExportedEvent => {
      const next = { ...event, data: this.#data(event) };
      this.#hash = chainHash(this.#hash, next, frame);
      return { ...next, hash: this.#hash };
    });
    return { is: "commit", commit, events: redacted };
  }

  #data({ seq, data: text }: ExportedEvent): string {
    const data = this.#rules.has("change-causes") ? this.#withoutCauses(text) : text;
    const renamed = this.#renamed(data);
    if (seq > 1) return renamed;
    const first: unknown = JSON.parse(renamed);
    return isJsonObject(first) ? JSON.stringify({ ...first, redactedFrom: this.#source }) : renamed;
  }

  #intent(text: string): string {
    const intent: unknown = JSON.parse(text);
    if (!isJsonObject(intent)) return text;
    const { command, changeCause } = intent;
    return JSON.stringify({
      ...intent,
      ...(this.#rules.has("commands") && typeof command === "string" ? { command: this.#pseudonym(command) } : {}),
      ...(this.#rules.has("change-causes") && typeof changeCause === "string"
        ? { changeCause: this.#pseudonym(changeCause) }
        : {}),
    });
  }

  /** Annotations of objects, and patches of them. */
  #withoutCauses(text: string): string {
    if (!text.includes("change-cause")) return text;
    const path = `/annotations/${CHANGE_CAUSE.replace("/", "~1")}`;
    return JSON.stringify(JSON.parse(text), (key, value: unknown) => {
      if (key === CHANGE_CAUSE && typeof value === "string") return this.#pseudonym(value);
      const isPatch = isJsonObject(value) && value.path === path && typeof value.value === "string";
      return isPatch ? { ...value, value: this.#pseudonym(String(value.value)) } : value;
    });
  }

  /** Text that names bodies by their digests names them by the new ones. */
  #renamed(text: string): string {
    return text.replaceAll(/[0-9a-f]{64}/g, (digest) => this.#digests.get(digest) ?? digest);
  }

  #body(text: string): string {
    const body: unknown = JSON.parse(text);
    return isJsonObject(body) ? JSON.stringify(this.#redactedBody(body)) : text;
  }

  /** A body shows by its form what it is. */
  #redactedBody(body: JsonObject): JsonObject {
    const { spec, containers, type, data } = body;
    if (isJsonObject(spec)) return { ...body, spec: this.#podSpec(spec) };
    if (isJsonArray(containers)) return this.#podSpec(body);
    const applied = body[LAST_APPLIED];
    // Without its text: a configuration that is none would be a mistake to whoever reads it.
    if (typeof applied === "string")
      return this.#rules.has("last-applied") ? { redacted: this.#pseudonym(applied) } : body;
    return typeof type === "string" && isJsonObject(data) ? { ...body, data: this.#secretData(data) } : body;
  }

  #secretData(data: JsonObject): JsonObject {
    const entries = Object.entries(data).map(([key, value]) => {
      const shown = Buffer.from(this.#pseudonym(String(value))).toString("base64");
      return [key, shown];
    });
    return Object.fromEntries(entries);
  }

  #podSpec(spec: JsonObject): JsonObject {
    if (!this.#rules.has("env")) return spec;
    const lists = ["initContainers", "containers"].flatMap((field) => {
      const containers = spec[field];
      return isJsonArray(containers) ? [[field, containers.map((container) => this.#container(container))]] : [];
    });
    return { ...spec, ...Object.fromEntries(lists) };
  }

  #container(container: Json): Json {
    if (!isJsonObject(container) || !isJsonArray(container.env)) return container;
    const env = container.env.map((variable) =>
      isJsonObject(variable) && typeof variable.value === "string"
        ? { ...variable, value: this.#pseudonym(variable.value) }
        : variable,
    );
    return { ...container, env };
  }

  #pseudonym(value: string): string {
    return `redacted:${hash("sha256", this.#salt + value, "hex").slice(0, shownDigits)}`;
  }
}
