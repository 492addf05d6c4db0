/** A write or read that the API server refuses: a Kubernetes `Status` failure, as a value. */

export type RefusalReason =
  | "NotFound"
  | "AlreadyExists"
  | "Conflict"
  | "Invalid"
  | "BadRequest"
  | "Forbidden"
  | "MethodNotAllowed"
  | "TooManyRequests"
  | "InternalError";

/** One faulty field, as in `details.causes`. `message` is `<Type>[: value][: detail]`, without the field. */
export interface FieldCause {
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

export interface Refusal {
  readonly _tag: "Refusal";
  readonly code: number;
  readonly reason: RefusalReason;
  /** The whole sentence, without `Error from server (…)`. */
  readonly message: string;
  readonly details?: { readonly name?: string; readonly group?: string; readonly kind?: string };
  readonly causes: readonly FieldCause[];
}

const codes: Readonly<Record<RefusalReason, number>> = {
  NotFound: 404,
  AlreadyExists: 409,
  Conflict: 409,
  Invalid: 422,
  BadRequest: 400,
  Forbidden: 403,
  MethodNotAllowed: 405,
  TooManyRequests: 429,
  InternalError: 500,
};

export const refusal = (
  reason: RefusalReason,
  message: string,
  rest: { details?: Refusal["details"]; causes?: readonly FieldCause[] } = {},
): Refusal => ({
  _tag: "Refusal",
  code: codes[reason],
  reason,
  message,
  ...(rest.details ? { details: rest.details } : {}),
  causes: rest.causes ?? [],
});
