/** The objects that `create deployment`, `create namespace` and the like make from flags. */
import * as E from "fp-ts/lib/Either.js";
import type { JsonObject } from "../../kubernetes/json.ts";
import type { KubeObject } from "../../kubernetes/objects.ts";

/** The image's last path segment without tag and digest: how kubectl names the container. */
const containerName = (image: string): string => (image.split("/").at(-1) ?? "").split(/[:@]/)[0] ?? "";

export interface DeploymentOptions {
  readonly name: string;
  readonly images: readonly string[];
  readonly replicas: number;
  /** Of the first container; negative for none. */
  readonly port: number;
  readonly command: readonly string[];
}

export const deploymentObject = ({ name, images, replicas, port, command }: DeploymentOptions): KubeObject => {
  const labels = { app: name };
  const containers = images.map((image, index) => ({
    image,
    name: containerName(image),
    ...(command.length > 0 ? { command } : {}),
    ...(port >= 0 && index === 0 ? { ports: [{ containerPort: port }] } : {}),
    resources: {},
  }));
  return object("apps/v1", "Deployment", name, labels, {
    spec: {
      replicas,
      selector: { matchLabels: labels },
      strategy: {},
      template: { metadata: { creationTimestamp: null, labels }, spec: { containers } },
    },
    status: {},
  });
};

export const namespaceObject = (name: string): KubeObject =>
  object("v1", "Namespace", name, undefined, { spec: {}, status: {} });

/** Left names the literal that is not `key=value`. */
export const configMapObject = (name: string, literals: readonly string[]): E.Either<string, KubeObject> => {
  const data: Record<string, string> = {};
  for (const literal of literals) {
    const equals = literal.indexOf("=");
    if (equals < 1) return E.left(`invalid literal source ${literal}, expected key=value`);
    const key = literal.slice(0, equals);
    if (Object.hasOwn(data, key)) {
      return E.left(
        `cannot add key ${JSON.stringify(key)}, another key by that name already exists in Data for ConfigMap ${JSON.stringify(name)}`,
      );
    }
    data[key] = unquoted(literal.slice(equals + 1));
  }
  return E.right(object("v1", "ConfigMap", name, undefined, Object.keys(data).length > 0 ? { data } : {}));
};

const unquoted = (text: string): string => /^(["'])(.*)\1$/s.exec(text)?.[2] ?? text;

/** Ports are `PORT` or `PORT:TARGETPORT`. Left is kubectl's sentence. */
export const serviceObject = (name: string, ports: readonly string[]): E.Either<string, KubeObject> => {
  const parsed: JsonObject[] = [];
  for (const text of ports) {
    const [port = "", target = port, ...more] = text.split(":");
    if (more.length > 0) return E.left(`invalid port format: ${text}`);
    if (!/^\d+$/.test(port)) return E.left(`strconv.ParseUint: parsing ${JSON.stringify(port)}: invalid syntax`);
    const targetPort = /^\d+$/.test(target) ? Number(target) : target;
    parsed.push({ name: text.replaceAll(":", "-"), port: Number(port), protocol: "TCP", targetPort });
  }
  const labels = { app: name };
  const spec = { ports: parsed, selector: labels, type: "ClusterIP" };
  return E.right(object("v1", "Service", name, labels, { spec, status: { loadBalancer: {} } }));
};

const object = (
  apiVersion: string,
  kind: string,
  name: string,
  labels: Readonly<Record<string, string>> | undefined,
  body: JsonObject,
): KubeObject => ({
  apiVersion,
  kind,
  metadata: { creationTimestamp: null, ...(labels ? { labels } : {}), name },
  ...body,
});
