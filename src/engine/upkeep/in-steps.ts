/** Work that takes long, done in steps: between two of them signals are heard and progress is shown. */
import { setImmediate as nextTurn } from "node:timers/promises";

export interface StepOptions<P> {
  readonly onProgress?: (progress: P) => void;
  /** Aborted, the work stops between two steps and leaves nothing half done. */
  readonly signal?: AbortSignal;
}

/** Carries the work to its end; undefined when it was stopped. */
export const inSteps = async <P, A>(
  work: Generator<P, A | undefined>,
  { onProgress, signal }: StepOptions<P>,
): Promise<A | undefined> => {
  for (;;) {
    // A generator that is told to return leaves through its `finally`.
    const step = signal?.aborted ? work.return(undefined) : work.next();
    if (step.done) return step.value;
    onProgress?.(step.value);
    await nextTurn();
  }
};
