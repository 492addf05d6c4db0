/** Expectations about objects as they are now. */
import * as E from "fp-ts/lib/Either.js";
import type { Session } from "../../engine/session.ts";
import { asJson } from "../../kubernetes/json.ts";
import { storedKindOf } from "../../kubernetes/kinds.ts";
import { renderJsonPath } from "../../kubernetes/printing/jsonpath.ts";
import type { ExpectedState } from "../schema.ts";
import { type Check, expectFact, expectText } from "./check.ts";

/** `where` answers where the object, or one of its fields, was written. */
export const checkState = (
  session: Session,
  { object, fields }: ExpectedState,
  where: (field?: string) => string,
): readonly Check[] => {
  const { type, name, namespace, typed } = object;
  const kind = storedKindOf(type);
  if (!kind) throw new Error(`${type.plural} are no state`);
  const found = session.get({ kind, namespace, name });
  if (fields === "absent") return [expectFact(typed, found === undefined, where(), ["absent", "there it is"])];
  if (!found) return [expectFact(typed, false, where(), ["an object", "not found"])];
  return fields.map(({ typed: field, path, value, ignoresCase }) => {
    const rendered = renderJsonPath(path.text, asJson(found));
    const actual = E.isLeft(rendered) ? rendered.left : rendered.right;
    return expectText(`${typed} ${field}`, value, ignoresCase ? actual.toLowerCase() : actual, where(field));
  });
};
