import { VERSION } from "../engine/version.ts";
import type { Verb } from "./verb.ts";

/** The Kubernetes release whose behaviour and words are reproduced. */
const KUBERNETES_VERSION = "v1.32";

export const version: Verb = {
  name: "version",
  ledger: "none",
  summary: "The version of this program, and of the Kubernetes it follows",
  usage: "",
  examples: ["rollout version"],
  flags: [],
  run: async (ctx) => {
    ctx.io.out(`Rollout Ledger: v${VERSION}\nKubernetes: ${KUBERNETES_VERSION}\n`);
    return 0;
  },
};
