import type { Json } from "../../json.ts";
import type { Volume } from "../../objects.ts";
import { at, listAt, textAt } from "../fields.ts";
import { goValue } from "../go-format.ts";
import type { Description } from "./description.ts";

type Fields = readonly (readonly [name: string, value: string])[];

const orNone = (text: string): string => text || "<none>";
const flag = (source: Json, name: string): string => String(at(source, name) === true);

/** What each source of a volume is called, and which of its fields are shown. */
const sources: Readonly<Record<string, { readonly type: string; readonly fields: (source: Json) => Fields }>> = {
  hostPath: {
    type: "HostPath (bare host directory volume)",
    fields: (source) => [
      ["Path", textAt(source, "path")],
      ["HostPathType", orNone(textAt(source, "type"))],
    ],
  },
  emptyDir: {
    type: "EmptyDir (a temporary directory that shares a pod's lifetime)",
    fields: (source) => [
      ["Medium", textAt(source, "medium")],
      ["SizeLimit", textAt(source, "sizeLimit") || "<unset>"],
    ],
  },
  secret: {
    type: "Secret (a volume populated by a Secret)",
    fields: (source) => [
      ["SecretName", textAt(source, "secretName")],
      ["Optional", flag(source, "optional")],
    ],
  },
  configMap: {
    type: "ConfigMap (a volume populated by a ConfigMap)",
    fields: (source) => [
      ["Name", textAt(source, "name")],
      ["Optional", flag(source, "optional")],
    ],
  },
  persistentVolumeClaim: {
    type: "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
    fields: (source) => [
      ["ClaimName", textAt(source, "claimName")],
      ["ReadOnly", flag(source, "readOnly")],
    ],
  },
  nfs: {
    type: "NFS (an NFS mount that lasts the lifetime of a pod)",
    fields: (source) => [
      ["Server", textAt(source, "server")],
      ["Path", textAt(source, "path")],
      ["ReadOnly", flag(source, "readOnly")],
    ],
  },
  projected: {
    type: "Projected (a volume that contains injected data from multiple sources)",
    fields: (source) => listAt(source, "sources").flatMap(projectedFields),
  },
  csi: {
    type: "CSI (a Container Storage Interface (CSI) volume source)",
    fields: (source) => [
      ["Driver", textAt(source, "driver")],
      ["FSType", textAt(source, "fsType")],
      ["ReadOnly", flag(source, "readOnly")],
      ["VolumeAttributes", orNone(goValue(at(source, "volumeAttributes") ?? {}).slice("map[".length, -1))],
    ],
  },
};

const projectedFields = (source: Json): Fields => {
  const secret = at(source, "secret");
  if (secret)
    return [
      ["SecretName", textAt(secret, "name")],
      ["Optional", flag(secret, "optional")],
    ];
  if (at(source, "downwardAPI")) return [["DownwardAPI", "true"]];
  const configMap = at(source, "configMap");
  if (configMap)
    return [
      ["ConfigMapName", textAt(configMap, "name")],
      ["Optional", flag(configMap, "optional")],
    ];
  const token = at(source, "serviceAccountToken");
  return token ? [["TokenExpirationSeconds", textAt(token, "expirationSeconds")]] : [];
};

/** The section `Volumes:`; `indent` is that of the section, two spaces in a pod template. */
export const describeVolumes = (to: Description, volumes: readonly Volume[] = [], indent: "" | "  " = ""): void => {
  if (volumes.length === 0) {
    to.line(0, `${indent}Volumes:\t<none>`);
    return;
  }
  to.line(0, `${indent}Volumes:`);
  for (const volume of volumes) {
    to.line(1, `${indent === "" ? "" : " "}${volume.name}:`);
    const kind = Object.keys(volume).find((key) => key in sources);
    const described = kind === undefined ? undefined : sources[kind];
    const source = kind === undefined ? undefined : volume[kind];
    if (!described || source === undefined) {
      describeOther(to, volume);
      continue;
    }
    to.entry(2, "Type", described.type);
    for (const [name, value] of described.fields(source)) to.entry(2, name, value);
  }
};

/** A source that is not in the list above: kubectl has words for more, we only name it. */
const describeOther = (to: Description, volume: Volume): void => {
  const kind = Object.keys(volume).find((key) => key !== "name");
  if (kind === undefined) to.line(1, "<unknown>");
  else to.entry(2, "Type", kind);
};
