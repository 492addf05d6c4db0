import { expect, test } from "vitest";
import { QueryError } from "../../src/engine/query-error.ts";

test("a query that was not answered says why, and where if that is known", () => {
  const refused = new QueryError({ _tag: "Refused", message: 'near "form": syntax error', offset: 11 });
  expect([refused.message, refused.kind, refused.offset]).toEqual(['near "form": syntax error', "Refused", 11]);
  const late = new QueryError({ _tag: "TimedOut", timeoutMs: 300 });
  expect([late.message, late.kind, late.offset]).toEqual(["the query was ended after 300 ms", "TimedOut", undefined]);
});
