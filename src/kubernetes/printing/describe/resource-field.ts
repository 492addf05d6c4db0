import type { Container, EnvVarSource } from "../../objects.ts";
import { milliUnits, wholeUnits } from "../../quantity.ts";

/** What an environment variable set from `resourceFieldRef` holds, in units of its divisor, rounded up. */
export const resourceFieldValue = (
  { resource, divisor }: NonNullable<EnvVarSource["resourceFieldRef"]>,
  { resources }: Container,
): string => {
  const dot = resource.indexOf(".");
  const name = resource.slice(dot + 1);
  const amount = (resource.startsWith("limits.") ? resources?.limits : resources?.requests)?.[name];
  if (amount === undefined && (resource === "limits.cpu" || resource === "limits.memory")) return "node allocatable";
  const unitsOf = name === "cpu" ? milliUnits : wholeUnits;
  return String(Math.ceil(unitsOf(amount) / (unitsOf(divisor) || unitsOf(1))));
};
