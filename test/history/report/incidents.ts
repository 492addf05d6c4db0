/** Incidents on a cluster of its own, and what the report says of them. */
import type { Report } from "../../../src/history/report/model.ts";
import { started, typed } from "../../support/terminal.ts";

interface Spec {
  readonly replicas?: number;
  readonly strategy?: string;
  readonly more?: string;
}

const manifest = ({
  replicas = 4,
  strategy = "{rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}",
  more = "",
}: Spec) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: ${replicas}
  strategy: ${strategy}
  ${more}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "web:1"}]}
`;

/**
 * A Deployment is created and comes up in 10 s; then people type these lines. `POD` stands for its first pod. The report is of
 * the newest rollout, or of that with the number; as programs read it, its moments are texts.
 */
export const reportAfter = async (spec: Spec, lines: readonly string[], number?: number): Promise<Report> => {
  const session = started();
  const type = async (line: string): Promise<string> => {
    const pod = session.list("Pod")[0]?.metadata.name ?? "";
    const { code, out, err } = await typed(session, line.replace("POD", pod), {
      files: { "web.yaml": manifest(spec) },
    });
    if (code !== 0) throw new Error(`${line}: ${err}`);
    return out;
  };
  for (const line of ["apply -f web.yaml", "advance 10s", ...lines]) await type(line);
  const point = number === undefined ? "" : ` rollout:${number}`;
  const report = JSON.parse(await type(`report deploy/web${point} -o json`)) as Report;
  session.close();
  return report;
};
