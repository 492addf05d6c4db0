import type { QueryRefusal } from "../event-store/query/process.ts";

const messageOf = (refusal: QueryRefusal): string => {
  switch (refusal._tag) {
    case "Refused":
      return refusal.message;
    case "TimedOut":
      return `the query was ended after ${refusal.timeoutMs} ms`;
    case "Interrupted":
      return "the query was interrupted";
    case "Ended":
      return "the query's process ended before it had an answer; there may not be enough memory";
  }
};

/** A query that was not answered. */
export class QueryError extends Error {
  override readonly name = "QueryError";
  /** What is wrong with the text, or that it took too long, or that nobody wanted it any more. */
  readonly kind: QueryRefusal["_tag"];
  /** Where in the text, in characters from its beginning, where that is known. */
  readonly offset?: number;

  constructor(refusal: QueryRefusal) {
    super(messageOf(refusal));
    this.kind = refusal._tag;
    if (refusal._tag === "Refused" && refusal.offset !== undefined) this.offset = refusal.offset;
  }
}
