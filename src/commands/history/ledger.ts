/** `rollout ledger`: every rollout that a Deployment ever had, by numbers that stay. */
import * as E from "fp-ts/lib/Either.js";
import { csvLine } from "../../history/csv.ts";
import { printData } from "../../history/data.ts";
import { truncate } from "../../history/format.ts";
import { csvRecords, documentOf } from "../../history/ledger/document.ts";
import { type Entry, ledgerTable } from "../../history/ledger/table.ts";
import { noResourcesFound } from "../../kubernetes/printing/get.ts";
import { type Cell, layoutRows, type Table, visibleRows } from "../../kubernetes/printing/table.ts";
import { runeWidth } from "../../kubernetes/printing/tabwriter.ts";
import { printYaml } from "../../kubernetes/printing/yaml.ts";
import type { CommandContext, ExitCode } from "../command.ts";
import { allNamespaces, asOf, output, selector } from "../common-flags.ts";
import { clientFailure, type Failure, fail, refusedFailure, report } from "../failure.ts";
import { notFound } from "../objects.ts";
import type { Selection } from "../resource-args.ts";
import { selectTargets } from "../targets.ts";
import type { Invocation, Verb } from "../verb.ts";
import { columnsOf } from "./paint.ts";

type Format = "table" | "wide" | "json" | "yaml" | "csv";

const formats: Readonly<Record<string, Format>> = { "": "table", wide: "wide", json: "json", yaml: "yaml", csv: "csv" };

interface Found {
  readonly entries: readonly Entry[];
  /** How many Deployments they are of. */
  readonly deployments: number;
  readonly failures: readonly Failure[];
}

/** Where all Deployments are asked for, those that are gone belong to them: their rollouts are still told. */
const withThoseGone = (
  { session }: CommandContext,
  { flags, namespace }: Invocation,
  selection: Selection,
): Selection => {
  const [type] = selection.types;
  if (selection.named || type?.kind !== "Deployment" || flags.text("selector") !== "") return selection;
  const there = new Map(selection.targets.map((target) => [`${target.namespace}/${target.name}`, target]));
  const known = session.deployments().filter((of) => flags.on("all-namespaces") || of.namespace === namespace);
  return {
    ...selection,
    targets: known.map((of) => there.get(`${of.namespace}/${of.name}`) ?? { type, ...of, object: undefined }),
  };
};

const entriesOf = ({ session }: CommandContext, { targets }: Selection): Found => {
  const entries: Entry[] = [];
  const failures: Failure[] = [];
  let deployments = 0;
  for (const target of targets) {
    const { type, namespace, name, object } = target;
    if (type.kind !== "Deployment") {
      failures.push(clientFailure(`only deployments have rollouts, not ${type.plural}`));
      continue;
    }
    const of = { namespace, name };
    const rollouts = session.rollouts(of);
    if (rollouts.length === 0 && !object) failures.push(refusedFailure(notFound(target)));
    else deployments += 1;
    for (const rollout of rollouts) entries.push({ of, rollout });
  }
  return { entries, deployments, failures };
};

/** Of a change that is cut, so much stays. */
const minChangeLength = 12;

/** The table cut to a width: what changed is told as far as there is room. */
const fitted = (table: Table, width: number): Table => {
  const at = table.columns.findIndex(({ header }) => header === "Change");
  const changeOf = (row: readonly Cell[]): string => String(row[at] ?? "");
  const lines = layoutRows(visibleRows(table, { wide: false, header: true })).text.split("\n");
  const excess = Math.max(...lines.map(runeWidth)) - width;
  if (excess <= 0) return table;
  const longest = Math.max(...table.rows.map((row) => runeWidth(changeOf(row))));
  const room = Math.max(minChangeLength, longest - excess);
  return { ...table, rows: table.rows.map((row) => row.with(at, truncate(changeOf(row), room))) };
};

const printTable = (
  { session, io }: CommandContext,
  { flags }: Invocation,
  { entries, deployments }: Found,
  wide: boolean,
): string => {
  const showNamespace = flags.on("all-namespaces");
  const table = ledgerTable(entries, {
    bodies: session.bodies,
    nowMs: session.now(),
    wide,
    showNamespace,
    showName: showNamespace || deployments > 1,
  });
  // Whoever reads a pipe can read long lines.
  const shown = wide || !io.isTerminal ? table : fitted(table, columnsOf(io));
  return layoutRows(visibleRows(shown, { wide, header: !flags.on("no-headers") })).text;
};

const print = (ctx: CommandContext, invocation: Invocation, found: Found, format: Format): string => {
  const { entries } = found;
  switch (format) {
    case "json":
      return printData(entries.map(documentOf));
    case "yaml":
      return printYaml(entries.map(documentOf));
    case "csv":
      return csvRecords(entries).map(csvLine).join("");
    case "table":
      return printTable(ctx, invocation, found, false);
    case "wide":
      return printTable(ctx, invocation, found, true);
  }
};

const run = async (ctx: CommandContext, invocation: Invocation): Promise<ExitCode> => {
  const { args, flags, namespace } = invocation;
  const format = formats[flags.text("output")];
  if (!format) {
    return fail(ctx, `-o is wide, json, yaml or csv, not ${JSON.stringify(flags.text("output"))}`);
  }
  // Only Deployments have rollouts: the type alone need not be said.
  const selection = selectTargets(ctx, invocation, {
    args: args.length === 0 ? ["deployments"] : args,
    typeAloneMeansAll: true,
  });
  if (E.isLeft(selection)) return report(ctx, selection.left);
  const found = entriesOf(ctx, withThoseGone(ctx, invocation, selection.right));
  if (found.entries.length > 0 || (found.failures.length === 0 && format !== "table" && format !== "wide")) {
    ctx.io.out(print(ctx, invocation, found, format));
  } else if (found.failures.length === 0) {
    ctx.io.err(noResourcesFound(flags.on("all-namespaces") ? undefined : namespace));
  }
  return report(ctx, found.failures);
};

export const ledger: Verb = {
  name: "ledger",
  ours: true,
  summary: "Every rollout of a Deployment, numbered for good: who, what, when, how it came out",
  usage: "[deploy/NAME…] [flags]",
  examples: [
    "rollout ledger deploy/web",
    "rollout ledger deploy/web -o wide",
    "rollout ledger -l app=web --all-namespaces",
    "rollout ledger deploy/web --as-of -5m",
    "rollout ledger deploy/web -o json",
  ],
  flags: [
    selector,
    allNamespaces,
    asOf,
    { name: "no-headers", type: "boolean", help: "Leave the header line out." },
    { ...output, help: "wide, json, yaml, csv" },
  ],
  run,
};
