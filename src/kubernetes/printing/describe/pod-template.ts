/** The section `Pod Template:`, which `describe` aligns and `rollout history --revision` prints with its tabs. */
import type { PodTemplate, Toleration } from "../../objects.ts";
import { textAt } from "../fields.ts";
import { describeContainers } from "./containers.ts";
import { Description } from "./description.ts";
import { describeVolumes } from "./volumes.ts";

export const describePodTemplate = (to: Description, template: PodTemplate | undefined): void => {
  to.line(0, "Pod Template:");
  if (!template) {
    to.line(1, "<unset>");
    return;
  }
  const { metadata, spec } = template;
  to.labels("  Labels", metadata?.labels);
  if (Object.keys(metadata?.annotations ?? {}).length > 0) to.annotations("  Annotations", metadata?.annotations);
  const serviceAccount = textAt(spec, "serviceAccountName");
  if (serviceAccount !== "") to.entry(1, "Service Account", serviceAccount);
  if (spec.initContainers?.length) {
    describeContainers(to, spec.initContainers, { label: "Init Containers", indent: "  " });
  }
  describeContainers(to, spec.containers, { label: "Containers", indent: "  " });
  describeVolumes(to, spec.volumes, "  ");
  const priorityClass = textAt(spec, "priorityClassName");
  if (priorityClass !== "") to.entry(1, "Priority Class Name", priorityClass);
  to.labels("  Node-Selectors", spec.nodeSelector);
  to.multiline("  Tolerations", formatTolerations(spec.tolerations));
};

/** The template with literal tabs, ending with a newline: `rollout history --revision`, `rollout undo --dry-run=client`. */
export const printPodTemplate = (template: PodTemplate): string => {
  const text = new Description();
  describePodTemplate(text, template);
  return text.tabbed;
};

/** `node.kubernetes.io/not-ready:NoExecute op=Exists for 300s`, sorted by key. */
export const formatTolerations = (tolerations: readonly Toleration[] = []): readonly string[] =>
  tolerations.toSorted(byKey).map(formatToleration);

const byKey = ({ key: a = "" }: Toleration, { key: b = "" }: Toleration): number => (a < b ? -1 : a > b ? 1 : 0);

const formatToleration = ({ key = "", value, effect, operator, tolerationSeconds }: Toleration): string => {
  const subject = `${key}${value ? `=${value}` : ""}${effect ? `:${effect}` : ""}`;
  const exists = operator === "Exists" && !value ? `${subject === "" ? "" : " "}op=Exists` : "";
  return `${subject}${exists}${tolerationSeconds === undefined ? "" : ` for ${tolerationSeconds}s`}`;
};
