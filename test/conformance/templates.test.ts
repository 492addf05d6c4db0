import { equalIgnoreHash } from "../../src/kubernetes/equality.ts";
import type { PodTemplate } from "../../src/kubernetes/objects.ts";
import { conform } from "./vectors.ts";

interface Pair {
  readonly a: PodTemplate;
  readonly b: PodTemplate;
  readonly equal: boolean;
}

conform<Pair>("equal-ignore-hash", ({ a, b, equal }) => [equalIgnoreHash(a, b), equal]);
