/** Tolerations of pods and taints of nodes. */
import { labelValue, qualifiedName } from "../names.ts";
import type { Taint, Toleration } from "../objects.ts";
import type { FieldCause } from "../refusal.ts";
import type { Decoded } from "./field.ts";
import { duplicate, invalidValue, named, oneOf, repetition, unsupported } from "./field.ts";

const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

const validateOperator = (field: string, toleration: Decoded<Toleration>): readonly FieldCause[] => {
  const { operator = "", value = "" } = toleration;
  switch (operator) {
    case "":
    case "Equal":
      return named(labelValue, `${field}.operator`, value);
    case "Exists":
      return value
        ? [invalidValue(`${field}.operator`, toleration, "value must be empty when `operator` is 'Exists'")]
        : [];
    default:
      return [unsupported(`${field}.operator`, operator, ["Equal", "Exists"])];
  }
};

const validateToleration = (field: string, toleration: Decoded<Toleration>): readonly FieldCause[] => {
  const { key = "", operator = "", effect, tolerationSeconds } = toleration;
  const causes: FieldCause[] = [];
  if (key) causes.push(...named(qualifiedName, `${field}.key`, key));
  if (!key && operator !== "Exists") {
    const detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    causes.push(invalidValue(`${field}.operator`, operator, detail));
  }
  if (tolerationSeconds !== undefined && effect !== "NoExecute") {
    causes.push(
      invalidValue(`${field}.effect`, effect ?? "", "effect must be 'NoExecute' when `tolerationSeconds` is set"),
    );
  }
  causes.push(...validateOperator(field, toleration));
  if (effect) causes.push(...oneOf(`${field}.effect`, effect, effects));
  return causes;
};

export const validateTolerations = (
  field: string,
  tolerations: readonly Decoded<Toleration>[],
): readonly FieldCause[] =>
  tolerations.flatMap((toleration, index) => validateToleration(`${field}[${index}]`, toleration));

export const validateTaints = (field: string, taints: readonly Decoded<Taint>[]): readonly FieldCause[] => {
  const isRepeated = repetition();
  return taints.flatMap((taint, index) => {
    const { key = "", value = "", effect = "" } = taint;
    const place = `${field}[${index}]`;
    return [
      ...named(qualifiedName, `${place}.key`, key),
      ...named(labelValue, `${place}.value`, value),
      ...oneOf(`${place}.effect`, effect, effects),
      ...(isRepeated(`${key}:${effect}`) ? [duplicate(place, taint)] : []),
    ];
  });
};
