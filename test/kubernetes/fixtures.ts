/** Small valid objects for the tests of this room. */
import type { Container, Deployment, Pod, PodTemplate, Service } from "../../src/kubernetes/objects.ts";

export const container: Container = { name: "web", image: "nginx:1.27" };

export const template: PodTemplate = {
  metadata: { labels: { app: "web" } },
  spec: { containers: [container] },
};

export const templateWith = (changes: Partial<Container>): PodTemplate => ({
  ...template,
  spec: { containers: [{ ...container, ...changes }] },
});

export const deployment: Deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: { selector: { matchLabels: { app: "web" } }, template },
};

export const deploymentWith = (spec: Partial<Deployment["spec"]>): Deployment => ({
  ...deployment,
  spec: { ...deployment.spec, ...spec },
});

export const pod: Pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web-1" },
  spec: { containers: [container] },
};

export const service: Service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web" },
  spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
};
