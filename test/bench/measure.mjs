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
