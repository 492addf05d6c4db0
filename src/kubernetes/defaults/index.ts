/** Defaulting: what the API server makes of a written object before it validates, compares or stores it. */
import { isStoredObject } from "../kinds.ts";
import type { KubeObject, StoredObject } from "../objects.ts";
import { isManifestKind, kindSchemas } from "../schema/kinds.ts";
import { storedForm } from "../schema/stored.ts";
import { namespaceDefaults, nodeDefaults, secretDefaults } from "./cluster.ts";
import { assign, orEmpty } from "./fill.ts";
import { podSpecDefaults, withPodAdmission } from "./pod.ts";
import { serviceDefaults } from "./service.ts";
import { deploymentDefaults, replicaSetDefaults } from "./workloads.ts";

export { podTemplateDefaults, qosClass, withPodAdmission } from "./pod.ts";

const kindDefaults = (object: StoredObject): StoredObject => {
  switch (object.kind) {
    case "Deployment":
      return deploymentDefaults(object);
    case "ReplicaSet":
      return replicaSetDefaults(object);
    case "Pod":
      return assign(object, { spec: withPodAdmission(podSpecDefaults(orEmpty(object.spec))) });
    case "Service":
      return serviceDefaults(object);
    case "Namespace":
      return namespaceDefaults(object);
    case "Node":
      return nodeDefaults(object);
    case "Secret":
      return secretDefaults(object);
    case "ConfigMap":
    case "PodDisruptionBudget":
    case "EndpointSlice":
      return object;
  }
};

/**
 * The object in the form in which the API server stores it: fields that mean "not set" dropped, quantities canonical,
 * defaults filled in. Fields that the tables do not know are kept. The types of the known fields must have been checked
 * (`decodeObject`); required ones may be missing, and stay so for validation to refuse. Answers with the object itself when
 * it has that form already. Name, uid, status and allocated addresses are not defaults.
 */
export const withDefaults = (object: KubeObject): StoredObject => {
  if (!isStoredObject(object)) throw new Error(`no defaults for kind ${object.kind}`);
  return kindDefaults(isManifestKind(object.kind) ? storedForm(kindSchemas[object.kind], object) : object);
};
