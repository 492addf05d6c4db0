/** Volumes and where containers mount them. */
import { isJsonObject } from "../json.ts";
import { dns1123Label } from "../names.ts";
import type { Volume, VolumeMount } from "../objects.ts";
import type { FieldCause } from "../refusal.ts";
import { volumeSources } from "../schema/pod.ts";
import type { Decoded } from "./field.ts";
import { duplicate, forbidden, invalidValue, notFound, repetition, required, requiredName } from "./field.ts";

/** What the commonest sources cannot do without. */
const requiredMember: Readonly<Record<string, string>> = {
  configMap: "name",
  hostPath: "path",
  persistentVolumeClaim: "claimName",
  secret: "secretName",
};

const validateSource = (field: string, volume: Decoded<Volume>): readonly FieldCause[] => {
  const sources = Object.keys(volumeSources).filter((source) => volume[source] !== undefined);
  const [first, ...others] = sources;
  if (first === undefined) return [required(field, "must specify a volume type")];
  const content = volume[first];
  const member = requiredMember[first];
  const lacksMember = member !== undefined && isJsonObject(content) && !content[member];
  return [
    ...(lacksMember ? [required(`${field}.${first}.${member}`)] : []),
    ...others.map((source) => forbidden(`${field}.${source}`, "may not specify more than 1 volume type")),
  ];
};

export const validateVolumes = (field: string, volumes: readonly Decoded<Volume>[]): readonly FieldCause[] => {
  const isRepeated = repetition();
  return volumes.flatMap((volume, index) => {
    const place = `${field}[${index}]`;
    return [
      ...validateSource(place, volume),
      ...requiredName(dns1123Label, `${place}.name`, volume.name),
      ...(isRepeated(volume.name) ? [duplicate(`${place}.name`, volume.name)] : []),
    ];
  });
};

export const validateVolumeMounts = (
  field: string,
  mounts: readonly Decoded<VolumeMount>[],
  volumeNames: ReadonlySet<string>,
): readonly FieldCause[] => {
  const isRepeated = repetition();
  return mounts.flatMap((mount, index) => {
    const { name = "", mountPath = "" } = mount;
    const place = `${field}[${index}]`;
    return [
      ...(name ? [] : [required(`${place}.name`)]),
      ...(volumeNames.has(name) ? [] : [notFound(`${place}.name`, name)]),
      ...(mountPath ? [] : [required(`${place}.mountPath`)]),
      ...(isRepeated(mountPath) ? [invalidValue(`${place}.mountPath`, mountPath, "must be unique")] : []),
    ];
  });
};
