import fs from "node:fs"; import zlib from "node:zlib"; import { expect, test } from "vitest";
import { equalIgnoreHash } from "../../src/kubernetes/equality.ts"; import { hashTemplate } from "../../src/kubernetes/pod-template-hash.ts";
test("eq", () => {
  let n=0;
  for (const l of zlib.gunzipSync(fs.readFileSync("/work/shared/conformance/vectors/equal-ignore-hash.jsonl.gz")).toString().trim().split("\n")) {
    const r = JSON.parse(l); n++; expect(equalIgnoreHash(r.a, r.b), l).toBe(r.equal);
    if (n<4) console.log(hashTemplate(r.a, undefined), hashTemplate(r.a, 0), hashTemplate(r.a,1));
  }
  console.log(n);
});
