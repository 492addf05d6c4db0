/** A collector that takes traces by OTLP over HTTP, in JSON. */
import * as E from "fp-ts/lib/Either.js";
import type { TracesData } from "../../history/otlp/model.ts";

/** Without an answer for so long, it is taken to be gone. */
const patienceMs = 10_000;
const maxShownChars = 200;

/** The URL that takes traces: the one typed, or the protocol's own path below a host alone. */
export const collectorUrl = (typed: string): E.Either<string, URL> => {
  const url = URL.canParse(typed) ? new URL(typed) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    return E.left(`--endpoint is a URL such as http://localhost:4318, not ${JSON.stringify(typed)}`);
  }
  if (url.pathname === "/") url.pathname = "/v1/traces";
  return E.right(url);
};

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${patienceMs / 1000} s`;
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message;
};

/** What the collector did not take although it answered well. */
const rejectedIn = (body: string): string | undefined => {
  try {
    const { partialSuccess }: { partialSuccess?: { rejectedSpans?: string | number; errorMessage?: string } } =
      JSON.parse(body);
    const rejected = Number(partialSuccess?.rejectedSpans ?? 0);
    return rejected > 0
      ? `it rejected ${rejected} spans: ${partialSuccess?.errorMessage ?? "no reason given"}`
      : undefined;
  } catch {
    return undefined;
  }
};

/** Sends one request. Left says what went wrong. */
export const postTraces = async (
  url: URL,
  data: TracesData,
  signal: AbortSignal | undefined,
): Promise<E.Either<string, void>> => {
  const failed = (reason: string): E.Either<string, never> => E.left(`the collector at ${url.href}: ${reason}`);
  try {
    const timeout = AbortSignal.timeout(patienceMs);
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(data),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    const body = await response.text();
    if (!response.ok)
      return failed(`${response.status} ${response.statusText}: ${body.slice(0, maxShownChars)}`.trim());
    const rejected = rejectedIn(body);
    return rejected === undefined ? E.right(undefined) : failed(rejected);
  } catch (error) {
    return failed(reasonOf(error));
  }
};
