import type { Probe } from "../../objects.ts";

/** `http-get http://:8080/ready delay=0s timeout=1s period=10s #success=1 #failure=3`. */
export const describeProbe = (probe: Probe): string => {
  const timing =
    `delay=${probe.initialDelaySeconds ?? 0}s timeout=${probe.timeoutSeconds ?? 0}s period=${probe.periodSeconds ?? 0}s ` +
    `#success=${probe.successThreshold ?? 0} #failure=${probe.failureThreshold ?? 0}`;
  return `${describeAction(probe)} ${timing}`;
};

const describeAction = ({ exec, httpGet, tcpSocket, grpc }: Probe): string => {
  if (exec) return `exec [${exec.command?.join(" ") ?? ""}]`;
  if (httpGet) {
    const { scheme = "HTTP", host = "", port = "", path = "" } = httpGet;
    const address = `${host.includes(":") ? `[${host}]` : host}:${port}`;
    return `http-get ${scheme.toLowerCase()}://${address}${path}`;
  }
  if (tcpSocket) return `tcp-socket ${tcpSocket.host ?? ""}:${tcpSocket.port}`;
  return grpc ? `grpc <pod>:${grpc.port} ${grpc.service ?? ""}` : "unknown";
};
