/** What the templates of a history tell of its rollouts and containers. */
import type { PodTemplate } from "../../kubernetes/objects.ts";
import type { TemplateSource } from "../../projections/rollouts/deployment-track.ts";
import { templateChange } from "../log/changes.ts";
import type { NamedImage, Rollout } from "./model.ts";

export const namedImagesIn = (template: PodTemplate | undefined): readonly NamedImage[] =>
  [...(template?.spec.initContainers ?? []), ...(template?.spec.containers ?? [])].map(({ name, image = "" }) => ({
    container: name,
    image,
  }));

/** The template as it was, but with the images that its containers have now. */
const withImagesOf = (before: PodTemplate, { spec }: PodTemplate): PodTemplate => ({
  ...before,
  spec: {
    ...before.spec,
    containers: before.spec.containers.map((container) => {
      const now = spec.containers.find(({ name }) => name === container.name);
      return now?.image === undefined ? container : { ...container, image: now.image };
    }),
  },
});

/** With what was changed beside images, in the ledger's words: `restarted`, `web: env`. */
export const withOtherChanges = (rollout: Rollout, templateOf: TemplateSource): Rollout => {
  const { template, templateBefore } = rollout;
  const [before, after] = [templateBefore && templateOf(templateBefore), templateOf(template)];
  const words = before && after ? templateChange(withImagesOf(before, after), after) : "";
  return words === "" ? rollout : { ...rollout, otherChanges: words };
};
