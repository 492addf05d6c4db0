/** Defaults of containers: Kubernetes' core/v1 defaulting. */
import type {
  Container,
  ContainerPort,
  EnvVar,
  HttpGetAction,
  Lifecycle,
  LifecycleHandler,
  Probe,
} from "../objects.ts";
import { absentOrZero, assign, fill, mapItems } from "./fill.ts";

const component = "[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*";
const host = "[A-Za-z0-9][-.A-Za-z0-9]*(?::[0-9]+)?";
const imageReference = new RegExp(
  `^(?:${host}/)?${component}(?:/${component})*(?::(\\w[-.\\w]{0,127}))?(@[-+.:_A-Za-z0-9]+)?$`,
);

/** Without tag and digest an image is `latest`, which may change. What is no image reference is not looked for anew. */
const pullPolicy = (image: string): string => {
  const [reference, tag, digest] = imageReference.exec(image) ?? [];
  const latest = tag === "latest" || (reference !== undefined && tag === undefined && digest === undefined);
  return latest ? "Always" : "IfNotPresent";
};

const httpGetDefaults = (action: HttpGetAction): HttpGetAction => fill(action, { path: "/", scheme: "HTTP" });

const probeDefaults = (probe: Probe): Probe => {
  const timed = fill(
    probe,
    { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 },
    absentOrZero,
  );
  return timed.httpGet ? assign(timed, { httpGet: httpGetDefaults(timed.httpGet) }) : timed;
};

const handlerDefaults = (handler: LifecycleHandler): LifecycleHandler =>
  handler.httpGet ? assign(handler, { httpGet: httpGetDefaults(handler.httpGet) }) : handler;

const lifecycleDefaults = (lifecycle: Lifecycle): Lifecycle =>
  assign(lifecycle, {
    ...(lifecycle.postStart ? { postStart: handlerDefaults(lifecycle.postStart) } : {}),
    ...(lifecycle.preStop ? { preStop: handlerDefaults(lifecycle.preStop) } : {}),
  });

const envDefaults = (variable: EnvVar): EnvVar => {
  const { valueFrom } = variable;
  if (!valueFrom?.fieldRef) return variable;
  return assign(variable, {
    valueFrom: assign(valueFrom, { fieldRef: fill(valueFrom.fieldRef, { apiVersion: "v1" }) }),
  });
};

const portDefaults =
  (hostNetwork: boolean) =>
  (port: ContainerPort): ContainerPort => {
    const named = fill(port, { protocol: "TCP" });
    return hostNetwork ? fill(named, { hostPort: port.containerPort }, absentOrZero) : named;
  };

/** On the host's network a container's ports are the host's. */
export const containerDefaults =
  (hostNetwork: boolean) =>
  (container: Container): Container => {
    const filled = fill(container, {
      resources: {},
      terminationMessagePath: "/dev/termination-log",
      terminationMessagePolicy: "File",
      imagePullPolicy: pullPolicy(container.image ?? ""),
    });
    const { ports, env, livenessProbe, readinessProbe, startupProbe, lifecycle } = filled;
    return assign(filled, {
      ...(ports ? { ports: mapItems(ports, portDefaults(hostNetwork)) } : {}),
      ...(env ? { env: mapItems(env, envDefaults) } : {}),
      ...(livenessProbe ? { livenessProbe: probeDefaults(livenessProbe) } : {}),
      ...(readinessProbe ? { readinessProbe: probeDefaults(readinessProbe) } : {}),
      ...(startupProbe ? { startupProbe: probeDefaults(startupProbe) } : {}),
      ...(lifecycle ? { lifecycle: lifecycleDefaults(lifecycle) } : {}),
    });
  };
