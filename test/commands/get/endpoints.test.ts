import { beforeEach, expect, test } from "vitest";
import { openPrompt, type Prompt, refuses, says, webManifest } from "../../support/prompt.ts";

let prompt: Prompt;
beforeEach(async () => {
  prompt = openPrompt();
  prompt.files.set("web.yaml", webManifest());
  await prompt.run("create -f web.yaml");
  await prompt.run("expose deploy web --port=80 --target-port=8080");
});

const paths = (list: string): string => `get ep web -o jsonpath={.subsets[*].${list}[*].targetRef.name}`;

test("Endpoints list the ready addresses behind a Service, with their port", async () => {
  await prompt.run("rollout status deploy web");
  const { out } = await prompt.run("get endpoints");
  expect(out).toMatch(/^NAME {3}ENDPOINTS +AGE\nweb {4}10\.244\.\d+\.\d+:8080,10\S+:8080,10\S+:8080 {3}\d+s\n$/);
  await prompt.run("scale deploy web --replicas=5");
  await prompt.run("rollout status deploy web");
  expect((await prompt.run("get ep/web --no-headers")).out).toMatch(/ \+ 2 more\.\.\. {3}\d+s\n$/);
});

test("Endpoints keep the pods apart that are not ready, and leave out those on their way", async () => {
  await prompt.run("rollout status deploy web");
  const [first = "", second = "", third = ""] = (await prompt.run(paths("addresses"))).out.split(" ");
  await prompt.run(`fault unready pod/${first}`);
  await prompt.run(`delete pod ${second} --wait=false`);
  await prompt.session.advance(500);
  expect(await prompt.run(paths("notReadyAddresses"))).toEqual(says(first));
  expect(await prompt.run(paths("addresses"))).toEqual(says(third));
});

test("Endpoints without an address say so, and a Service that selects nothing has none", async () => {
  await prompt.run("delete deploy web");
  await prompt.session.advance(60_000);
  prompt.files.set(
    "loose.yaml",
    "{apiVersion: v1, kind: Service, metadata: {name: loose}, spec: {ports: [{port: 80}]}}",
  );
  await prompt.run("create -f loose.yaml");
  expect((await prompt.run("get ep --no-headers")).out).toMatch(/^web {3}<none> {3}\w+\n$/);
});

test("Endpoints are derived: nobody watches or deletes them", async () => {
  expect(await prompt.run("get ep -w")).toEqual(
    refuses("error: endpoints cannot be watched: they are derived from what is recorded\n"),
  );
  expect(await prompt.run("delete ep web")).toEqual(refuses("error: endpoints cannot be deleted\n"));
});
