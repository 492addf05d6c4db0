/** Lines out of chunks of a file or a pipe, none longer than may be held. */
import { TextDecoder } from "node:util";
import { LineFault } from "./records.ts";

/** Far above the largest object that is accepted; what is longer is no export. */
const maxLineChars = 64 * 1024 * 1024;

export interface NumberedLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/** Empty lines are passed over. Throws a {@link LineFault} when a line does not end. */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array | string>,
  maxChars = maxLineChars,
): AsyncGenerator<NumberedLine, void> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let number = 0;
  let pieces: string[] = [];
  let length = 0;
  const line = (end: string): NumberedLine => {
    const text = [...pieces, end].join("");
    pieces = [];
    length = 0;
    number += 1;
    return { number, text };
  };
  for await (const chunk of chunks) {
    const [first = "", ...others] = textOf(decoder, chunk).split("\n");
    const last = others.pop();
    const complete = last === undefined ? [] : [first, ...others];
    for (const end of complete) {
      const next = line(end);
      if (next.text.trim() !== "") yield next;
    }
    const rest = last ?? first;
    pieces.push(rest);
    length += rest.length;
    if (length > maxChars) throw new LineFault(`line ${number + 1}: it is longer than ${maxChars} characters`);
  }
  const last = line("");
  if (last.text.trim() !== "") yield last;
}

const textOf = (decoder: TextDecoder, chunk: Uint8Array | string): string => {
  if (typeof chunk === "string") return chunk;
  try {
    return decoder.decode(chunk, { stream: true });
  } catch {
    throw new LineFault("this is not text in UTF-8");
  }
};
