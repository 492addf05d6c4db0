/** One line on the terminal that rewrites itself while something takes long; nothing where nobody watches. */
import type { Surroundings } from "./command.ts";

export interface ProgressLine {
  show(text: string): void;
  clear(): void;
}

export const progressLine = ({ io }: Surroundings): ProgressLine => {
  let isShown = false;
  return {
    show(text) {
      if (!io.isTerminal) return;
      isShown = true;
      io.err(`\r${text}\u001b[K`);
    },
    clear() {
      if (isShown) io.err("\r\u001b[K");
      isShown = false;
    },
  };
};

export const percent = (done: number, total: number): string =>
  `${total === 0 ? 0 : Math.floor((100 * done) / total)} %`;
