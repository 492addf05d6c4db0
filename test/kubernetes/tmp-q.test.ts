import { expect, test } from "vitest";
import { canonicalQuantity as c, milliUnits, wholeUnits, parseQuantity } from "../../src/kubernetes/quantity.ts";
test("q", () => {
  const cases = {"0.5":"500m","100m":"100m","1000m":"1","1Gi":"1Gi","1024Mi":"1Gi","1536Mi":"1536Mi","1e3":"1e3","1500":"1500","1000":"1k","0":"0","-1":"-1","0.5Gi":"512Mi","1.5Ki":"1536","512Ki":"512Ki","1023":"1023","100Ki":"100Ki","0.1Ki":"102400m","9E":"9E","1E3":"1e3","2e6":"2e6","1e1":"10","0.001m":"1u","0.0000000001":"1n","10Ei":"9223372036854775807","5n":"5n", "1e-3":"1e-3", "10000k":"10M", "+1":"1"};
  for (const [k,v] of Object.entries(cases)) expect(c(k), k).toBe(v);
  expect(milliUnits("0.1")).toBe(100); expect(wholeUnits("1Ki")).toBe(1024); expect(wholeUnits("1m")).toBe(1);
  console.log(["lots","","Gi","1.2.3","1Zi","1e","."].map(x=>JSON.stringify(parseQuantity(x))));
});
