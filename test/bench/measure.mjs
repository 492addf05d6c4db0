/** What the cases share. */

const podsPerNode = 110;

/** Nodes with room for a rolling update: while old pods end and new ones start there are up to half as many pods more. */
export const nodesFor = (replicas) => Math.ceil((1.6 * replicas) / podsPerNode);

/** Seconds, and seconds of the processor (of all threads), that synchronous work takes. */
export const measured = (work) => {
  const stop = stopwatch();
  work();
  return stop();
};

export const stopwatch = () => {
  const [startMs, cpu] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { seconds: (performance.now() - startMs) / 1e3, cpuSeconds: (user + system) / 1e6 };
  };
};

/** The right side of an Either; a left one is thrown. */
export const right = (either) => {
  if (either._tag === "Left") throw either.left;
  return either.right;
};

/** Mulberry32: chance that is the same everywhere. */
export const drawing = (seed) => {
  let state = seed;
  const draw = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const upTo = (count) => Math.floor(draw() * count);
  return { draw, upTo, oneOf: (list) => list[upTo(list.length)] };
};
