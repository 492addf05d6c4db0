/**
 * How the fields of each kind merge under a strategic merge patch: what Kubernetes' API types say in their `patchStrategy` and
 * `patchMergeKey` tags. A field that is not listed merges when it is an object, and is replaced as a whole when it is a list.
 */

export interface MergeSchema {
  readonly [field: string]: FieldMerge;
}

export interface FieldMerge {
  /** The field's own fields; for a list, those of its elements. */
  readonly fields?: MergeSchema;
  /** A list whose elements are objects told apart by this field. */
  readonly mergeKey?: string;
  /** A list of scalars that is merged as a set. */
  readonly mergeScalars?: true;
  /** A patch names all fields that stay; others are cleared (so that one member of a union replaces another). */
  readonly retainKeys?: true;
  /** An object that is replaced as a whole. */
  readonly replace?: true;
}

const objectMeta: FieldMerge = {
  fields: { ownerReferences: { mergeKey: "uid" }, finalizers: { mergeScalars: true } },
};

const containers: FieldMerge = {
  mergeKey: "name",
  fields: {
    ports: { mergeKey: "containerPort" },
    env: { mergeKey: "name" },
    volumeMounts: { mergeKey: "mountPath" },
    volumeDevices: { mergeKey: "devicePath" },
  },
};

const podSpec: FieldMerge = {
  fields: {
    containers,
    initContainers: containers,
    ephemeralContainers: containers,
    volumes: { mergeKey: "name", retainKeys: true },
    imagePullSecrets: { mergeKey: "name" },
    hostAliases: { mergeKey: "ip" },
    topologySpreadConstraints: { mergeKey: "topologyKey" },
    resourceClaims: { mergeKey: "name", retainKeys: true },
    schedulingGates: { mergeKey: "name" },
  },
};

const podTemplate: FieldMerge = { fields: { metadata: objectMeta, spec: podSpec } };
const conditions: FieldMerge = { mergeKey: "type" };

const schemas: Readonly<Record<string, MergeSchema>> = {
  Deployment: {
    metadata: objectMeta,
    spec: { fields: { strategy: { retainKeys: true }, template: podTemplate } },
    status: { fields: { conditions } },
  },
  ReplicaSet: { metadata: objectMeta, spec: { fields: { template: podTemplate } }, status: { fields: { conditions } } },
  Pod: {
    metadata: objectMeta,
    spec: podSpec,
    status: { fields: { conditions, podIPs: { mergeKey: "ip" }, hostIPs: { mergeKey: "ip" } } },
  },
  Service: {
    metadata: objectMeta,
    spec: { fields: { ports: { mergeKey: "port" } } },
    status: { fields: { conditions } },
  },
  Node: {
    metadata: objectMeta,
    spec: { fields: { podCIDRs: { mergeScalars: true } } },
    status: { fields: { conditions, addresses: { mergeKey: "type" } } },
  },
  Namespace: { metadata: objectMeta, status: { fields: { conditions } } },
  PodDisruptionBudget: {
    metadata: objectMeta,
    spec: { fields: { selector: { replace: true } } },
    status: { fields: { conditions } },
  },
};

const metadataOnly: MergeSchema = { metadata: objectMeta };

/** The schema of a kind; kinds without merged lists of their own have only that of their metadata. */
export const mergeSchemaOf = (kind: string): MergeSchema => schemas[kind] ?? metadataOnly;
