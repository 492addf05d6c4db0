/** A report for a ticket, a pull request or a post-mortem. */
import { documentOf, type Section } from "./document.ts";
import type { Report } from "./model.ts";

/** What people typed must not become markup. */
const escaped = (text: string): string => text.replace(/[\\`*_{}[\]<>|#~]/g, (character) => `\\${character}`);

const rowOf = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

const sectionText = ({ title, columns, rows }: Section): string =>
  [
    `### ${title}`,
    "",
    rowOf(columns),
    rowOf(columns.map(() => "---")),
    ...rows.map((row) => rowOf(row.map(escaped))),
    "",
  ].join("\n");

export const reportMarkdown = (report: Report): string => {
  const { verdict, facts, sections } = documentOf(report);
  const title = `## Rollout #${report.rollout.number} of deployment/${report.name}`;
  const list = facts.map(({ name, value }) => `- **${name}:** ${escaped(value)}`);
  return `${[title, "", `**${escaped(verdict)}**`, "", ...list, "", ...sections.map(sectionText)].join("\n").trimEnd()}\n`;
};
