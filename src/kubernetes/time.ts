/** Times as the API writes them, and as people read them. All in UTC; instants are milliseconds since the epoch. */

const rfc3339Form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** Whether the calendar has the day `2026-02-28`. `Date` would take the 31st of February for the 3rd of March. */
export const isCalendarDay = (text: string): boolean => {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
};

/** The instant of an RFC 3339 text, with or without fractions; undefined when it is not one, or the calendar has no such day. */
export const parseRfc3339 = (text: string): number | undefined => {
  if (!rfc3339Form.test(text) || !isCalendarDay(text.slice(0, "2026-01-01".length))) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
};

/** `2026-01-02T03:04:05Z`: whole seconds, as the API server writes times (the fraction is cut, not rounded). */
export const rfc3339 = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** `Fri, 20 Nov 2026 12:40:21 +0000`: how `kubectl describe` writes times. */
export const rfc1123 = (ms: number): string => new Date(ms).toUTCString().replace("GMT", "+0000");
