/** The text of a description while it is written: lines of tab-separated cells, aligned at the end. */
import type { KubeObject, OwnerReference, StringMap } from "../../objects.ts";
import { parseRfc3339, rfc1123 } from "../../time.ts";
import { LAST_APPLIED } from "../../well-known.ts";
import { sortedKeys } from "../go-format.ts";
import { alignTabs, escapeTerminal } from "../tabwriter.ts";

const longestAnnotation = 140;

export class Description {
  private lines = "";

  /** A line at an indentation of two spaces per level. */
  line(level: number, text: string): void {
    this.lines += `${"  ".repeat(level)}${escapeTerminal(text)}\n`;
  }

  entry(level: number, name: string, value: string | number): void {
    this.line(level, `${name}:\t${value}`);
  }

  /** `Labels:  app=web`, one pair a line. `title` carries its own indentation. */
  labels(title: string, labels: StringMap | undefined): void {
    this.multiline(
      title,
      sortedKeys(labels ?? {}).map((key) => `${key}=${labels?.[key] ?? ""}`),
    );
  }

  /** As labels, without last-applied-configuration; long and many-lined values stand below their key, cut to 140. */
  annotations(title: string, annotations: StringMap | undefined): void {
    const lines: string[] = [];
    for (const key of sortedKeys(annotations ?? {})) {
      if (key === LAST_APPLIED) continue;
      const value = (annotations?.[key] ?? "").replace(/\n$/, "");
      if (key.length + value.length + 2 > longestAnnotation || value.includes("\n")) {
        lines.push(`${key}:`, ...value.split("\n").map((part) => `  ${shorten(part, longestAnnotation - 2)}`));
      } else {
        lines.push(`${key}: ${value}`);
      }
    }
    this.multiline(title, lines);
  }

  /** A title with one value a line, each in the second column; `<none>` when there are none. */
  multiline(title: string, values: readonly string[]): void {
    const [first = "<none>", ...rest] = values;
    this.line(0, `${title}:\t${first}`);
    for (const value of rest) this.line(0, `\t${value}`);
  }

  /** The lines with their tabs, as `rollout history --revision` prints them. */
  get tabbed(): string {
    return this.lines;
  }

  /** The lines with their columns aligned, as `kubectl describe` prints them. */
  get aligned(): string {
    return alignTabs(this.lines);
  }
}

const shorten = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length)}...` : text);

/** `Fri, 20 Nov 2026 12:40:21 +0000`; an unset time is the year 1. */
export const longTime = (timestamp: string | null | undefined): string => {
  const ms = timestamp ? parseRfc3339(timestamp) : undefined;
  return ms === undefined ? "Mon, 01 Jan 0001 00:00:00 +0000" : rfc1123(ms);
};

/** `Deployment/web`, or undefined for an object without a controller. */
export const controllerOf = ({ metadata }: KubeObject): string | undefined => {
  const owner = metadata.ownerReferences?.find((reference: OwnerReference) => reference.controller);
  return owner && `${owner.kind}/${owner.name}`;
};

/** Name, namespace, labels and annotations: how most descriptions begin. */
export const describeMetadata = (to: Description, { metadata }: KubeObject): void => {
  to.entry(0, "Name", metadata.name);
  to.entry(0, "Namespace", metadata.namespace ?? "");
  to.labels("Labels", metadata.labels);
  to.annotations("Annotations", metadata.annotations);
};
