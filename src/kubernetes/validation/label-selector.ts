import { labelValue, qualifiedName } from "../names.ts";
import type { LabelSelector, LabelSelectorRequirement } from "../objects.ts";
import type { FieldCause } from "../refusal.ts";
import type { Decoded } from "./field.ts";
import { forbidden, invalidValue, named, required } from "./field.ts";
import { validateLabels } from "./metadata.ts";

const validateRequirement = (field: string, requirement: Decoded<LabelSelectorRequirement>): readonly FieldCause[] => {
  const { key = "", values = [] } = requirement;
  const operator: string = requirement.operator ?? "";
  const causes: FieldCause[] = [];
  switch (operator) {
    case "In":
    case "NotIn":
      if (values.length === 0)
        causes.push(required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
      break;
    case "Exists":
    case "DoesNotExist":
      if (values.length > 0) {
        const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
        causes.push(forbidden(`${field}.values`, detail));
      }
      break;
    default:
      causes.push(invalidValue(`${field}.operator`, operator, "not a valid selector operator"));
  }
  causes.push(...named(qualifiedName, `${field}.key`, key));
  values.forEach((value, index) => {
    causes.push(...named(labelValue, `${field}.values[${index}]`, value));
  });
  return causes;
};

/** The syntax of a label selector. An absent one has none. */
export const validateLabelSelector = (
  field: string,
  selector: Decoded<LabelSelector> | undefined,
): readonly FieldCause[] => [
  ...validateLabels(`${field}.matchLabels`, selector?.matchLabels),
  ...(selector?.matchExpressions ?? []).flatMap((requirement, index) =>
    validateRequirement(`${field}.matchExpressions[${index}]`, requirement),
  ),
];
