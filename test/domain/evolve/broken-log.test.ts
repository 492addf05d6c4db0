import { describe, expect, it } from "vitest";
import type { DomainEvent } from "../../../src/domain/events.ts";
import { type Digest, streamOf, type Uid } from "../../../src/domain/state.ts";
import { ApiServer, deploymentManifest, manifest, podManifest, refTo } from "../api-server.ts";

const withObjects = (): ApiServer => {
  const api = new ApiServer();
  api.create(deploymentManifest());
  api.create(podManifest());
  api.create(manifest("v1", "ConfigMap", "settings", { data: {} }));
  return api;
};

const deployment = streamOf(refTo("Deployment", "web"));
const pod = streamOf(refTo("Pod", "one"));
const configMap = streamOf(refTo("ConfigMap", "settings"));

const unknown = (type: string): DomainEvent => JSON.parse(JSON.stringify({ type, data: {} }));

describe("a log that no server wrote", () => {
  it.each<[string, string, DomainEvent, string]>([
    ["an event of another kind", deployment, { type: "PodReady", data: {} }, "PodReady in the stream of a Deployment"],
    [
      "an event of a kind whose name begins alike",
      pod,
      { type: "PodDisruptionBudgetDeleted", data: {} },
      "PodDisruptionBudgetDeleted in the stream of a Pod",
    ],
    [
      "an event of another plain kind",
      configMap,
      { type: "SecretDeleted", data: {} },
      "SecretDeleted in the stream of a ConfigMap",
    ],
    ["an unknown event", deployment, unknown("DeploymentExploded"), "no fold for DeploymentExploded"],
    ["an unknown event of a pod", pod, unknown("PodExploded"), "no fold for PodExploded"],
    ["an unknown event of a plain object", configMap, unknown("ConfigMapExploded"), "no fold for ConfigMapExploded"],
    [
      "a change of what is not there",
      "Deployment/default/other",
      { type: "DeploymentPaused", data: { generation: 2 } },
      "DeploymentPaused of a Deployment that does not exist: default/other",
    ],
    [
      "a creation of what is there",
      pod,
      { type: "PodCreated", data: { uid: "x" as Uid, spec: "y" as Digest } },
      "PodCreated of a Pod that exists already: default/one",
    ],
    [
      "a creation of a plain object that is there",
      configMap,
      { type: "ConfigMapCreated", data: { uid: "x" as Uid, content: "y" as Digest } },
      "ConfigMapCreated of a ConfigMap that exists already: default/settings",
    ],
    [
      "a patch that does not apply",
      deployment,
      { type: "DeploymentMetadataChanged", data: { patch: [{ op: "remove", path: "/labels/none" }] } },
      "recorded patch does not apply",
    ],
    ["a kind that nobody knows", "Job/default/one", { type: "PodReady", data: {} }, "PodReady in the stream of a Job"],
  ])("fails at %s", (_, stream, event, message) => {
    expect(() => withObjects().apply(stream, [event])).toThrow(message);
  });
});

describe("facts about the ledger itself", () => {
  it("change no object, wherever they stand", () => {
    const api = withObjects();
    const before = api.get("Deployment", "web");
    const refused = { verb: "bind", object: deployment, code: 409, reason: "Conflict", message: "" };
    api.apply(deployment, [{ type: "WriteRefused", data: refused }]);
    api.apply("faults", [{ type: "FaultInjected", data: { fault: {} } }]);
    expect(api.get("Deployment", "web")).toBe(before);
  });
});
