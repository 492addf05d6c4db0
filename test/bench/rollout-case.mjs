/**
 * One rollout in a process of its own: a Deployment with a Service comes up, then gets another image. Prints what the second
 * half (from `set image` to `rollout status` saying so) cost, as JSON.
 *
 * Arguments: the number of replicas, and a file for the ledger.
 */
import { statSync } from "node:fs";
import { openLedger } from "../../dist/index.js";

const podsPerNode = 110;

const [replicas, path] = [Number(process.argv[2]), process.argv[3]];
// While old pods end and surge pods start there are up to half as many pods more.
const nodes = Math.ceil((1.6 * replicas) / podsPerNode);
const ledger = openLedger(path, { create: true, clock: "manual", nodes });

const run = async (line) => {
  const { exitCode, stderr } = await ledger.execute(line);
  if (exitCode !== 0) throw new Error(`${line}: ${stderr}`);
};

const measured = async (work) => {
  const [startMs, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - startMs) / 1e3, cpuSeconds: (user + system) / 1e6 };
};

const head = () => {
  let seq = 0;
  for (const event of ledger.log()) seq = event.seq;
  return seq;
};

await run(`create deployment web --image=web:1 --replicas=${replicas}`);
await run("expose deployment web --port=80");
const creation = await measured(() => ledger.advance("10m"));
const before = head();
const rollout = await measured(async () => {
  await run("set image deployment/web web=web:2");
  await run("rollout status deployment/web");
});
const maxRssMegabytes = process.resourceUsage().maxRSS / 1024;
const events = head();
ledger.close();
const megabytes = statSync(path).size / 2 ** 20;
console.log(JSON.stringify({ replicas, nodes, creation, rollout, before, events, megabytes, maxRssMegabytes }));
