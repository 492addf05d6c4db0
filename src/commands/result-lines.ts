/** What a write says when it worked: `deployment.apps/web scaled`, or the object itself with `-o`. */
import { qualifiedName, resourceTypeOfKind } from "../kubernetes/kinds.ts";
import type { KubeObject } from "../kubernetes/objects.ts";
import type { DryRun } from "./dry-run.ts";
import { dryRunSuffix } from "./dry-run.ts";

/** `deployment.apps/web`; kinds that we do not serve have no group. */
export const nameOf = (object: KubeObject): string => {
  const type = resourceTypeOfKind(object.kind);
  return type ? qualifiedName(type, object.metadata.name) : `${object.kind.toLowerCase()}/${object.metadata.name}`;
};

/** `deployment.apps/web scaled (server dry run)`, with its line end. */
export const resultLine = (object: KubeObject, operation: string, dryRun: DryRun = "none"): string =>
  `${nameOf(object)} ${operation}${dryRunSuffix[dryRun]}\n`;
