/** JSON that people type, and what Go's decoder says when it is none. */
import * as E from "fp-ts/lib/Either.js";
import type { Json } from "../../kubernetes/json.ts";

/** A fault ends the scan from wherever it is met. */
class SyntaxFault extends Error {}

const quoted = (character: string): string => {
  if (character === "'") return `'\\''`;
  if (character === '"') return `'"'`;
  return `'${JSON.stringify(character).slice(1, -1)}'`;
};

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  #space(): void {
    while (/^[ \t\r\n]/.test(this.#text.slice(this.#at, this.#at + 1))) this.#at += 1;
  }

  /** The next character that is no space, consumed; the end of the text is a fault. */
  #next(): string {
    this.#space();
    return this.#raw();
  }

  #raw(): string {
    const character = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    if (this.#at >= this.#text.length) throw new SyntaxFault("unexpected end of JSON input");
    this.#at += character.length;
    return character;
  }

  #refuse(character: string, context: string): never {
    throw new SyntaxFault(`invalid character ${quoted(character)} ${context}`);
  }

  document(): void {
    this.value(this.#next());
    this.#space();
    if (this.#at < this.#text.length) this.#refuse(this.#raw(), "after top-level value");
  }

  value(first: string): void {
    if (first === "{") this.#object();
    else if (first === "[") this.#list();
    else if (first === '"') this.#string();
    else if (first === "-" || /^\d/.test(first)) this.#number(first);
    else if (first === "t") this.#literal("true");
    else if (first === "f") this.#literal("false");
    else if (first === "n") this.#literal("null");
    else this.#refuse(first, "looking for beginning of value");
  }

  #object(): void {
    let key = this.#next();
    if (key === "}") return;
    for (;;) {
      if (key !== '"') this.#refuse(key, "looking for beginning of object key string");
      this.#string();
      const colon = this.#next();
      if (colon !== ":") this.#refuse(colon, "after object key");
      this.value(this.#next());
      const end = this.#next();
      if (end === "}") return;
      if (end !== ",") this.#refuse(end, "after object key:value pair");
      key = this.#next();
    }
  }

  #list(): void {
    let element = this.#next();
    if (element === "]") return;
    for (;;) {
      this.value(element);
      const end = this.#next();
      if (end === "]") return;
      if (end !== ",") this.#refuse(end, "after array element");
      element = this.#next();
    }
  }

  #string(): void {
    for (let character = this.#raw(); character !== '"'; character = this.#raw()) {
      if (character < " ") this.#refuse(character, "in string literal");
      if (character !== "\\") continue;
      const escaped = this.#raw();
      if (escaped === "u") this.#hexDigits();
      else if (!/["\\/bfnrt]/.test(escaped)) this.#refuse(escaped, "in string escape code");
    }
  }

  #hexDigits(): void {
    for (let count = 0; count < 4; count++) {
      const digit = this.#raw();
      if (!/[\da-fA-F]/.test(digit)) this.#refuse(digit, "in \\u hexadecimal character escape");
    }
  }

  #literal(word: string): void {
    for (const wanted of word.slice(1)) {
      const character = this.#raw();
      if (character !== wanted) this.#refuse(character, `in literal ${word} (expecting ${quoted(wanted)})`);
    }
  }

  #digits(context: string): void {
    const first = this.#raw();
    if (!/\d/.test(first)) this.#refuse(first, context);
    while (/^\d/.test(this.#text.slice(this.#at))) this.#at += 1;
  }

  #number(first: string): void {
    const leading = first === "-" ? this.#raw() : first;
    if (!/\d/.test(leading)) this.#refuse(leading, "in numeric literal");
    if (leading !== "0") while (/^\d/.test(this.#text.slice(this.#at))) this.#at += 1;
    if (this.#text[this.#at] === ".") {
      this.#at += 1;
      this.#digits("after decimal point in numeric literal");
    }
    if (/^[eE]/.test(this.#text.slice(this.#at))) {
      this.#at += 1;
      if (/^[+-]/.test(this.#text.slice(this.#at))) this.#at += 1;
      this.#digits("in exponent of numeric literal");
    }
  }
}

/** Left is Go's sentence: `invalid character 'b' looking for beginning of object key string`. */
export const parseGoJson = (text: string): E.Either<string, Json> => {
  try {
    new Scanner(text).document();
  } catch (fault) {
    if (fault instanceof SyntaxFault) return E.left(fault.message);
    throw fault;
  }
  const value: Json = JSON.parse(text);
  return E.right(value);
};
