import fc from "fast-check";
import { expect, test } from "vitest";
import { podTemplateDefaults } from "../../src/kubernetes/defaults/index.ts";
import { equalIgnoreHash, templateText } from "../../src/kubernetes/equality.ts";
import type { PodTemplate } from "../../src/kubernetes/objects.ts";
import { hashTemplate } from "../../src/kubernetes/pod-template-hash.ts";
import { container, template, templateWith } from "./fixtures.ts";

const hashed = (hash: string): PodTemplate => ({
  ...template,
  metadata: { labels: { ...template.metadata?.labels, "pod-template-hash": hash } },
});

test("templates that differ in their hash label only are equal, other labels count", () => {
  expect(equalIgnoreHash(hashed("1"), hashed("2"))).toBe(true);
  expect(equalIgnoreHash(hashed("1"), template)).toBe(true);
  expect(equalIgnoreHash(template, { ...template, metadata: { labels: { app: "web", track: "canary" } } })).toBe(false);
});

test.each<[string, PodTemplate, PodTemplate, boolean]>([
  ["an empty list is no list", templateWith({ args: [] }), template, true],
  ["an empty map is no map", templateWith({ resources: { limits: {} } }), templateWith({ resources: {} }), true],
  ["false is not set", { ...template, spec: { ...template.spec, hostNetwork: false } }, template, true],
  [
    "a pointer's zero is set",
    { ...template, spec: { ...template.spec, terminationGracePeriodSeconds: 0 } },
    template,
    false,
  ],
  ["an empty label value is a value", { ...template, metadata: { labels: { app: "web", x: "" } } }, template, false],
  [
    "quantities count by their amount",
    templateWith({ resources: { limits: { cpu: 0.5, memory: "1Ki" } } }),
    templateWith({ resources: { limits: { cpu: "500m", memory: "1024" } } }),
    true,
  ],
  [
    "an empty selector inside an affinity is not an absent one",
    {
      ...template,
      spec: { ...template.spec, affinity: { podAffinity: { labelSelector: {} } } } as PodTemplate["spec"],
    },
    { ...template, spec: { ...template.spec, affinity: { podAffinity: {} } } as PodTemplate["spec"] },
    false,
  ],
  [
    "the order of containers counts",
    { spec: { containers: [container, { name: "b" }] } },
    { spec: { containers: [{ name: "b" }, container] } },
    false,
  ],
])("%s", (_, a, b, equal) => {
  expect(equalIgnoreHash(a, b)).toBe(equal);
  expect(equalIgnoreHash(b, a)).toBe(equal);
});

test("defaults left out are the same as defaults written", () => {
  const written = {
    ...template,
    spec: { ...template.spec, restartPolicy: "Always" as const, dnsPolicy: "ClusterFirst" },
  };
  expect(equalIgnoreHash(podTemplateDefaults(template), podTemplateDefaults(written))).toBe(true);
});

test("a hash is made of characters that cannot spell a word, and is the same on every machine", () => {
  expect(hashTemplate(template, undefined)).toBe("6c8d7489d5");
  expect(hashTemplate(hashed("5d4f"), undefined)).toBe(hashTemplate(template, undefined));
});

test("every collision count gives another hash, and 0 is not the absent one", () => {
  const hashes = [undefined, 0, 1, 2, 256, 2 ** 31].map((count) => hashTemplate(template, count));
  expect(new Set(hashes).size).toBe(hashes.length);
});

test("templates with another image have another text, those with the same image the same, whatever their key order", () => {
  const images = fc.constantFrom("nginx:1", "nginx:2", "nginx", "a/b@sha256:1");
  fc.assert(
    fc.property(images, images, fc.nat({ max: 5 }), (image, otherImage, count) => {
      const one = templateWith({ image });
      const other = {
        spec: { containers: [{ image: otherImage, name: "web" }] },
        metadata: { labels: { app: "web" } },
      };
      expect(equalIgnoreHash(one, other)).toBe(image === otherImage);
      expect(templateText(one) === templateText(other)).toBe(image === otherImage);
      expect(hashTemplate(one, count) === hashTemplate(other, count)).toBe(image === otherImage);
    }),
  );
});

test("a hash has one to ten characters of the safe ones", () => {
  fc.assert(
    fc.property(fc.string(), fc.option(fc.nat(), { nil: undefined }), (image, count) => {
      expect(hashTemplate(templateWith({ image }), count)).toMatch(/^[4-9bcdf]{1,10}$/);
    }),
  );
});
