import fs from "node:fs"; import zlib from "node:zlib"; import { expect, test } from "vitest"; import { parse } from "yaml"; import * as E from "fp-ts/lib/Either.js";
import { withDefaults } from "../../src/kubernetes/defaults/index.ts"; import { decodeObject } from "../../src/kubernetes/schema/decode.ts";
import { validate, invalid } from "../../src/kubernetes/validation/index.ts";
const rd=(f:string)=>JSON.parse(zlib.gunzipSync(fs.readFileSync("/work/shared/conformance/traces/p-invalid-specs/"+f)).toString());
const strip=(m:string)=>m.replace(/: (v1\.|intstr\.|apps\.|map\[)[^]*?[}\)]: (?=[^}]*$)/, ": ").replace(/^(Invalid value|Unsupported value): (\{.*\}|"[^"]*%?"|-?\d+|null): /,(a,b)=>b+": ");
test("inv", () => {
  const steps=rd("steps.json.gz").steps, out=rd("kubectl-output.json.gz"); let n=0, shown=new Set();
  for (let i=0;i<252;i++){ const s=steps[i], o=out[i]; if(s.kind!=="api"||o.api?.[0]!=="POST"&&s.method!=="POST") continue;
    const body=s.body ?? o.body; if(!body||!body.kind||body.kind==="Deploymint"||typeof body==="string") continue; n++;
    const dec=decodeObject({...body, metadata:{...body.metadata}}, "keep"); const r=o.response;
    if(E.isLeft(dec)){ console.log("DEC", dec.left.message, "\n   ", r.message); continue; }
    const causes=validate(withDefaults(dec.right)); const want=r.details?.causes ?? [];
    expect(causes.map(c=>[c.reason,c.field,strip(c.message)]), steps[i].note+JSON.stringify(r.message)).toEqual(want.map((c:any)=>[c.reason,c.field,strip(c.message)]));
    if (want.length && causes.some((c,j)=>c.message!==want[j].message)) console.log(causes.map(c=>c.field+": "+c.message).join("\n"));
    if (want.length===1) { const inv=invalid(body.kind,"apps",body.metadata.name??"",causes); if(!/v1\.|intstr|apps\.Dep|map\[/.test(r.message)) expect(inv.message).toBe(r.message); }
  }
  console.log(n);
});
