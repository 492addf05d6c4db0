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
  /** The parts of `stdout` with their times, of a command that prints as it goes. */
  readonly printed: readonly Printed[];
}

export interface Printed {
  /** Since the start, ms. */
  readonly t: number;
  readonly text: string;
}

export interface KubectlStep {
  readonly kind: "kubectl";
  /** Since the start, ms; kubectl was started then, and had ended at `t_end`. */
  readonly t: number;
  readonly t_end: number;
  readonly argv: readonly string[];
  readonly stdin?: string;
  readonly said?: Said;
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
interface KubeletStep {
  readonly kind: "kubelet";
  readonly t: number;
  /** `crash`, `fail`, `ready`. */
  readonly op: string;
  readonly pods: readonly string[];
}

export type Step = KubectlStep | ApiStep | KubeletStep | { readonly kind: "wait"; readonly t: number };

export interface Recording {
  /** Of its folder. */
  readonly name: string;
  /** Where kubectl was told to work. */
  readonly namespace: string;
  readonly steps: readonly Step[];
  /** In the order of the server's commits; none when the watch streams are missing. */
  readonly changes: readonly WatchedChange[] | undefined;
  /** Every object at the end, of the kinds that were asked for. */
  readonly final: { readonly kinds: readonly string[]; readonly objects: readonly KubeObject[] } | undefined;
}

/** One entry of `kubectl-output.json`. */
interface Output {
  readonly t: number;
  readonly argv?: readonly string[];
  readonly api?: readonly string[];
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly chunks?: readonly (readonly [t: number, stream: "out" | "err", text: string])[];
  readonly response?: unknown;
}

const withOutput = (step: Step, outputs: readonly Output[]): Step => {
  if (step.kind === "api") {
    const request = `${step.method} ${step.path}`;
    const output = outputs.find(({ t, api }) => t === step.t && api?.join(" ") === request);
    return { ...step, response: output?.response };
  }
  if (step.kind !== "kubectl") return step;
  const words = step.argv.join(" ");
  const output = outputs.find(({ t, argv }) => t === step.t && argv?.join(" ") === words);
  if (!output) return step;
  const { exit, stdout, stderr, chunks = [] } = output;
  const printed = chunks.flatMap(([t, stream, text]) => (stream === "out" ? [{ t, text }] : []));
  return { ...step, said: { exit, stdout, stderr, printed } };
};

const kinds: Readonly<Record<string, string>> = {
  deployments: "Deployment",
  replicasets: "ReplicaSet",
  pods: "Pod",
  events: "Event",
  services: "Service",
  endpointslices: "EndpointSlice",
};

/** Lists by plural; their items do not name their kind. */
const parseFinal = (text: string): NonNullable<Recording["final"]> => {
  const lists: Readonly<Record<string, readonly KubeObject[]>> = JSON.parse(text);
  const known = Object.entries(lists).flatMap(([plural, items]) => {
    const kind = kinds[plural];
    return kind === undefined ? [] : [{ kind, items }];
  });
  const objects = known.flatMap(({ kind, items }) => items.map((item) => ({ ...item, kind })));
  return { kinds: known.map(({ kind }) => kind), objects };
};

type Line = { readonly src: string; readonly rv: number } & Partial<WatchedChange>;

const isChange = (line: Line): line is Line & WatchedChange => line.object !== undefined;

/** Where the objects of a recording are; most folders bear that name. */
export const namespaceOf = (changes: readonly WatchedChange[], folder: string): string =>
  changes.find(({ object }) => object.metadata.namespace !== undefined)?.object.metadata.namespace ?? folder;

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
    namespace: namespaceOf(changes ?? [], name),
    steps: steps.map((step) => withOutput(step, outputs)),
    changes: changes?.toSorted((a, b) => a.rv - b.rv),
    final: final === undefined ? undefined : parseFinal(final),
  };
};
