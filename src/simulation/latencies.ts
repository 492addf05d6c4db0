/**
 * How long after an event an actor acts on it, in ms of cluster time: the way of a change through the API server, a watch
 * and a work queue on a small, idle control plane.
 */
export const latencies = {
  controllerMs: 5,
  /** A controller's request: until it is answered, its sync goes no further. */
  requestMs: 4,
  garbageCollectorMs: 20,
  schedulerMs: 5,
  kubeletMs: 5,
  /** kube-controller-manager's node-monitor-grace-period: a silent node is NotReady after this. */
  nodeMonitorGraceMs: 40_000,
  /** Default toleration of `node.kubernetes.io/unreachable`: then its pods are evicted. */
  nodeEvictionMs: 300_000,
  /** How long the pod garbage collector waits for a removed node to come back. */
  podCollectionMs: 40_000,
} as const;
