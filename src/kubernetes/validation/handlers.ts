/** Probes and lifecycle hooks. */
import { portName, portNumber } from "../names.ts";
import type { Container, Handler, HttpGetAction, Lifecycle, LifecycleHandler, Probe } from "../objects.ts";
import type { FieldCause } from "../refusal.ts";
import type { Decoded } from "./field.ts";
import { forbidden, invalidValue, named, nonNegative, oneOf, required } from "./field.ts";

/** A port by number or by name; an absent one counts as number 0. */
export const validatePortNumberOrName = (field: string, port: number | string = 0): readonly FieldCause[] =>
  typeof port === "string"
    ? named(portName, field, port)
    : portNumber(port).map((complaint) => invalidValue(field, port, complaint));

const validateHttpGet = (field: string, action: Decoded<HttpGetAction>): readonly FieldCause[] => [
  ...(action.path ? [] : [required(`${field}.path`)]),
  ...validatePortNumberOrName(`${field}.port`, action.port),
  ...oneOf(`${field}.scheme`, action.scheme, ["HTTP", "HTTPS"]),
];

const validateGrpc = (field: string, action: Decoded<NonNullable<Probe["grpc"]>>): readonly FieldCause[] =>
  validatePortNumberOrName(`${field}.port`, action.port);

type AnyHandler = Decoded<Handler & Pick<LifecycleHandler, "sleep"> & Pick<Probe, "grpc">>;

/** Exactly one action. `graceSeconds` is how long a pod's hook may sleep. */
const validateHandler = (field: string, handler: AnyHandler, graceSeconds = 0): readonly FieldCause[] => {
  const causes: FieldCause[] = [];
  let actions = 0;
  const consider = (
    name: "exec" | "httpGet" | "tcpSocket" | "grpc" | "sleep",
    check: () => readonly FieldCause[],
  ): void => {
    if (!handler[name]) return;
    actions++;
    causes.push(
      ...(actions > 1 ? [forbidden(`${field}.${name}`, "may not specify more than 1 handler type")] : check()),
    );
  };
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  consider("exec", () => (exec?.command?.length ? [] : [required(`${field}.exec.command`)]));
  consider("httpGet", () => validateHttpGet(`${field}.httpGet`, httpGet ?? {}));
  consider("tcpSocket", () => validatePortNumberOrName(`${field}.tcpSocket.port`, tcpSocket?.port));
  consider("grpc", () => validateGrpc(`${field}.grpc`, grpc ?? {}));
  consider("sleep", () => {
    const seconds = sleep?.seconds ?? 0;
    if (seconds > 0 && seconds <= graceSeconds) return [];
    const detail = `must be greater than 0 and less than terminationGracePeriodSeconds (${graceSeconds})`;
    return [invalidValue(`${field}.sleep`, seconds, detail)];
  });
  if (actions === 0) causes.push(required(field, "must specify a handler type"));
  return causes;
};

const validateProbe = (field: string, probe: Decoded<Probe>): readonly FieldCause[] => {
  const { terminationGracePeriodSeconds } = probe;
  return [
    ...validateHandler(field, probe),
    ...nonNegative(`${field}.initialDelaySeconds`, probe.initialDelaySeconds),
    ...nonNegative(`${field}.timeoutSeconds`, probe.timeoutSeconds),
    ...nonNegative(`${field}.periodSeconds`, probe.periodSeconds),
    ...nonNegative(`${field}.successThreshold`, probe.successThreshold),
    ...nonNegative(`${field}.failureThreshold`, probe.failureThreshold),
    ...(terminationGracePeriodSeconds !== undefined && terminationGracePeriodSeconds <= 0
      ? [
          invalidValue(
            `${field}.terminationGracePeriodSeconds`,
            terminationGracePeriodSeconds,
            "must be greater than 0",
          ),
        ]
      : []),
  ];
};

/** One success must be enough for a probe whose failure restarts the container. */
const validateRestartingProbe = (field: string, probe: Decoded<Probe> | undefined): readonly FieldCause[] => {
  if (!probe) return [];
  const { successThreshold = 1 } = probe;
  const threshold =
    successThreshold === 1 ? [] : [invalidValue(`${field}.successThreshold`, successThreshold, "must be 1")];
  return [...validateProbe(field, probe), ...threshold];
};

const validateReadinessProbe = (field: string, probe: Decoded<Probe> | undefined): readonly FieldCause[] => {
  if (!probe) return [];
  const { terminationGracePeriodSeconds } = probe;
  if (terminationGracePeriodSeconds === undefined) return validateProbe(field, probe);
  const detail = "must not be set for readinessProbes";
  const grace = invalidValue(`${field}.terminationGracePeriodSeconds`, terminationGracePeriodSeconds, detail);
  return [...validateProbe(field, probe), grace];
};

const validateLifecycle = (
  field: string,
  lifecycle: Decoded<Lifecycle> | undefined,
  graceSeconds: number,
): readonly FieldCause[] => [
  ...(lifecycle?.postStart ? validateHandler(`${field}.postStart`, lifecycle.postStart, graceSeconds) : []),
  ...(lifecycle?.preStop ? validateHandler(`${field}.preStop`, lifecycle.preStop, graceSeconds) : []),
];

/** Hooks and probes of a container that runs beside others. */
export const validateHooksAndProbes = (
  field: string,
  container: Decoded<Container>,
  graceSeconds: number,
): readonly FieldCause[] => [
  ...validateLifecycle(`${field}.lifecycle`, container.lifecycle, graceSeconds),
  ...validateRestartingProbe(`${field}.livenessProbe`, container.livenessProbe),
  ...validateReadinessProbe(`${field}.readinessProbe`, container.readinessProbe),
  ...validateRestartingProbe(`${field}.startupProbe`, container.startupProbe),
];
