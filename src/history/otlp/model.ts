/**
 * OpenTelemetry's protocol for traces in its JSON encoding (OTLP 1.x), as far as we write it: ids in lower-case hex, times as text of
 * nanoseconds, whole numbers as text.
 */

export type AttributeValue =
  | { readonly stringValue: string }
  | { readonly intValue: string }
  | { readonly boolValue: boolean }
  | { readonly arrayValue: { readonly values: readonly AttributeValue[] } };

export interface Attribute {
  readonly key: string;
  readonly value: AttributeValue;
}

export interface SpanEvent {
  readonly timeUnixNano: string;
  readonly name: string;
  readonly attributes: readonly Attribute[];
}

/** 1: what was meant to happen did; 2: it failed. Absent: nobody can say. */
interface Status {
  readonly code: 1 | 2;
  readonly message?: string;
}

export interface Span {
  /** 32 digits. */
  readonly traceId: string;
  /** 16 digits. */
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** Internal: neither a request nor an answer. */
  readonly kind: 1;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly events: readonly SpanEvent[];
  readonly status: Status | Record<never, never>;
}

export interface ResourceSpans {
  readonly resource: { readonly attributes: readonly Attribute[] };
  readonly scopeSpans: readonly {
    readonly scope: { readonly name: string; readonly version: string };
    readonly spans: readonly Span[];
  }[];
}

/** A line of a file, and the body of a request. */
export interface TracesData {
  readonly resourceSpans: readonly ResourceSpans[];
}

/** What an attribute can be given as; what is undefined is left out. */
type Plain = string | number | boolean | readonly string[] | undefined;

const attributeValue = (plain: Exclude<Plain, undefined>): AttributeValue => {
  switch (typeof plain) {
    case "string":
      return { stringValue: plain };
    case "number":
      return { intValue: String(plain) };
    case "boolean":
      return { boolValue: plain };
    default:
      return { arrayValue: { values: plain.map(attributeValue) } };
  }
};

export const attributes = (named: Readonly<Record<string, Plain>>): readonly Attribute[] =>
  Object.entries(named).flatMap(([key, plain]) => (plain === undefined ? [] : [{ key, value: attributeValue(plain) }]));

/** Milliseconds since the epoch in nanoseconds, which a double does not hold. */
export const unixNano = (ms: number): string => String(BigInt(Math.round(ms)) * 1_000_000n);
