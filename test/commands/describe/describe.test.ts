import { beforeEach, describe, expect, test } from "vitest";
import { openPrompt, type Prompt, refuses, webManifest } from "../../support/prompt.ts";

let prompt: Prompt;
beforeEach(async () => {
  prompt = openPrompt();
  prompt.files.set("web.yaml", webManifest());
  await prompt.run("create -f web.yaml");
  await prompt.run("advance 10s");
});

const described = async (line: string): Promise<string> => {
  const { code, out, err } = await prompt.run(`kubectl describe ${line}`);
  expect([code, err]).toEqual([0, ""]);
  return out;
};

describe("describe", () => {
  test("a Deployment: with its ReplicaSets and events", async () => {
    await prompt.run("set image deploy/web web=nginx:1.15");
    await prompt.run("advance 60s");
    const out = await described("deployment web");
    expect(out).toMatch(/^Name: {19}web\nNamespace: {14}default\n/);
    expect(out).toMatch(/^OldReplicaSets: {2}web-\w+ \(0\/0 replicas created\)$/m);
    expect(out).toMatch(/^NewReplicaSet: {3}web-\w+ \(3\/3 replicas created\)$/m);
    expect(out).toMatch(
      /ScalingReplicaSet {2}\S+ +deployment-controller {2}Scaled up replica set web-\w+ from 0 to 3$/m,
    );
    expect(await described("deployment web --show-events=false")).not.toContain("Events:");
  });

  test("a ReplicaSet: with the state of its pods only", async () => {
    await prompt.run("create deployment other --image=b:1");
    await prompt.run("advance 10s");
    expect(await described("rs -l app=web")).toContain(
      "Pods Status:    3 Running / 0 Waiting / 0 Succeeded / 0 Failed\n",
    );
  });

  test("a Service: with its endpoints", async () => {
    await prompt.run("expose deploy web --port=80 --target-port=8080");
    await prompt.run("advance 10s");
    const addresses = prompt.session.list("Pod").map((pod) => {
      const text = JSON.stringify(pod);
      return /"podIP":"([\d.]+)"/.exec(text)?.[1] ?? "";
    });
    const endpoints = /^Endpoints: +(.*)$/m.exec(await described("svc web"))?.[1] ?? "";
    expect(endpoints.split(",").toSorted()).toEqual(addresses.map((ip) => `${ip}:8080`).toSorted());
  });

  test("a node: with the pods on it", async () => {
    const [pod] = prompt.session.list("Pod");
    const node = /"nodeName":"([^"]+)"/.exec(JSON.stringify(pod))?.[1] ?? "";
    expect(await described(`node ${node}`)).toContain(pod?.metadata.name ?? "no pod");
  });

  test("several objects, apart by two lines", async () => {
    const out = await described("pods");
    expect(out.split(/\n\n\n(?=Name:)/)).toHaveLength(3);
  });

  test("takes a name that nothing has for the beginning of names", async () => {
    expect(await described("pod web-")).toBe(await described("pods"));
    expect(await prompt.run("describe pod nope")).toEqual(
      refuses('Error from server (NotFound): pods "nope" not found\n'),
    );
  });

  test("says where it found nothing", async () => {
    const nothing = (err: string) => ({ code: 0, out: "", err });
    expect(await prompt.run("describe pods -l a=b")).toEqual(nothing("No resources found in default namespace.\n"));
    expect(await prompt.run("describe pods -A -l a=b")).toEqual(nothing("No resources found\n"));
    expect(await prompt.run("describe")).toEqual(
      refuses(
        'error: You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.\n',
      ),
    );
  });

  test("has words for every type", async () => {
    await prompt.run("create cm a --from-literal=k=v");
    prompt.stdin = [
      "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {k: v}",
      "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: p}\nspec: {minAvailable: 1, selector: {matchLabels: {app: web}}}",
    ].join("\n---\n");
    await prompt.run("create -f -");
    await prompt.run("expose deploy web --port=80");
    await prompt.run("advance 10s");
    for (const type of ["deploy", "rs", "po", "svc", "endpointslices", "no", "ns", "cm", "secrets", "pdb", "events"]) {
      expect([type, (await described(type)).startsWith("Name:")]).toEqual([type, true]);
    }
  });
});
