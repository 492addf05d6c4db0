/** `rollout explain`: the creation, and what was changed since. */
import { describe, expect, test } from "vitest";
import { explain, explainAnew, flat, json, podNames, recorded, run } from "./explaining.ts";

explainAnew();

describe("why it was made", () => {
  test("leads to the creation of what is gone, and what changed last stands by itself", async () => {
    await run("set image deploy/web web=web:2 --as bob", "advance 30s", "undo deploy/web --as carol", "advance 30s");
    await run("delete deploy web --as mallory", "advance 5s");
    const [made = "", changed = "", went = ""] = (await explain("deploy/web")).split("\n\n").slice(1);
    expect(made).toMatch(/^Why it was made:\n.*\n.*user:test {2}deploy\/web created: 3 replicas, image web:1/);
    expect(changed).toMatch(/^What changed last:\n.*\n.*user:carol {2}deploy\/web template: image web:2 → 1/);
    expect(went).toMatch(/^Why it went:\n.*\n.*user:mallory {2}deploy\/web gone/);
  });

  test("tells the template's last change, too, where something else was changed last", async () => {
    await run("set image deploy/web web=web:2", "advance 30s", "scale deploy web --replicas=2", "delete deploy web");
    expect((await explain("deploy/web")).match(/^Wh.*:$/gm)).toEqual([
      "Why it was made:",
      "What was rolled out last:",
      "What changed last:",
      "Why it went:",
    ]);
  });

  test("is that of the last bearer of the name", async () => {
    await run("set image deploy/web web=web:2", "advance 30s", "delete deploy web", "advance 5s");
    await run("create deployment web --image=web:9 --as bob", "advance 5s");
    const headings = async (): Promise<readonly string[]> => (await explain("deploy/web")).match(/^Wh.*:$/gm) ?? [];
    expect(await headings()).toEqual(["Why it was made:"]);
    expect(await json("deploy/web")).toMatchObject({
      bearers: 2,
      came: { text: "deploy/web created: 1 replica, image web:9", chain: { steps: [{ actor: "user:bob" }] } },
      changes: [],
    });
    await run("delete deploy web", "advance 5s");
    expect(await headings()).toEqual(["Why it was made:", "Why it went:"]);
    expect(flat(await explain("deploy/web"))).toContain("user:bob deploy/web created: 1 replica, image web:9");
  });

  test("is not asked of a Deployment that was changed since: there one wants to know what is rolled out", async () => {
    const headings = async (): Promise<readonly string[]> => (await explain("deploy/web")).match(/^Wh.*:$/gm) ?? [];
    await run("scale deploy web --replicas=2", "advance 5s");
    expect(await headings()).toEqual(["What is rolled out:", "What changed last:"]);
    await run("set image deploy/web web=web:2", "advance 30s");
    expect(await headings()).toEqual(["What is rolled out:"]);
  });

  test("of a ReplicaSet and a pod that are gone leads to their own creations", async () => {
    const [pod = ""] = podNames();
    await run("set image deploy/web web=web:2", "advance 30s", "delete deploy web", "advance 5s");
    const created = recorded().find(({ type }) => type === "ReplicaSetCreated");
    const rs = created?.stream.split("/")[2] ?? "";
    expect(await json(`rs/${rs}`)).toMatchObject({ came: { text: expect.stringContaining(`rs/${rs} created: 3 `) } });
    expect((await explain(`rs/${rs}`)).match(/^Wh[\w ]+:/gm)).toEqual([
      "Why it was made:",
      "What changed last:",
      "Why it went:",
    ]);
    expect(flat(await explain(`pod/${pod}`))).toContain(`Why it was made: it is one of the first pods of rs/${rs}`);
  });
});
