import { writeFileSync } from "node:fs";
import { test } from "vitest";
import { recordedAnswer } from "./trace/api-request.ts";
import { conditionsOf, decisionsOf, finalOf } from "./trace/decisions.ts";
import { compareSaid } from "./trace/outputs.ts";
import { readRecording, traceNames } from "./trace/recording.ts";
import { replay } from "./trace/replay.ts";
import { veilOf, withoutValues } from "./trace/texts.ts";

test("try", async () => {
  const only = process.env.ONLY;
  let exact = 0,
    statuses = 0;
  for (const name of traceNames()) {
    if (only && !name.includes(only)) continue;
    const r = readRecording(name);
    const t0 = performance.now();
    try {
      const ours = await replay(r);
      const same = (a: unknown, b: unknown) => (JSON.stringify(a) === JSON.stringify(b) ? "ok" : "DIFF");
      const d = [decisionsOf(r.changes ?? []), decisionsOf(ours.changes)];
      const c = [conditionsOf(r.changes ?? []), conditionsOf(ours.changes)];
      const f = [finalOf(r.final?.objects ?? []), finalOf(ours.final.filter((o) => r.final?.kinds.includes(o.kind)))];
      const veils = { recorded: veilOf(r.changes ?? []), ours: veilOf(ours.changes) };
      const said = r.steps.flatMap((s) => {
        if (s.kind !== "kubectl" || !s.said) return [];
        const o = ours.said.get(s)!;
        if (s.argv[2] === "status" && s.said.stdout.split("\n").length > 2) {
          statuses++;
          if (s.said.stdout === o.stdout) exact++;
        }
        const c = compareSaid(s, s.said, o, veils);
        return [
          {
            t: s.t,
            argv: s.argv.join(" "),
            note: (s as any).note,
            ...c,
            same: c.recorded === c.ours,
            raw: [s.said, o],
          },
        ];
      });
      const api = r.steps.flatMap((s) => {
        if (s.kind !== "api") return [];
        const rec = recordedAnswer(s);
        const o = ours.answered.get(s);
        const tx = (a: any) => (a ? `${a.code} ${a.reason}\n${a.causes.map(withoutValues).join("\n")}` : "none");
        return [{ method: s.method, path: s.path, body: s.body, recorded: tx(rec), ours: tx(o) }];
      });
      console.log(
        name,
        same(d[0], d[1]),
        same(c[0], c[1]),
        same(f[0], f[1]),
        "outputs",
        said.filter((x) => x.same).length,
        "of",
        said.length,
        "api",
        api.filter((x) => x.recorded === x.ours).length,
        "of",
        api.length,
        Math.round(performance.now() - t0),
        "ms",
      );
      writeFileSync(`/tmp/conf/out-${name}.json`, JSON.stringify({ d, c, f, ours: ours.changes, said, api }));
    } catch (e) {
      console.log(name, "THREW", (e as Error).stack?.slice(0, 1500));
    }
  }
  console.log("status outputs exactly equal", exact, "of", statuses);
}, 600_000);
