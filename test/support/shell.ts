/** A ledger in memory with a manual clock, and a prompt to it: what a person would type, see and send. */
import * as E from "fp-ts/lib/Either.js";
import type { Write } from "../../src/domain/write.ts";
import type { RequestOptions, Session } from "../../src/engine/session.ts";
import type { KubeObject } from "../../src/kubernetes/objects.ts";
import { type Output, started, typed } from "./terminal.ts";

export interface Shell {
  readonly session: Session;
  /** Every request that commands sent, in order. */
  readonly requests: readonly { readonly write: Write; readonly options: RequestOptions }[];
  /** Runs one line; words are separated by single spaces. */
  readonly type: (line: string, stdin?: string) => Promise<Output>;
  /** Creates an object as it stands, past the command line. */
  readonly create: (object: KubeObject) => void;
}

export const openShell = (): Shell => {
  const session: Session = started();
  const requests: { write: Write; options: RequestOptions }[] = [];
  const send = session.request.bind(session);
  session.request = (write, options) => {
    requests.push({ write, options });
    return send(write, options);
  };
  return {
    session,
    requests,
    type: (line, stdin = "") => typed(session, line, { stdin }),
    create: (object) => {
      const answer = send({ verb: "create", object }, { actor: "user:test", intent: {} });
      if (E.isLeft(answer)) throw new Error(answer.left.message);
    },
  };
};

export interface DeploymentOptions {
  readonly replicas?: number;
  readonly image?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly podSpec?: object;
  readonly spec?: object;
}

/** A Deployment with one container that is called like itself. */
export const deploymentManifest = (name: string, options: DeploymentOptions = {}): KubeObject => {
  const { replicas = 3, image = `${name}:1`, annotations, podSpec, spec } = options;
  const manifest = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "default", labels: { app: name }, ...(annotations ? { annotations } : {}) },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: podSpec ?? { containers: [{ name, image }] },
      },
      ...spec,
    },
  };
  return manifest;
};
