/** Manifests that are refused, each with the words of the refusal. */

export interface BrokenManifest {
  readonly name: string;
  readonly yaml: string;
  /** Part of the message, as kubectl prints it. */
  readonly expectMessage: string;
  /** What stands behind the file's name in the note below the message: `:line:column  text`. */
  readonly expectNote?: string;
}

/** A Deployment that is right but for what a case changes: lines of its spec, of its pod's spec, or of its container. */
const deployment = ({ spec = "", podSpec = "", container = "", metadata = "" }): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
${metadata}spec:
  selector:
    matchLabels: {app: web}
${spec}  template:
    metadata:
      labels: {app: web}
    spec:
${podSpec}      containers:
      - name: web
        image: nginx:1.27
${container}`;

const cannotHandle = 'Deployment in version "v1" cannot be handled as a Deployment: ';
const strict = `${cannotHandle}strict decoding error: `;
const wrongType = `${cannotHandle}json: cannot unmarshal`;

const syntax: readonly BrokenManifest[] = [
  {
    name: "a tab as indentation",
    yaml: "apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: c\n",
    expectMessage: "error converting YAML to JSON: yaml: line 4: found character that cannot start any token",
    expectNote: ":4:1  tabs are not allowed as indentation",
  },
  {
    name: "two colons in a line",
    yaml: "apiVersion: v1\nkind: ConfigMap\nmetadata: name: c\n",
    expectMessage: "error converting YAML to JSON: yaml: line 3: mapping values are not allowed in this context",
    expectNote: ":3:11  nested mappings are not allowed in compact mappings",
  },
  {
    name: "a line without a colon",
    yaml: "apiVersion: v1\nkind ConfigMap\nmetadata:\n  name: c\n",
    expectMessage: "yaml: line 2: could not find expected ':'",
    expectNote: ":2:1  implicit keys need to be on a single line",
  },
  {
    name: "indentation between two levels",
    yaml: "metadata:\n    name: c\n  labels: {}\n",
    expectMessage: "yaml: line 3: did not find expected key",
    expectNote: ":3:1  all mapping items must start at the same column",
  },
  {
    name: "a quote that is not closed",
    yaml: 'apiVersion: v1\nkind: "ConfigMap\n',
    expectMessage: "found unexpected end of stream",
    expectNote: ':3:1  missing closing "quote',
  },
  {
    name: "an alias without an anchor",
    yaml: "apiVersion: v1\nkind: *kind\n",
    expectMessage: "yaml: unknown anchor 'kind' referenced",
    expectNote: ":2:7  unknown anchor 'kind' referenced",
  },
  {
    name: "a number that JSON does not have",
    yaml: "apiVersion: v1\nkind: ConfigMap\ndata: {a: .inf}\n",
    expectMessage: "json: unsupported value: +Inf",
    expectNote: ":3:11  unsupported value: +Inf",
  },
  {
    name: "an alias bomb",
    yaml: [..."bcdefg"].reduce(
      (text, letter, index) => `${text}${letter}: &${letter} [${Array(10).fill(`*${"abcdef"[index]}`).join(", ")}]\n`,
      "a: &a [x, x, x, x, x, x, x, x, x, x]\n",
    ),
    expectMessage: "yaml: document contains excessive aliasing",
  },
  {
    name: "brackets without an end",
    yaml: `a: ${"[".repeat(10_000)}`,
    expectMessage: "the document is nested more than 100 levels deep",
    expectNote: ":1:1  the document is nested more than 100 levels deep",
  },
  {
    name: "an anchor that contains itself",
    yaml: "a: &a [*a]\n",
    expectMessage: "yaml: exceeded max depth",
  },
  {
    name: "more documents than anybody writes",
    yaml: "a: 1\n---\n".repeat(1500),
    expectMessage: "the text has more than 1000 documents",
    expectNote: ":2000:1  the text has more than 1000 documents",
  },
];

const headers: readonly BrokenManifest[] = [
  {
    name: "neither apiVersion nor kind",
    yaml: "metadata:\n  name: web\n",
    expectMessage:
      "error validating data: [apiVersion not set, kind not set]; if you choose to ignore these errors, turn validation off with --validate=false",
    expectNote: ":1:1  every object needs an apiVersion and a kind",
  },
  {
    name: "no kind in the second document",
    yaml: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n---\n# the second\napiVersion: v1\n",
    expectMessage: "error validating data: kind not set; if you choose to ignore these errors",
    expectNote: ":6:1  every object needs an apiVersion and a kind",
  },
  {
    name: "a kind that is no text",
    yaml: "apiVersion: v1\nkind: [Pod]\n",
    expectMessage: "error validating data: kind isn't string type;",
  },
  {
    name: "a document that is a list",
    yaml: "- apiVersion: v1\n  kind: Pod\n",
    expectMessage: "error validating data: invalid object to validate;",
  },
  {
    name: "a misspelt kind",
    yaml: deployment({}).replace("kind: Deployment", "kind: Deploymint"),
    expectMessage: 'no matches for kind "Deploymint" in version "apps/v1"\nensure CRDs are installed first',
    expectNote: ':2:1  did you mean "Deployment"?',
  },
  {
    name: "a kind in a version that it does not have",
    yaml: deployment({}).replace("apps/v1", "extensions/v1beta1"),
    expectMessage: 'resource mapping not found for name: "web" namespace: "" from ',
    expectNote: ":1:1  Deployment is in apps/v1",
  },
  {
    name: "a kind that is not served here",
    yaml: "apiVersion: batch/v1\nkind: Job\nmetadata: {name: j, namespace: n}\n",
    expectMessage: 'no matches for kind "Job" in version "batch/v1"',
    expectNote: ":2:1  the kinds are Deployment, ReplicaSet, Pod, Service,",
  },
  {
    name: "a bad item in a List",
    yaml: "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  dat: {}\n",
    expectMessage:
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dat"',
    expectNote: ':6:3  did you mean "data"?',
  },
];

const fields: readonly BrokenManifest[] = [
  {
    name: "a misspelt field",
    yaml: deployment({ spec: "  replica: 3\n" }),
    expectMessage: `${strict}unknown field "spec.replica"`,
    expectNote: ':8:3  did you mean "replicas"?',
  },
  {
    name: "a field in the wrong case, deep in a list",
    yaml: deployment({ container: "        imagepullpolicy: Always\n" }),
    expectMessage: `${strict}unknown field "spec.template.spec.containers[0].imagepullpolicy"`,
    expectNote: ':15:9  did you mean "imagePullPolicy"?',
  },
  {
    name: "a field on the wrong level",
    yaml: deployment({ podSpec: "      replicas: 3\n" }),
    expectMessage: `${strict}unknown field "spec.template.spec.replicas"`,
    expectNote: ':12:7  "replicas" belongs under spec',
  },
  {
    name: "a spec indented into the metadata",
    yaml: "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  spec: {}\n",
    expectMessage: 'strict decoding error: unknown field "metadata.spec"',
    expectNote: ':5:3  "spec" belongs at the top',
  },
  {
    name: "a field that resembles none",
    yaml: deployment({ spec: "  autoscaleBy: cpu\n" }),
    expectMessage: `${strict}unknown field "spec.autoscaleBy"`,
    expectNote: ':8:3  unknown field "autoscaleBy"',
  },
  {
    name: "several unknown fields",
    yaml: deployment({ spec: "  pause: true\n", container: "        imag: x\n" }),
    expectMessage: `${strict}unknown field "spec.pause", unknown field "spec.template.spec.containers[0].imag"`,
    expectNote: ':16:9  did you mean "image"?',
  },
  {
    name: "a field set twice",
    yaml: deployment({ spec: "  replicas: 1\n  replicas: 2\n" }),
    expectMessage: `${strict}duplicate field "spec.replicas"`,
    expectNote: ':9:3  "replicas" is set twice in one mapping',
  },
  {
    name: "a count in quotes",
    yaml: deployment({ spec: '  replicas: "3"\n' }),
    expectMessage: `${wrongType} string into Go struct field DeploymentSpec.spec.replicas of type int32`,
    expectNote: ':8:3  expected an integer, found the string "3"',
  },
  {
    name: "half a replica",
    yaml: deployment({ spec: "  replicas: 1.5\n" }),
    expectMessage: `${wrongType} number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32`,
    expectNote: ":8:3  expected an integer, found 1.5",
  },
  {
    name: "a number as the value of an environment variable",
    yaml: deployment({ container: "        env:\n        - name: PORT\n          value: 8080\n" }),
    expectMessage: `${wrongType} number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string`,
    expectNote: ":17:11  expected a string, found 8080: put it in quotes",
  },
  {
    name: "a word that YAML takes for a boolean",
    yaml: deployment({ metadata: "  labels: {debug: on}\n" }),
    expectMessage: `${wrongType} bool into Go struct field ObjectMeta.metadata.labels of type string`,
    expectNote: ":5:12  expected a string, found true: put it in quotes",
  },
  {
    name: "one port where a list is due",
    yaml: deployment({ container: "        ports: {containerPort: 80}\n" }),
    expectMessage: `${wrongType} object into Go struct field Container.spec.template.spec.containers.ports of type []v1.ContainerPort`,
    expectNote: ":15:9  expected a list, found a mapping",
  },
  {
    name: "text where a quantity is due",
    yaml: deployment({ container: "        resources:\n          limits: {cpu: lots}\n" }),
    expectMessage: `${cannotHandle}quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
    expectNote: ':16:20  expected a quantity such as 500m or 1Gi, found the string "lots"',
  },
  {
    name: "plain text as the data of a Secret",
    yaml: "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata:\n  password: not base64\n",
    expectMessage: 'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 3',
    expectNote: ':5:3  expected base64 text, found the string "not base64"',
  },
];

const values: readonly BrokenManifest[] = [
  {
    name: "a name with a capital",
    yaml: deployment({}).replace("name: web", "name: Web"),
    expectMessage: 'metadata.name: Invalid value: "Web": a lowercase RFC 1123 subdomain must consist of lower case',
  },
  {
    name: "fewer than no replicas",
    yaml: deployment({ spec: "  replicas: -1\n" }),
    expectMessage: "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
  },
  {
    name: "a selector for other pods",
    yaml: deployment({}).replace("matchLabels: {app: web}", "matchLabels: {app: api}"),
    expectMessage:
      'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
  },
  {
    name: "no selector",
    yaml: deployment({}).replace("  selector:\n    matchLabels: {app: web}\n", ""),
    expectMessage: "spec.selector: Required value",
  },
  {
    name: "an empty selector",
    yaml: deployment({}).replace("matchLabels: {app: web}", "matchLabels: {}"),
    expectMessage: "spec.selector: Invalid value: {}: empty selector is invalid for deployment",
  },
  {
    name: "a rolling update that cannot move",
    yaml: deployment({ spec: "  strategy:\n    rollingUpdate: {maxSurge: 0, maxUnavailable: 0}\n" }),
    expectMessage: "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0",
  },
  {
    name: "a surge without a percent sign",
    yaml: deployment({ spec: '  strategy:\n    rollingUpdate: {maxSurge: "25"}\n' }),
    expectMessage:
      "spec.strategy.rollingUpdate.maxSurge: Invalid value: \"25\": a valid percent string must be a numeric string followed by an ending '%'",
  },
  {
    name: "Recreate with limits of a rolling update",
    yaml: deployment({ spec: "  strategy:\n    type: Recreate\n    rollingUpdate: {maxSurge: 1}\n" }),
    expectMessage: "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
  },
  {
    name: "a strategy that does not exist",
    yaml: deployment({ spec: "  strategy: {type: BlueGreen}\n" }),
    expectMessage:
      'spec.strategy: Unsupported value: {"type":"BlueGreen"}: supported values: "Recreate", "RollingUpdate"',
  },
  {
    name: "a progress deadline within minReadySeconds",
    yaml: deployment({ spec: "  minReadySeconds: 60\n  progressDeadlineSeconds: 60\n" }),
    expectMessage: "spec.progressDeadlineSeconds: Invalid value: 60: must be greater than minReadySeconds",
  },
  {
    name: "pods that must not restart",
    yaml: deployment({ podSpec: "      restartPolicy: Never\n" }),
    expectMessage: 'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
  },
  {
    name: "a container without an image",
    yaml: deployment({}).replace("        image: nginx:1.27\n", ""),
    expectMessage: "spec.template.spec.containers[0].image: Required value",
  },
  {
    name: "two containers of one name",
    yaml: deployment({ container: "      - name: web\n        image: nginx:1.28\n" }),
    expectMessage: 'spec.template.spec.containers[1].name: Duplicate value: "web"',
  },
  {
    name: "a mount without its volume",
    yaml: deployment({ container: "        volumeMounts: [{name: data, mountPath: /data}]\n" }),
    expectMessage: 'spec.template.spec.containers[0].volumeMounts[0].name: Not found: "data"',
  },
  {
    name: "a request above the limit",
    yaml: deployment({ container: "        resources: {requests: {cpu: 2}, limits: {cpu: 1}}\n" }),
    expectMessage:
      'spec.template.spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit',
  },
  {
    name: "a Service without ports",
    yaml: "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}}\n",
    expectMessage: "spec.ports: Required value",
  },
  {
    name: "a disruption budget that wants both",
    yaml: "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\nspec: {minAvailable: 1, maxUnavailable: 1}\n",
    expectMessage: "minAvailable and maxUnavailable cannot be both set",
  },
];

export const brokenManifests: readonly BrokenManifest[] = [...syntax, ...headers, ...fields, ...values];
