/** Reads kubectl's JSONPath templates: `{.items[*].metadata.name}`, `{range .items[*]}{.a}{"\n"}{end}`. */
import { JsonPathError, type PathList, type PathNode, type Slice, type Template, type TemplatePart } from "./nodes.ts";
import { unquote } from "./unquote.ts";

const terminators = new Set([" ", "\t", "\r", "\n", ".", ",", "[", "]", "$", "@", "{", "}", ""]);
const isDigit = (character: string): boolean => character >= "0" && character <= "9";
const isWordStart = (character: string): boolean => /^[\p{L}\p{Nd}_]$/u.test(character);

/** Reads the actions of one template; `position` is the next character. */
class ActionReader {
  private readonly input: string;
  private position: number;

  constructor(input: string, position: number) {
    this.input = input;
    this.position = position;
  }

  get end(): number {
    return this.position;
  }

  private peek(offset = 0): string {
    return this.input.charAt(this.position + offset);
  }

  /** Reads up to and including the closing brace. */
  readAction(): PathList {
    const nodes: PathNode[] = [];
    for (;;) {
      const character = this.peek();
      if (character === "}") {
        this.position++;
        return nodes;
      }
      if (character === "" || character === "\r" || character === "\n") throw new JsonPathError("unclosed action");
      this.readNodes(character, nodes);
    }
  }

  private readNodes(character: string, nodes: PathNode[]): void {
    if (this.input.startsWith("[?(", this.position)) nodes.push(this.readFilter());
    else if (this.input.startsWith("..", this.position)) this.readRecursive(nodes);
    else if (character === " " || character === "@" || character === "$") this.position++;
    else if (character === "[") nodes.push(...this.readBrackets());
    else if (character === '"' || character === "'") nodes.push(this.readQuoted(character));
    else if (character === ".") nodes.push(this.readField(1));
    else if (character === "+" || character === "-" || isDigit(character)) nodes.push(this.readNumber());
    else if (isWordStart(character)) nodes.push(this.readWord());
    else throw new JsonPathError(`unrecognized character in action: ${codePoint(character)}`);
  }

  private readRecursive(nodes: PathNode[]): void {
    if (nodes.at(-1)?.kind === "recursive") throw new JsonPathError("invalid multiple recursive descent");
    this.position += 2;
    nodes.push({ kind: "recursive" });
    if (isWordStart(this.peek())) nodes.push(this.readField(0));
  }

  /** A name up to the next terminator; a backslash takes the next character as it is. */
  private readField(dot: number): PathNode {
    this.position += dot;
    const start = this.position;
    while (!terminators.has(this.peek())) this.position += this.peek() === "\\" ? 2 : 1;
    const name = this.input.slice(start, this.position);
    return name === "*" ? { kind: "wildcard" } : { kind: "field", name: name.replaceAll("\\", "") };
  }

  private readWord(): PathNode {
    const start = this.position;
    while (!terminators.has(this.peek())) this.position++;
    const name = this.input.slice(start, this.position);
    return name === "true" || name === "false"
      ? { kind: "boolean", value: name === "true" }
      : { kind: "identifier", name };
  }

  private readNumber(): PathNode {
    const start = this.position++;
    while (isDigit(this.peek()) || this.peek() === ".") this.position++;
    const text = this.input.slice(start, this.position);
    const value = Number(text);
    if (!/\d/.test(text) || Number.isNaN(value)) throw new JsonPathError(`cannot parse number ${text}`);
    return { kind: "number", value };
  }

  private readQuoted(quote: string): PathNode {
    const start = this.position++;
    for (; this.peek() !== quote || this.peek(-1) === "\\"; this.position++) {
      if (this.peek() === "" || this.peek() === "\n") throw new JsonPathError("unterminated quoted string");
    }
    this.position++;
    return { kind: "text", text: unquote(this.input.slice(start, this.position)) };
  }

  private readBrackets(): PathList {
    const start = ++this.position;
    for (; this.peek() !== "]"; this.position++) {
      if (this.peek() === "" || this.peek() === "\n") throw new JsonPathError("unterminated array");
    }
    const text = this.input.slice(start, this.position++);
    const choices = text.split(",");
    if (choices.length > 1) {
      return [{ kind: "union", branches: choices.map((choice) => parseAction(`[${choice.replace(/^ +| +$/g, "")}]`)) }];
    }
    const quotedKey = /^'([^']*)'$/.exec(text)?.[1];
    if (quotedKey !== undefined) return parseAction(`.${quotedKey}`);
    return [{ kind: "slice", slice: parseSlice(text === "*" ? ":" : text) }];
  }

  private readFilter(): PathNode {
    this.position += 3;
    const start = this.position;
    let quote = "";
    let quotedPart = "none" as "none" | "open" | "closed";
    for (; ; this.position++) {
      const character = this.peek();
      if (character === "" || character === "\n") throw new JsonPathError("unterminated filter");
      if (character === ")" && quotedPart !== "open") break;
      if (character !== '"' && character !== "'") continue;
      if (quotedPart === "none") {
        quote = character;
        quotedPart = "open";
      } else if (character === quote && this.peek(-1) !== "\\") {
        quotedPart = "closed";
      }
    }
    const text = this.input.slice(start, this.position++);
    if (this.peek() !== "]") throw new JsonPathError("unclosed array expect ]");
    this.position++;
    const parts = /^([^!<>=]+)([!<>=]+)(.+?)$/.exec(text);
    if (!parts) return { kind: "filter", left: parseAction(text), operator: "exists", right: [] };
    const [, left = "", operator = "", right = ""] = parts;
    return { kind: "filter", left: parseAction(left), operator, right: parseAction(right) };
  }
}

const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")} '${character}'`;

const parseSlice = (text: string): Slice => {
  const parts = /^(-?\d*)(?::(-?\d*))?(?::(-?\d*))?$/.exec(text);
  if (!parts) throw new JsonPathError(`invalid array index ${text}`);
  const bound = (part: string | undefined): number | undefined => {
    if (part === undefined || part === "") return undefined;
    if (part === "-") throw new JsonPathError("array index - is not a number");
    return Number(part);
  };
  const [, first, second, third] = parts;
  const start = bound(first);
  const endDerived = second === undefined;
  const end = endDerived ? (start ?? 0) + 1 : bound(second);
  const step = bound(third);
  return {
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    endDerived,
    ...(step === undefined ? {} : { step }),
  };
};

const parseAction = (text: string): PathList => new ActionReader(`${text}}`, 0).readAction();

/** Parses a whole template; throws `JsonPathError`. */
export const parseTemplate = (input: string): Template => {
  const parts: TemplatePart[] = [];
  let position = 0;
  while (position < input.length) {
    const brace = input.indexOf("{", position);
    const textEnd = brace < 0 ? input.length : brace;
    if (textEnd > position) parts.push({ kind: "text", text: input.slice(position, textEnd) });
    if (brace < 0) break;
    const reader = new ActionReader(input, brace + 1);
    parts.push({ kind: "action", nodes: reader.readAction() });
    position = reader.end;
  }
  return parts;
};
