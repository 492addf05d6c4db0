import fs from "node:fs"; import zlib from "node:zlib"; import { expect, test } from "vitest"; import { parse } from "yaml";
import { withDefaults, withPodAdmission } from "../../src/kubernetes/defaults/index.ts";
test("def", () => {
  const root = "/work/shared/conformance/traces"; let n = 0;
  for (const t of fs.readdirSync(root)) {
    const rd = (f:string)=>{ const p=`${root}/${t}/${f}`; return fs.existsSync(p+".gz")? zlib.gunzipSync(fs.readFileSync(p+".gz")).toString(): fs.readFileSync(p,"utf8"); };
    for (const line of rd("trace.jsonl").trim().split("\n")) {
      const r = JSON.parse(line); if (r.type !== "ADDED" || !["deployments","services","pods","replicasets"].includes(r.src)) continue;
      const last = r.object.metadata.annotations?.["kubectl.kubernetes.io/last-applied-configuration"];
      if (r.src === "pods" || r.src === "replicasets") { const o = {...r.object, kind: r.src==="pods"?"Pod":"ReplicaSet", apiVersion:"v1"}; const spec=JSON.parse(JSON.stringify(o.spec, (k,v)=>k==="creationTimestamp"?undefined:v)); const d = withDefaults({...o, spec}); expect(d).toEqual({...o, spec}); expect((d as any).spec).toBe(spec); n++; continue; }
      if (!last) continue;
      const d = withDefaults(JSON.parse(last)) as any; n++;
      const want = JSON.parse(JSON.stringify(r.object.spec, (k,v)=> k==="creationTimestamp"||k==="clusterIP"||k==="clusterIPs"?undefined:v));
      const got = JSON.parse(JSON.stringify(d.spec)); if (r.src==="services") { delete got.internalTrafficPolicy; delete got.ipFamilies; delete got.ipFamilyPolicy; }
      expect(got, t).toEqual(want);
      expect(withDefaults(d)).toBe(d);
    }
  }
  console.log(n);
});
