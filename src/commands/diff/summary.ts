/** What of a difference most people want to know first: images and replicas. */
import { imageChange } from "../../history/images.ts";
import { asJson, isJsonArray, isJsonObject, type Json, type JsonObject } from "../../kubernetes/json.ts";
import type { KubeObject } from "../../kubernetes/objects.ts";

const part = (value: Json | undefined, key: string): Json | undefined => (isJsonObject(value) ? value[key] : undefined);

const specOf = (object: KubeObject | undefined): Json | undefined => object && part(asJson(object), "spec");

/** The images of a pod, or of a workload's pods, by container. */
const imagesOf = (spec: Json | undefined): ReadonlyMap<string, string> => {
  const pod = part(part(spec, "template"), "spec") ?? spec;
  const lists = [part(pod, "initContainers"), part(pod, "containers")].filter(isJsonArray);
  const containers = lists.flat().filter((container): container is JsonObject => isJsonObject(container));
  return new Map(containers.map(({ name = "", image = "" }) => [String(name), String(image)]));
};

const replicasOf = (spec: Json | undefined): string | undefined => {
  const replicas = part(spec, "replicas");
  return replicas === undefined ? undefined : String(replicas);
};

/** `image of web: nginx:1.14 → 1.15`, `replicas: 3 → 5`; none when neither changed or one of the two objects is not there. */
export const summaryLines = (from: KubeObject | undefined, to: KubeObject | undefined): readonly string[] => {
  if (!from) return ["it was not there"];
  if (!to) return ["it is gone"];
  const [before, after] = [specOf(from), specOf(to)];
  const [imagesBefore, imagesAfter] = [imagesOf(before), imagesOf(after)];
  const lines: string[] = [];
  for (const name of new Set([...imagesBefore.keys(), ...imagesAfter.keys()])) {
    const [old, current] = [imagesBefore.get(name), imagesAfter.get(name)];
    if (old === current) continue;
    if (old === undefined) lines.push(`container ${name}: added, ${current}`);
    else if (current === undefined) lines.push(`container ${name}: removed, ${old}`);
    else lines.push(`image of ${name}: ${imageChange(old, current)}`);
  }
  const [replicasBefore, replicasAfter] = [replicasOf(before), replicasOf(after)];
  if (replicasBefore !== replicasAfter)
    lines.push(`replicas: ${replicasBefore ?? "none"} → ${replicasAfter ?? "none"}`);
  return lines;
};
