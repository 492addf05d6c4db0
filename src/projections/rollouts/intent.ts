/** What a change of the template was meant to be: as the client said, or as the change itself tells. */
import type { JsonInput } from "../../event-store/port.ts";
import { equalIgnoreHash } from "../../kubernetes/equality.ts";
import type { PodTemplate } from "../../kubernetes/objects.ts";
import { RESTARTED_AT } from "../../kubernetes/well-known.ts";
import type { Rollout } from "./model.ts";

type Meant = Pick<Rollout, "verb" | "toRevision" | "inferred" | "command">;

const fieldsOf = (intent: JsonInput | null): ReadonlyMap<string, unknown> =>
  new Map(typeof intent === "object" && intent !== null ? Object.entries(intent) : []);

/** What the client said of the commit. */
export const saidIn = (intent: JsonInput | null): Meant => {
  const fields = fieldsOf(intent);
  const [command, verb, toRevision] = [fields.get("command"), fields.get("verb"), fields.get("toRevision")];
  return {
    ...(typeof command === "string" ? { command } : {}),
    ...(typeof verb === "string" ? { verb } : {}),
    ...(typeof toRevision === "number" ? { toRevision } : {}),
  };
};

const withoutRestart = (template: PodTemplate): PodTemplate => {
  const { [RESTARTED_AT]: _, ...annotations } = template.metadata?.annotations ?? {};
  return { ...template, metadata: { ...template.metadata, annotations } };
};

const withImagesOf = (template: PodTemplate, { spec }: PodTemplate): PodTemplate => ({
  ...template,
  spec: {
    ...template.spec,
    containers: template.spec.containers.map((container, i) => {
      const image = spec.containers[i]?.image;
      return image === undefined ? container : { ...container, image };
    }),
  },
});

/** The verb that makes such a change; undefined where several do. Templates whose bodies are gone tell nothing. */
export const inferredVerb = (
  before: PodTemplate | undefined,
  after: PodTemplate | undefined,
  restoresEarlier: boolean,
): string | undefined => {
  if (restoresEarlier) return "undo";
  if (!before || !after) return undefined;
  if (equalIgnoreHash(withoutRestart(before), withoutRestart(after))) return "restart";
  return equalIgnoreHash(before, withImagesOf(after, before)) ? "set image" : undefined;
};

export const imagesIn = (template: PodTemplate | undefined): readonly string[] =>
  template?.spec.containers.map(({ image = "" }) => image) ?? [];
