/** Applying one object: kubectl's client-side three-way merge. */
import * as E from "fp-ts/lib/Either.js";
import { asJson } from "../../kubernetes/json.ts";
import type { ResourceType } from "../../kubernetes/kinds.ts";
import { resourceTypeOf } from "../../kubernetes/kinds.ts";
import type { KubeObject } from "../../kubernetes/objects.ts";
import { lastApplied, withLastApplied } from "../../kubernetes/patch/last-applied.ts";
import { createThreeWayPatch } from "../../kubernetes/patch/strategic-diff.ts";
import { textAt } from "../../kubernetes/printing/fields.ts";
import { goJson } from "../../kubernetes/printing/go-format.ts";
import type { CommandContext } from "../command.ts";
import type { DryRun } from "../dry-run.ts";
import type { Failure } from "../failure.ts";
import { clientFailure } from "../failure.ts";
import type { ManifestObject } from "../manifests.ts";
import { refusedObject } from "../manifests.ts";
import { asKubeObject, refTo } from "../objects.ts";
import { recordChangeCause, request } from "../request.ts";
import type { Invocation } from "../verb.ts";

export interface Applied {
  readonly object: KubeObject;
  readonly operation: "created" | "configured" | "unchanged";
}

const missingAnnotation = (type: ResourceType, name: string): string =>
  `Warning: resource ${type.plural}/${name} is missing the kubectl.kubernetes.io/last-applied-configuration annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n`;

/** How kubectl describes an object in the errors of apply. */
const description = (type: ResourceType, { metadata, kind }: KubeObject): string => {
  const version = type.group === "" ? `/${type.apiVersion}` : type.apiVersion;
  return `Resource: "${version}, Resource=${type.plural}", GroupVersionKind: "${version}, Kind=${kind}"
Name: ${JSON.stringify(textAt(metadata, "name"))}, Namespace: ${JSON.stringify(metadata.namespace ?? "")}`;
};

interface Request {
  readonly ctx: CommandContext;
  readonly invocation: Invocation;
  readonly dryRun: DryRun;
}

const createNew = (
  { ctx, invocation, dryRun }: Request,
  made: ManifestObject,
  sent: KubeObject,
): E.Either<Failure, Applied> => {
  if (dryRun === "client") return E.right({ object: sent, operation: "created" });
  const details = { dryRun, fieldManager: invocation.flags.text("field-manager"), verb: "apply" };
  const answer = request(ctx, invocation, { verb: "create", object: sent }, details);
  if (E.isLeft(answer)) return E.left(refusedObject("creating", made, answer.left));
  return E.right({ object: answer.right, operation: "created" });
};

const patchLive = (
  { ctx, invocation, dryRun }: Request,
  type: ResourceType,
  made: ManifestObject,
  sent: KubeObject,
  live: KubeObject,
): E.Either<Failure, Applied> => {
  const ref = refTo({ type, namespace: live.metadata.namespace ?? "", name: live.metadata.name });
  if (!ref) return E.left(clientFailure(`${type.plural} cannot be applied`));
  const previous = lastApplied(asJson(live));
  if (E.isLeft(previous)) return E.left(clientFailure(previous.left));
  if (!previous.right) ctx.io.err(missingAnnotation(type, live.metadata.name));
  if (dryRun === "client") return E.right({ object: live, operation: "configured" });
  const patch = createThreeWayPatch(previous.right ?? {}, asJson(sent), asJson(live), live.kind);
  if (Object.keys(patch).length === 0) return E.right({ object: live, operation: "unchanged" });
  const details = { dryRun, fieldManager: invocation.flags.text("field-manager"), verb: "apply" };
  const answer = request(ctx, invocation, { verb: "patch", ref, patchType: "strategic", patch }, details);
  const applying = `applying patch:\n${goJson(patch)}\nto:\n${description(type, live)}\nfor:`;
  if (E.isLeft(answer)) return E.left(refusedObject(applying, made, answer.left));
  if (answer.right.metadata.deletionTimestamp !== undefined) {
    ctx.io.err(`Warning: Detected changes to resource ${live.metadata.name} which is currently being deleted.\n`);
  }
  return E.right({ object: answer.right, operation: "configured" });
};

/**
 * Creates the object, or patches the live one: what the manifest says is set, what the manifest applied before said and this
 * one does not is removed, everything else stays. The manifest is kept on the object, for the next time.
 */
export const applyObject = (req: Request, made: ManifestObject): E.Either<Failure, Applied> => {
  const { object, source, manifest } = made;
  const type = resourceTypeOf(manifest.kind);
  const { name } = object.metadata;
  if (!name) {
    return E.left(
      clientFailure(
        `error when retrieving current configuration of:\n${description(type, object)}\nfrom server for: ${JSON.stringify(source)}: resource name may not be empty`,
      ),
    );
  }
  const sent = asKubeObject(withLastApplied(asJson(recordChangeCause(object, req.invocation))));
  const ref = refTo({ type, namespace: object.metadata.namespace ?? "", name });
  const live = ref && req.ctx.session.get(ref);
  return live ? patchLive(req, type, made, sent, live) : createNew(req, made, sent);
};
