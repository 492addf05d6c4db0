/** The fields of a pod, as of Kubernetes 1.32. */
import { objectMeta } from "./meta.ts";
import type { Schema } from "./types.ts";
import { bool, int32, int64, intOrString, list, map, pointer, quantity, string, struct, unchecked } from "./types.ts";

const exec = struct("ExecAction", { command: list(string) });

const httpGet = struct("HTTPGetAction", {
  path: string,
  port: intOrString,
  host: string,
  scheme: string,
  httpHeaders: list(struct("HTTPHeader", { name: string, value: string })),
});

const tcpSocket = struct("TCPSocketAction", { port: intOrString, host: string });

const probe = struct("Probe", {
  exec,
  httpGet,
  tcpSocket,
  grpc: struct("GRPCAction", { port: int32, service: pointer(string) }),
  initialDelaySeconds: int32,
  timeoutSeconds: int32,
  periodSeconds: int32,
  successThreshold: int32,
  failureThreshold: int32,
  terminationGracePeriodSeconds: pointer(int64),
});

const lifecycleHandler = struct("LifecycleHandler", {
  exec,
  httpGet,
  tcpSocket,
  sleep: struct("SleepAction", { seconds: int64 }),
});

const keySelector = (name: string): Schema => struct(name, { name: string, key: string, optional: pointer(bool) });

const envVar = struct("EnvVar", {
  name: string,
  value: string,
  valueFrom: struct("EnvVarSource", {
    fieldRef: struct("ObjectFieldSelector", { apiVersion: string, fieldPath: string }),
    resourceFieldRef: struct("ResourceFieldSelector", { containerName: string, resource: string, divisor: quantity }),
    configMapKeyRef: keySelector("ConfigMapKeySelector"),
    secretKeyRef: keySelector("SecretKeySelector"),
  }),
});

const envFromSource = struct("EnvFromSource", {
  prefix: string,
  configMapRef: struct("ConfigMapEnvSource", { name: string, optional: pointer(bool) }),
  secretRef: struct("SecretEnvSource", { name: string, optional: pointer(bool) }),
});

const containerPort = struct("ContainerPort", {
  name: string,
  hostPort: int32,
  containerPort: int32,
  protocol: string,
  hostIP: string,
});

const volumeMount = struct("VolumeMount", {
  name: string,
  readOnly: bool,
  recursiveReadOnly: pointer(string),
  mountPath: string,
  subPath: string,
  mountPropagation: pointer(string),
  subPathExpr: string,
});

const resourceRequirements = struct("ResourceRequirements", {
  limits: map(quantity),
  requests: map(quantity),
  claims: list(struct("ResourceClaim", { name: string, request: string })),
});

const containerFields: Readonly<Record<string, Schema>> = {
  name: string,
  image: string,
  command: list(string),
  args: list(string),
  workingDir: string,
  ports: list(containerPort),
  envFrom: list(envFromSource),
  env: list(envVar),
  resources: resourceRequirements,
  resizePolicy: list(struct("ContainerResizePolicy", { resourceName: string, restartPolicy: string })),
  restartPolicy: pointer(string),
  volumeMounts: list(volumeMount),
  volumeDevices: list(struct("VolumeDevice", { name: string, devicePath: string })),
  livenessProbe: probe,
  readinessProbe: probe,
  startupProbe: probe,
  lifecycle: struct("Lifecycle", { postStart: lifecycleHandler, preStop: lifecycleHandler }),
  terminationMessagePath: string,
  terminationMessagePolicy: string,
  imagePullPolicy: string,
  securityContext: unchecked("SecurityContext"),
  stdin: bool,
  stdinOnce: bool,
  tty: bool,
};

const container = struct("Container", containerFields);
const ephemeralContainer = struct("EphemeralContainer", { ...containerFields, targetContainerName: string });

/** Field and Go type of every volume source, in the order in which the API server looks for a second one. */
export const volumeSources: Readonly<Record<string, string>> = {
  emptyDir: "EmptyDirVolumeSource",
  hostPath: "HostPathVolumeSource",
  gitRepo: "GitRepoVolumeSource",
  gcePersistentDisk: "GCEPersistentDiskVolumeSource",
  awsElasticBlockStore: "AWSElasticBlockStoreVolumeSource",
  secret: "SecretVolumeSource",
  nfs: "NFSVolumeSource",
  iscsi: "ISCSIVolumeSource",
  glusterfs: "GlusterfsVolumeSource",
  flocker: "FlockerVolumeSource",
  persistentVolumeClaim: "PersistentVolumeClaimVolumeSource",
  rbd: "RBDVolumeSource",
  cinder: "CinderVolumeSource",
  cephfs: "CephFSVolumeSource",
  quobyte: "QuobyteVolumeSource",
  downwardAPI: "DownwardAPIVolumeSource",
  fc: "FCVolumeSource",
  flexVolume: "FlexVolumeSource",
  configMap: "ConfigMapVolumeSource",
  azureFile: "AzureFileVolumeSource",
  vsphereVolume: "VsphereVirtualDiskVolumeSource",
  photonPersistentDisk: "PhotonPersistentDiskVolumeSource",
  portworxVolume: "PortworxVolumeSource",
  azureDisk: "AzureDiskVolumeSource",
  storageos: "StorageOSVolumeSource",
  projected: "ProjectedVolumeSource",
  scaleIO: "ScaleIOVolumeSource",
  csi: "CSIVolumeSource",
  ephemeral: "EphemeralVolumeSource",
  image: "ImageVolumeSource",
};

const volume = struct("Volume", {
  name: string,
  ...Object.fromEntries(Object.entries(volumeSources).map(([field, name]) => [field, unchecked(name)])),
});

const toleration = struct("Toleration", {
  key: string,
  operator: string,
  value: string,
  effect: string,
  tolerationSeconds: pointer(int64),
});

export const podSpec = struct("PodSpec", {
  volumes: list(volume),
  initContainers: list(container),
  containers: list(container),
  ephemeralContainers: list(ephemeralContainer),
  restartPolicy: string,
  terminationGracePeriodSeconds: pointer(int64),
  activeDeadlineSeconds: pointer(int64),
  dnsPolicy: string,
  nodeSelector: map(string),
  serviceAccountName: string,
  serviceAccount: string,
  automountServiceAccountToken: pointer(bool),
  nodeName: string,
  hostNetwork: bool,
  hostPID: bool,
  hostIPC: bool,
  shareProcessNamespace: pointer(bool),
  securityContext: unchecked("PodSecurityContext"),
  imagePullSecrets: list(struct("LocalObjectReference", { name: string })),
  hostname: string,
  subdomain: string,
  affinity: unchecked("Affinity"),
  schedulerName: string,
  tolerations: list(toleration),
  hostAliases: list(struct("HostAlias", { ip: string, hostnames: list(string) })),
  priorityClassName: string,
  priority: pointer(int32),
  dnsConfig: unchecked("PodDNSConfig"),
  readinessGates: list(struct("PodReadinessGate", { conditionType: string })),
  runtimeClassName: pointer(string),
  enableServiceLinks: pointer(bool),
  preemptionPolicy: pointer(string),
  overhead: map(quantity),
  topologySpreadConstraints: list(unchecked("TopologySpreadConstraint")),
  setHostnameAsFQDN: pointer(bool),
  os: struct("PodOS", { name: string }),
  hostUsers: pointer(bool),
  schedulingGates: list(struct("PodSchedulingGate", { name: string })),
  resourceClaims: list(unchecked("PodResourceClaim")),
  resources: resourceRequirements,
});

export const podTemplateSpec = struct("PodTemplateSpec", { metadata: objectMeta, spec: podSpec });
