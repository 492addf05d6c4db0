/**
 * Makes a ledger of many events the way people make one: Deployments of several sizes with Services, and months of new images,
 * undos, pauses, restarts, scaling, crashes and silent nodes by several people. The same seed gives the same log.
 *
 * Arguments: a folder, and the numbers of events, rising: each gives a file `ledger-N.db`, the next goes on where it ended.
 */
import { copyFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runCommand } from "../../../dist/commands/run.js";
import { createLedger, openLedger } from "../../../dist/engine/open.js";
import { drawing, nodesFor, right } from "../measure.mjs";

const replicasOf = { web: 30, api: 20, cart: 12, search: 45, auth: 8, mail: 5, images: 60, billing: 16 };
const deployments = Object.keys(replicasOf);
const nodes = nodesFor(4 * Object.values(replicasOf).reduce((sum, replicas) => sum + replicas, 0));
const people = ["user:alice", "user:bob", "user:carol", "user:ci"];
const reasons = ["fix the header", "new prices", "security update", "back to the old cache", "larger pool", "tuning"];

const second = 1000;
const minute = 60 * second;

/** What somebody does to a Deployment, by how often it is done; each answers with commands and waits in ms. */
const stories = ({ upTo, oneOf, draw }, { name, image, running }) => [
  [10, () => [image(), annotate(name, oneOf(reasons)), 4 * minute]],
  [3, () => [image(), upTo(40) * second, image(), 5 * minute]],
  [3, () => [image(), upTo(60) * second, `rollout undo deployment/${name}`, 4 * minute]],
  [2, () => [`rollout undo deployment/${name}`, 4 * minute]],
  [2, () => [`rollout restart deployment/${name}`, 4 * minute]],
  [
    2,
    () => [
      image(),
      5 * second,
      `rollout pause deployment/${name}`,
      90 * second,
      `rollout resume deployment/${name}`,
      4 * minute,
    ],
  ],
  [2, () => [`scale deployment/${name} --replicas=${Math.ceil(replicasOf[name] * (0.7 + draw() * 0.6))}`, 3 * minute]],
  [
    1,
    () => [
      `set image deployment/${name} ${name}=${name}:404`,
      3 * minute,
      `rollout undo deployment/${name}`,
      3 * minute,
    ],
  ],
  [
    4,
    () => [
      ...running()
        .slice(0, 1 + upTo(3))
        .map((pod) => `fault crash pod/${pod}`),
      6 * minute,
    ],
  ],
  [1, () => nodeFault(`node-${1 + upTo(nodes)}`)],
];

const annotate = (name, reason) => `annotate deployment/${name} kubernetes.io/change-cause="${reason}" --overwrite`;
const nodeFault = (node) => [`fault node ${node} down`, 2 * minute, `fault node ${node} up`, 3 * minute];

const told = (weighted, { draw }) => {
  let left = draw() * weighted.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, story] of weighted) {
    left -= weight;
    if (left < 0) return story();
  }
  throw new Error("the weights are what the sum says");
};

const silent = { out: () => {}, err: (text) => process.stderr.write(text), isTerminal: false, columns: 80 };
const words = (line) => Array.from(line.matchAll(/(?:[^\s"]|"[^"]*")+/g), ([word]) => word.replaceAll('"', ""));

const perform = async (session, actor, story) => {
  const ctx = { session, io: silent, actor, defaultNamespace: "default" };
  for (const step of story) {
    if (typeof step === "number") await session.advance(step);
    else if ((await runCommand(ctx, words(step))) !== 0) process.stderr.write(`(${step})\n`);
  }
};

const setUp = (name) => [
  `create deployment ${name} --image=${name}:1 --replicas=${replicasOf[name]}`,
  `expose deployment ${name} --port=80`,
  2 * minute,
];

/** Which image comes next is the only thing that is kept from story to story. */
const generate = async (folder, sizes, report) => {
  const path = join(folder, "growing.db");
  for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
  const options = { synchronous: "normal", roundTripMs: 100 };
  let session = right(createLedger(path, "user:bench", { ...options, clock: "manual", nodes, seed: 7 }));
  const chance = drawing(7);
  const tags = new Map(deployments.map((name) => [name, 1]));
  const toSetUp = [...deployments];
  for (const size of sizes) {
    for (let head = 0; head < size; head = session.store.head().seq) {
      report(head, size);
      const fresh = toSetUp.shift();
      const name = fresh ?? chance.oneOf(deployments);
      const image = () => {
        tags.set(name, tags.get(name) + 1);
        return `set image deployment/${name} ${name}=${name}:${tags.get(name)}`;
      };
      const running = () =>
        session
          .list("Pod", "default")
          .filter((pod) => pod.metadata.labels?.app === name && pod.status?.phase === "Running")
          .map((pod) => pod.metadata.name);
      const story = fresh ? setUp(fresh) : told(stories(chance, { name, image, running }), chance);
      await perform(session, chance.oneOf(people), story);
    }
    session.close();
    copyFileSync(path, join(folder, `part-${size}.db`));
    renameSync(join(folder, `part-${size}.db`), join(folder, `ledger-${size}.db`));
    session = right(openLedger(path, options));
  }
  session.close();
  rmSync(path);
};

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder, ...sizes] = process.argv.slice(2);
  let shown = -1;
  const report = (head, size) => {
    const tenths = Math.floor((10 * head) / size);
    if (tenths !== shown)
      process.stderr.write(`generated ${head.toLocaleString("en")} of ${size.toLocaleString("en")} events\n`);
    shown = tenths;
  };
  await generate(folder, sizes.map(Number), report);
}
