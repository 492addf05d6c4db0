/**
 * The API server's side of a write: the only place where a write is defaulted, validated, checked against what is stored
 * and turned into events. Pure: the same world, write and time give the same decision.
 */
import * as E from "fp-ts/lib/Either.js";
import { isStoredObject } from "../kubernetes/kinds.ts";
import { refusal } from "../kubernetes/refusal.ts";
import { type DecideContext, type Decided, namespaceOf } from "./decide/context.ts";
import { decideCreate, decideCreateDraft } from "./decide/create.ts";
import { decideDelete, decideStrip } from "./decide/delete.ts";
import { decideBind, decideReport, decideReportNode, decideUnschedulable } from "./decide/report.ts";
import { decidePatch, decideReplace, decideUpdate } from "./decide/update.ts";
import { type ObjectRef, refOf } from "./state.ts";
import type { Write } from "./write.ts";

export type { DecideContext, Decided } from "./decide/context.ts";
export { notFound } from "./decide/context.ts";
export { defaultCapacity } from "./decide/create.ts";

/** The object a write is about; for a controller's generated name that is not yet known, the prefix. */
export const targetOf = (write: Write): ObjectRef | undefined => {
  switch (write.verb) {
    case "create":
    case "update": {
      const { object } = write;
      if (!isStoredObject(object)) return undefined;
      return { kind: object.kind, namespace: namespaceOf(object), name: object.metadata.name };
    }
    case "createDraft": {
      const { meta, kind } = write.draft;
      return { kind, namespace: meta.namespace, name: meta.name ?? meta.generateName ?? "" };
    }
    case "replace":
      return refOf(write.entity);
    case "patch":
    case "delete":
    case "strip":
    case "bind":
    case "reportUnschedulable":
    case "report":
    case "reportNode":
      return write.ref;
  }
};

/** The events a write becomes, or why it is refused. */
export const decide = (ctx: DecideContext, write: Write): Decided => {
  const ref = targetOf(write);
  if (!ref) return E.left(refusal("NotFound", "the server could not find the requested resource"));
  switch (write.verb) {
    case "create":
      return decideCreate(ctx, write.object);
    case "createDraft":
      return decideCreateDraft(ctx, write.draft);
    case "update":
      return decideUpdate(ctx, ref, write.object);
    case "patch":
      return decidePatch(ctx, ref, write.patchType, write.patch, write.subresource);
    case "replace":
      return decideReplace(ctx, ref, write);
    case "delete":
      return decideDelete(ctx, write);
    case "strip":
      return decideStrip(ctx, write);
    case "bind":
      return decideBind(ctx, write);
    case "reportUnschedulable":
      return decideUnschedulable(ctx, write);
    case "report":
      return decideReport(ctx, write);
    case "reportNode":
      return decideReportNode(ctx, write);
  }
};
