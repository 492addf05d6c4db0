/** One recorded rollout: the steps that were taken, what kubectl answered, and what watching clients received. */
import type { KubeObject } from "../../../src/kubernetes/objects.ts";
import { parseLines, readRecorded, recordedFolders } from "../recordings.ts";

/** An object as a client saw it change. */
export interface WatchedChange {
  /** Since the start, ms. */
  readonly t: number;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubeObject;
}

/** What a command said. */
export interface Said {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface KubectlStep {
  readonly kind: "kubectl";
  /** Since the start, ms; kubectl was started then, and had ended at `t_end`. */
  readonly t: number;
  readonly t_end: number;
  readonly argv: readonly string[];
  readonly stdin?: string;
  readonly said?: Said;
  /** When the first line was printed, of a command that prints as it goes. */
  readonly firstLineAt?: number;
}

export interface ApiStep {
  readonly kind: "api";
  readonly t: number;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly status: number;
  readonly response?: unknown;
}

/** An order to the stand-in kubelet. */
export interface KubeletStep {
  readonly kind: "kubelet";
  readonly t: number;
  readonly op: "crash" | "ready" | "fail";
  readonly pods: readonly string[];
}

export type Step = KubectlStep | ApiStep | KubeletStep | { readonly kind: "wait"; readonly t: number };

export interface Recording {
  readonly name: string;
  readonly steps: readonly Step[];
  /** In the order of the server's commits; none when the watch streams are missing. */
  readonly changes: readonly WatchedChange[] | undefined;
  /** Every object at the end. */
  readonly final: readonly KubeObject[] | undefined;
}

interface Output {
  readonly t: number;
  readonly argv?: readonly string[];
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly chunks?: readonly (readonly [t: number, ...rest: unknown[]])[];
  readonly response?: unknown;
}

const withOutput = (step: Step, outputs: readonly Output[]): Step => {
  if (step.kind === "api") {
    const output = outputs.find(({ t, argv }) => t === step.t && argv === undefined);
    return { ...step, response: output?.response };
  }
  if (step.kind !== "kubectl") return step;
  const words = step.argv.join(" ");
  const output = outputs.find(({ t, argv }) => t === step.t && argv?.join(" ") === words);
  if (!output) return step;
  const { exit, stdout, stderr, chunks } = output;
  const firstLineAt = chunks?.[0]?.[0];
  return { ...step, said: { exit, stdout, stderr }, ...(firstLineAt === undefined ? {} : { firstLineAt }) };
};

const kinds: Readonly<Record<string, string>> = {
  deployments: "Deployment",
  replicasets: "ReplicaSet",
  pods: "Pod",
  events: "Event",
  services: "Service",
  endpointslices: "EndpointSlice",
};

/** Lists do not name the kind of their items. */
const finalObjects = (text: string): readonly KubeObject[] => {
  const lists: Readonly<Record<string, readonly KubeObject[]>> = JSON.parse(text);
  return Object.entries(lists).flatMap(([plural, items]) => {
    const kind = kinds[plural];
    return kind === undefined ? [] : items.map((item) => ({ ...item, kind }));
  });
};

type Line = { readonly src: string; readonly rv: number } & Partial<WatchedChange>;

const isChange = (line: Line): line is Line & WatchedChange => line.object !== undefined;

export const traceNames = (): readonly string[] => recordedFolders("traces");

export const readRecording = (name: string): Recording => {
  const read = (file: string): string | undefined => readRecorded("traces", name, file);
  const outputs: readonly Output[] = JSON.parse(read("kubectl-output.json") ?? "[]");
  const { steps }: { readonly steps: readonly Step[] } = JSON.parse(read("steps.json") ?? '{"steps":[]}');
  const trace = read("trace.jsonl");
  const changes = trace === undefined ? undefined : parseLines<Line>(trace).filter(isChange);
  const final = read("final.json");
  return {
    name,
    steps: steps.map((step) => withOutput(step, outputs)),
    changes: changes?.toSorted((a, b) => a.rv - b.rv),
    final: final === undefined ? undefined : finalObjects(final),
  };
};
