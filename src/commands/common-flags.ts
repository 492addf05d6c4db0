/** Flags that several verbs share, declared once so that they read the same everywhere. */
import type { Flag } from "./grammar/flags.ts";

/** The process takes it out of the words before a verb is looked for: no verb sees it. */
export const ledgerFlag: Flag = {
  name: "ledger",
  type: "string",
  help: "The ledger's file (or ROLLOUT_LEDGER; default rollout.db).",
};

/** Understood by every verb, before its name too. */
export const globalFlags: readonly Flag[] = [
  { name: "namespace", short: "n", type: "string", help: "The namespace to work in." },
  { name: "as", type: "string", help: "Act as this user." },
];

export const allNamespaces: Flag = {
  name: "all-namespaces",
  short: "A",
  type: "boolean",
  help: "Objects of all namespaces.",
};

export const selector: Flag = {
  name: "selector",
  short: "l",
  type: "string",
  help: "Objects with these labels: app=web, tier!=db, 'env in (a,b)'.",
};

export const fieldSelector: Flag = {
  name: "field-selector",
  type: "string",
  help: "Objects with these fields: metadata.name=web, status.phase!=Running.",
};

export const all: Flag = { name: "all", type: "boolean", help: "All objects of the type in the namespace." };

/** A verb that has it is handed the ledger as it was then; `as-of.ts` sees to that. */
export const asOf: Flag = {
  name: "as-of",
  type: "string",
  help: "As it was then: seq:812, rollout:3, revision:2, 14:03:20, RFC 3339, -5m (ago) or +10s (from the start); see rollout help points.",
};

/** `-f` and `-R`. */
export const files: readonly Flag[] = [
  { name: "filename", short: "f", type: "list", help: "A manifest, a folder of manifests, or - for standard input." },
  { name: "recursive", short: "R", type: "boolean", help: "With folders: their folders too." },
];

export const output: Flag = {
  name: "output",
  short: "o",
  type: "string",
  help: "json, yaml, name, jsonpath=…, custom-columns=…",
};

export const dryRun: Flag = {
  name: "dry-run",
  type: "string",
  default: "none",
  bare: "unchanged",
  help: "none, client (send nothing) or server (decide, record nothing).",
};

export const fieldManager = (name: string): Flag => ({
  name: "field-manager",
  type: "string",
  default: name,
  help: "Who writes, as kept with the commit.",
});

export const record: Flag = {
  name: "record",
  type: "boolean",
  deprecated: "--record will be removed in the future",
  help: "Write this command into the annotation kubernetes.io/change-cause.",
};

export const validate: Flag = {
  name: "validate",
  type: "string",
  default: "strict",
  bare: "strict",
  help: "Unknown fields: true or strict refuses, warn tells, false or ignore drops the matter.",
};
