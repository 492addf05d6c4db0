/** What pods ask of a node, added up as the scheduler does. */
import * as E from "fp-ts/lib/Either.js";
import type { Container, Pod } from "../../objects.ts";
import { parseQuantity, type Quantity } from "../../quantity.ts";

export type ResourceList = "requests" | "limits";

const none: Quantity = { nanos: 0n, format: "DecimalSI" };

/** A sum is written as its first summand was. */
const plus = (a: Quantity, b: Quantity): Quantity => ({
  nanos: a.nanos + b.nanos,
  format: a.nanos === 0n ? b.format : a.format,
});

const larger = (a: Quantity, b: Quantity): Quantity => (b.nanos > a.nanos ? b : a);

const amountOf = ({ resources }: Container, list: ResourceList, name: string): Quantity =>
  E.getOrElse(() => none)(parseQuantity(resources?.[list]?.[name] ?? 0));

/**
 * The pod's effective request or limit: regular containers and sidecars together, or what starting one init container beside
 * the sidecars before it takes, whichever is more.
 */
export const podAmount = ({ spec }: Pod, list: ResourceList, name: string): Quantity => {
  let running = none;
  for (const container of spec.containers) running = plus(running, amountOf(container, list, name));
  let sidecars = none;
  let starting = none;
  for (const container of spec.initContainers ?? []) {
    const amount = plus(sidecars, amountOf(container, list, name));
    if (container.restartPolicy === "Always") sidecars = amount;
    starting = larger(starting, amount);
  }
  return larger(plus(running, sidecars), starting);
};

export const totalAmount = (pods: readonly Pod[], list: ResourceList, name: string): Quantity => {
  let total = none;
  for (const pod of pods) total = plus(total, podAmount(pod, list, name));
  return total;
};
