/** Which events are about which kind of object. */
import type { EntityKind } from "../domain/state.ts";
import { resourceTypes, storedKindOf } from "../kubernetes/kinds.ts";
import { eventTypes } from "./log/summary.ts";

/** What the types of a kind's events begin with. */
const prefixOf = (kind: EntityKind): string => (kind === "EndpointSlice" ? "Endpoint" : kind);

/** Longest first: a PodDisruptionBudget is no Pod. */
const kinds = resourceTypes
  .flatMap((type) => storedKindOf(type) ?? [])
  .sort((a, b) => prefixOf(b).length - prefixOf(a).length);

/** The types of event in the streams of a kind's objects. */
export const eventTypesOf = (kind: EntityKind): readonly string[] =>
  eventTypes.filter((type) => kinds.find((each) => type.startsWith(prefixOf(each))) === kind);
