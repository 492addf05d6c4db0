/** A report for a terminal. */
import { layoutRows } from "../../kubernetes/printing/table.ts";
import { alignTabs } from "../../kubernetes/printing/tabwriter.ts";
import { type Line, type Paint, plainPaint, printLines, text } from "../ink.ts";
import { documentOf, type Section } from "./document.ts";
import type { Report } from "./model.ts";

const linesOf = (printed: string): readonly Line[] =>
  printed
    .trimEnd()
    .split("\n")
    .map((line) => [text(line)]);

const sectionLines = ({ title, columns, rows }: Section): readonly Line[] => {
  const [header = [], ...body] = linesOf(layoutRows([columns.map((column) => column.toUpperCase()), ...rows]).text);
  const indent = text("  ");
  return [
    [],
    [text(`${title}:`, "strong")],
    [indent, ...header.map((run) => ({ ...run, tone: "dim" as const }))],
    ...body.map((line) => [indent, ...line]),
  ];
};

/** The report, with its line ends. */
export const reportText = (report: Report, paint: Paint = plainPaint): string => {
  const { verdict, isGood, facts, sections } = documentOf(report);
  const table = alignTabs(facts.map(({ name, value }) => `${name}:\t${value}`).join("\n"));
  return printLines(
    [[text(verdict, isGood ? "good" : "alarm")], [], ...linesOf(table), ...sections.flatMap(sectionLines)],
    paint,
  );
};
