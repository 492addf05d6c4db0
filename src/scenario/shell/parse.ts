/**
 * Reads lines as a shell reads them, as far as tutorials need it: words and quotes, `&&`, `;`, comments, a leading `$ `,
 * continued lines, here-documents (`-f - <<EOF`, `cat <<EOF | … -f -`) and `$(…)`. What it does not know it refuses by name.
 */
import * as E from "fp-ts/lib/Either.js";

/** A piece of a word: text, or commands whose output takes its place. Output outside of quotes splits at white space. */
type Part =
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "output"; readonly script: Script; readonly quoted: boolean };

export type Word = readonly Part[];

export interface Command {
  /** As it stands in the text, without the prompt. */
  readonly typed: string;
  readonly words: readonly Word[];
  /** The here-document. */
  readonly stdin?: string;
  /** Behind `&&`: only when the command before it has succeeded. */
  readonly onSuccess: boolean;
}

export type Script = readonly Command[];

export interface ScriptFault {
  readonly message: string;
  /** From 1, within the text. */
  readonly line: number;
  /** More text may make it whole: an open quote, an unfinished here-document, `&&` at the end. */
  readonly isIncomplete: boolean;
}

/** Ends the reading from wherever it is met. */
class Fault extends Error {
  readonly isIncomplete: boolean;

  constructor(message: string, isIncomplete = false) {
    super(message);
    this.isIncomplete = isIncomplete;
  }
}

interface HereDocument {
  readonly end: string;
  /** `<<-`: tabs at the start of lines do not count. */
  readonly dropsTabs: boolean;
  readonly command: { stdin?: string };
}

const wordEnd = /[\s;&|<>]/;
const unknownOperators: Readonly<Record<string, string>> = {
  "|": "pipes are not known here; `-o jsonpath=…`, `-l` and `--no-headers` choose what is printed",
  "||": "`||` is not known here; write the commands as steps of their own",
  "&": "commands do not run in the background here",
  ">": "output cannot be sent to a file here",
  "<": "input comes from a file by `-f FILE`, or from `<<EOF`; quote a word that holds `<`",
};

class Reader {
  readonly #text: string;
  #at = 0;
  #hereDocuments: HereDocument[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  get line(): number {
    return this.#text.slice(0, this.#at).split("\n").length;
  }

  /** Commands up to the end of the text, or up to the `)` of `$(…)`. */
  script(isNested = false): Script {
    const commands: Command[] = [];
    let onSuccess = false;
    for (let startsLine = !isNested; ; ) {
      this.#blank();
      if (startsLine && this.#sees("$ ")) this.#at += 2;
      startsLine = false;
      const next = this.#text[this.#at];
      if (next === undefined || (isNested && next === ")")) {
        if (onSuccess) throw new Fault("a command is missing behind `&&`", true);
        return commands;
      }
      if (next === "\n") {
        this.#lineEnd();
        startsLine = !isNested;
      } else if (next === "#") this.#comment();
      else if (next === ";") this.#at += 1;
      else {
        commands.push(this.#command(onSuccess, isNested));
        this.#blank();
        onSuccess = this.#sees("&&");
        if (onSuccess) this.#at += 2;
      }
    }
  }

  /** Here-documents that were announced but not reached. */
  end(): void {
    const [open] = this.#hereDocuments;
    if (open) throw new Fault(`the here-document has no end: a line with ${open.end} alone`, true);
  }

  #sees(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  #blank(): void {
    for (;;) {
      if (this.#sees("\\\n")) this.#continuation();
      else if (this.#sees(" ") || this.#sees("\t") || this.#sees("\r")) this.#at += 1;
      else return;
    }
  }

  #continuation(): void {
    this.#at += 2;
    if (this.#at >= this.#text.length) throw new Fault("the line is to go on, but nothing follows", true);
  }

  #comment(): void {
    const end = this.#text.indexOf("\n", this.#at);
    this.#at = end < 0 ? this.#text.length : end;
  }

  #lineEnd(): void {
    this.#at += 1;
    for (const { end, dropsTabs, command } of this.#hereDocuments.splice(0)) {
      const lines: string[] = [];
      for (;;) {
        if (this.#at >= this.#text.length) {
          throw new Fault(`the here-document has no end: a line with ${end} alone`, true);
        }
        const stop = this.#text.indexOf("\n", this.#at);
        const whole = this.#text.slice(this.#at, stop < 0 ? undefined : stop).replace(/\r$/, "");
        const line = dropsTabs ? whole.replace(/^\t+/, "") : whole;
        this.#at = stop < 0 ? this.#text.length : stop + 1;
        if (line === end) break;
        lines.push(`${line}\n`);
      }
      command.stdin = lines.join("");
    }
  }

  #command(onSuccess: boolean, isNested: boolean): Command {
    const start = this.#at;
    let words: Word[] = [];
    const command: { stdin?: string } = {};
    for (;;) {
      this.#blank();
      const next = this.#text[this.#at];
      if (next === undefined || next === "\n" || next === ";" || next === "#" || this.#sees("&&")) break;
      if (isNested && next === ")") break;
      if (this.#sees("<<")) this.#hereDocument(command);
      else if (next === "|" && this.#isCatOf(words, command)) {
        this.#at += 1;
        words = [];
      } else if (/[|&<>]/.test(next)) throw new Fault(unknownOperators[this.#sees("||") ? "||" : next] ?? next);
      else words.push(this.#word(isNested));
    }
    if (words.length === 0)
      throw new Fault(this.#sees("&&") ? "a command is missing before `&&`" : "a command is missing");
    const typed = this.#text.slice(start, this.#at).trimEnd();
    // The here-document is read at the end of the line, when this command is done.
    return Object.assign(command, { typed, words, onSuccess });
  }

  /** `cat <<EOF | kubectl apply -f -`, as tutorials write it: what is behind the pipe reads the here-document. */
  #isCatOf(words: readonly Word[], command: { readonly stdin?: string }): boolean {
    const [first, ...more] = words;
    const isCat = more.length === 0 && first?.length === 1 && first[0]?.is === "text" && first[0].text === "cat";
    return isCat && this.#hereDocuments.some((document) => document.command === command) && !this.#sees("||");
  }

  #hereDocument(command: { stdin?: string }): void {
    this.#at += 2;
    const dropsTabs = this.#sees("-");
    if (dropsTabs) this.#at += 1;
    this.#blank();
    const end = this.#word(false)
      .map((part) => (part.is === "text" ? part.text : ""))
      .join("");
    if (end === "") throw new Fault("`<<` needs the word that ends the here-document");
    this.#hereDocuments.push({ end, dropsTabs, command });
  }

  #word(isNested: boolean): Word {
    const parts: Part[] = [];
    let text = "";
    const flush = (part: Part): void => {
      if (text !== "") parts.push({ is: "text", text });
      text = "";
      parts.push(part);
    };
    let isQuoted = false;
    for (;;) {
      const next = this.#text[this.#at];
      if (next === undefined || wordEnd.test(next) || (isNested && next === ")")) break;
      if (next === "'") {
        text += this.#singleQuoted();
        isQuoted = true;
      } else if (next === '"') {
        for (const part of this.#doubleQuoted()) {
          if (part.is === "text") text += part.text;
          else flush(part);
        }
        isQuoted = true;
      } else if (this.#sees("\\\n")) this.#continuation();
      else if (next === "\\") {
        this.#at += 1;
        text += this.#character();
      } else if (this.#sees("$(")) flush(this.#output(false));
      else text += this.#plain();
    }
    if (text !== "" || (isQuoted && parts.length === 0)) parts.push({ is: "text", text });
    return parts;
  }

  #character(): string {
    const character = this.#text[this.#at];
    if (character === undefined) throw new Fault("the line ends behind a backslash", true);
    this.#at += 1;
    return character;
  }

  /** A character outside of single quotes, which a shell might take for more than it is. */
  #plain(): string {
    const name = /^\$(\w+|\{[^}]*\})/.exec(this.#text.slice(this.#at, this.#at + 64))?.[0];
    if (name !== undefined) throw new Fault(`variables are not known here: ${name}; write the value, or $(…)`);
    if (this.#sees("`")) throw new Fault("backquotes are not known here; write $(…)");
    return this.#character();
  }

  #singleQuoted(): string {
    const end = this.#text.indexOf("'", this.#at + 1);
    if (end < 0) throw new Fault("a ' has no partner", true);
    const text = this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    return text;
  }

  *#doubleQuoted(): Generator<Part> {
    this.#at += 1;
    for (let text = ""; ; ) {
      if (this.#at >= this.#text.length) throw new Fault('a " has no partner', true);
      if (this.#sees('"')) {
        this.#at += 1;
        yield { is: "text", text };
        return;
      }
      if (this.#sees("$(")) {
        yield { is: "text", text };
        text = "";
        yield this.#output(true);
      } else if (this.#sees("\\\n")) this.#at += 2;
      else if (/^\\["\\$`]/.test(this.#text.slice(this.#at, this.#at + 2))) {
        text += this.#text[this.#at + 1];
        this.#at += 2;
      } else text += this.#plain();
    }
  }

  #output(quoted: boolean): Part {
    this.#at += 2;
    const script = this.script(true);
    if (!this.#sees(")")) throw new Fault("a $( has no )", true);
    this.#at += 1;
    if (script.length === 0) throw new Fault("a command is missing in $( )");
    return { is: "output", script, quoted };
  }
}

/** Left says what cannot be understood, and whether more text might help. */
export const parseScript = (text: string): E.Either<ScriptFault, Script> => {
  const reader = new Reader(text);
  try {
    const script = reader.script();
    reader.end();
    return E.right(script);
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    return E.left({ message: fault.message, line: reader.line, isIncomplete: fault.isIncomplete });
  }
};
