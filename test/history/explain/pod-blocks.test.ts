import { describe, expect, test } from "vitest";
import { podBlocks } from "../../../src/history/explain/pod-blocks.ts";
import type { RolloutPod } from "../../../src/history/explain/rollout-model.ts";

const pod = (part: Partial<RolloutPod>): RolloutPod => ({
  name: "web-1",
  status: "Running",
  ready: false,
  restarts: 1,
  hindrance: "restarted",
  sinceMs: 5000,
  message: "",
  isNew: true,
  ...part,
});
const crashed = (count: number, lastExitCode = 1): RolloutPod => pod({ crashes: { count, lastExitCode } });
const textOf = (...pods: readonly RolloutPod[]): string => podBlocks(pods, true, 0)[0]?.text ?? "";

describe("pods that crashed", () => {
  test("are told with how often they did", () => {
    expect(textOf(crashed(1))).toBe("1 pod crashed once");
    expect(textOf(crashed(2))).toBe("1 pod crashed 2 times");
    expect(textOf(crashed(1), crashed(1))).toBe("2 pods crashed once");
    expect(textOf(crashed(2), crashed(2))).toBe("2 pods crashed 2 times each");
    expect(textOf(crashed(1), crashed(3))).toBe("2 pods crashed 1 to 3 times");
  });

  test("and run again are told apart from those that do not", () => {
    const blocks = podBlocks([crashed(2), { ...crashed(1), hindrance: "crashed", isNew: false }], false, 0);
    expect(blocks).toEqual([
      { kind: "restarted", text: "1 new pod crashed 2 times", sinceMs: 5000, again: "runs again" },
      { kind: "crashed", text: "1 old pod crashed once", sinceMs: 5000 },
    ]);
    expect(podBlocks([crashed(2), crashed(2)], true, 0)[0]?.again).toBe("run again");
  });

  test("did not crash where they ended with exit code 0", () => {
    expect(textOf(crashed(2, 0))).toBe("1 pod ended 2 times");
    expect(textOf({ ...crashed(2, 0), hindrance: "crashLooping" })).toBe("1 pod ends again and again");
  });
});
