import { expect, test } from "vitest";
import { imageChange, shortImage } from "../../src/history/images.ts";

test.each([
  ["nginx:1.15", "nginx:1.15"],
  ["docker.io/library/nginx:1.15", "nginx:1.15"],
  ["docker.io/acme/web:2", "acme/web:2"],
  ["registry.local:5000/web:2", "registry.local:5000/web:2"],
])("%s is called %s", (image, short) => {
  expect(shortImage(image)).toBe(short);
});

test.each([
  ["nginx:1.14", "nginx:1.15", "nginx:1.14 → 1.15"],
  ["docker.io/library/nginx:1.14", "nginx:1.15", "nginx:1.14 → 1.15"],
  ["nginx:1.14", "httpd:2", "nginx:1.14 → httpd:2"],
  ["web", "web:2", "web → 2"],
  ["web:2", "web", "web:2 → web"],
  ["registry:5000/web:1", "registry:5000/web:2", "registry:5000/web:1 → 2"],
  ["web@sha256:aa", "web@sha256:bb", "web@sha256:aa → sha256:bb"],
])("%s to %s is %s", (from, to, words) => {
  expect(imageChange(from, to)).toBe(words);
});
