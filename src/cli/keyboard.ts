/** Single keys of a terminal, for verbs that fill the screen. */
import { emitKeypressEvents, type Key } from "node:readline";
import type { Keyboard } from "../commands/command.ts";

/** `space`, `left`, `q`, `G`; Ctrl-C is `ctrl-c`, because a terminal in raw mode sends no signal. */
const nameOf = (text: string | undefined, { name, ctrl }: Key): string => {
  if (ctrl) return `ctrl-${name ?? ""}`;
  // Only the text tells capitals and signs.
  return text !== undefined && /^[!-~]$/.test(text) ? text : (name ?? "");
};

/** Takes the keyboard: what is typed is neither shown nor waits for the end of a line until it is given back. */
export const takeKeyboard = (input: NodeJS.ReadStream): Keyboard => {
  const typed: string[] = [];
  let wake: (() => void) | undefined;
  const onKey = (text: string | undefined, key: Key): void => {
    typed.push(nameOf(text, key));
    wake?.();
  };
  emitKeypressEvents(input);
  input.setRawMode(true);
  input.on("keypress", onKey);
  input.resume();
  return {
    next: async (withinMs) => {
      if (typed.length === 0) {
        await new Promise<void>((resolve) => {
          const timer = withinMs === undefined ? undefined : setTimeout(resolve, withinMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        wake = undefined;
      }
      return typed.shift();
    },
    close: () => {
      input.off("keypress", onKey);
      input.setRawMode(false);
      input.pause();
    },
  };
};
