/** Prints a scenario as it happens: like a terminal session with the time at each command, and ✓ or ✗ behind it. */
import type { Ansis } from "ansis";
import type { CommandIo } from "../../commands/command.ts";
import { rfc3339 } from "../../kubernetes/time.ts";
import type { Check } from "../../scenario/expect/check.ts";
import type { ComparedLine } from "../../scenario/expect/output.ts";
import { offsetText } from "../../scenario/offset.ts";
import type { Happening } from "../../scenario/runner.ts";

const indent = (text: string, by: string): string => text.replace(/^(?=.)/gm, by);

/** The last line end of what a command said. */
const endsLine = (text: string): boolean => text === "" || text.endsWith("\n");

const comparedLine = (style: Ansis, { from, text }: ComparedLine): string => {
  switch (from) {
    case "expected":
      return style.red(`  - ${text}`);
    case "actual":
      return style.green(`  + ${text}`);
    case "either":
      return `    ${text}`;
    case "skipped":
      return style.dim(`    ${text}`);
  }
};

/** A failed expectation: what, where, and expected against actual. */
export const failureBlock = (style: Ansis, { what, where, difference }: Check): string =>
  [
    `${style.red.bold(`✗ ${what}`)}  ${style.dim(where)}`,
    `  ${style.red("- expected")}  ${style.green("+ actual")}`,
    ...difference.map((line) => comparedLine(style, line)),
    "",
  ].join("\n");

export class Story {
  readonly #io: CommandIo;
  readonly #style: Ansis;
  #held: string[] = [];
  #between = "  ";
  #text = "";
  #isFirst = true;

  constructor(io: CommandIo, style: Ansis) {
    this.#io = io;
    this.#style = style;
  }

  tell(happening: Happening): void {
    const style = this.#style;
    switch (happening.type) {
      case "started": {
        const { scenario, seed, startMs } = happening;
        const facts = `${scenario.file}, seed ${seed}, from ${rfc3339(startMs)}`;
        this.#print(`${style.bold(scenario.title)}  ${style.dim(facts)}\n`);
        return;
      }
      case "said":
        this.#begin();
        this.#print(`${indent(happening.text.trimEnd(), "# ")}\n`, style.cyan);
        this.#isFirst = true;
        return;
      case "typed": {
        this.#begin();
        const { typed, stdin } = happening.command;
        this.#print(`${style.dim(`+${offsetText(happening.atMs)}`)} ${style.bold(`$ ${typed}`)}\n`);
        if (stdin !== undefined) this.#print(indent(stdin, "  "), style.dim);
        return;
      }
      case "printed":
        this.#print(happening.text, happening.to === "err" ? style.yellow : undefined);
        return;
      case "checked":
        if (happening.check.holds) this.#held.push(happening.check.what);
        else {
          this.#flush();
          this.#print(failureBlock(style, happening.check));
        }
        return;
      case "judging":
        this.#begin();
        this.#print("Throughout\n", style.dim);
        this.#between = "\n";
        return;
      case "passing":
        return;
    }
  }

  /** What still has to be said of the last step. */
  end(): void {
    this.#flush();
    this.#print("\n");
  }

  #begin(): void {
    this.#flush();
    if (!this.#isFirst) this.#print("\n");
    this.#isFirst = false;
  }

  #flush(): void {
    const held = this.#held.splice(0);
    if (held.length === 0) return;
    if (!endsLine(this.#text)) this.#print("\n");
    this.#print(`${held.map((what) => `✓ ${what}`).join(this.#between)}\n`, this.#style.green);
  }

  /** Colours end before the line does, so that they never run into what comes next. */
  #print(text: string, paint: (text: string) => string = (plain) => plain): void {
    const body = text.replace(/\n+$/, "");
    this.#text = text;
    this.#io.out(`${body === "" ? "" : paint(body)}${text.slice(body.length)}`);
  }
}
