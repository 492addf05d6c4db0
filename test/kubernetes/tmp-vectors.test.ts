import fs from "node:fs"; import zlib from "node:zlib"; import { expect, test } from "vitest";
import * as E from "fp-ts/lib/Either.js";
import { resolveFenceposts, maxSurge, maxUnavailable, minAvailable } from "../../src/kubernetes/int-or-percent.ts";
test("fenceposts", () => {
  let n=0, errs=0;
  for (const l of zlib.gunzipSync(fs.readFileSync("/work/shared/conformance/vectors/resolve-fenceposts.jsonl.gz")).toString().trim().split("\n")) {
    const r = JSON.parse(l); const got = resolveFenceposts(r.maxSurge ?? undefined, r.maxUnavailable ?? undefined, r.desired); n++;
    if (r.err) { errs++; expect(E.isLeft(got) ? got.left : got, l).toBe(r.err); continue; }
    expect(E.isRight(got) ? got.right : got, l).toEqual({ maxSurge: r.surge, maxUnavailable: r.unavailable });
    const spec = { replicas: r.desired, strategy: { type: "RollingUpdate" as const, rollingUpdate: { maxSurge: r.maxSurge ?? undefined, maxUnavailable: r.maxUnavailable ?? undefined } } };
    expect([maxSurge(spec), maxUnavailable(spec), minAvailable(spec)], l).toEqual([r["MaxSurge()"], r["MaxUnavailable()"], r["MinAvailable()"]]);
  }
  console.log(n, errs);
});
