/**
 * What the headers of a response advise: whether to make the request again, and when.
 *
 * Headers come as `Headers`, as a `Map`, as an object in any case of letters, as pairs, or raw as names and values by turns. The
 * `x-ratelimit-reset` of many APIs is not read: it is seconds, milliseconds or a time, as each of them pleases.
 */
import { fieldOf } from "./thrown.ts";

/** What a response advises. */
export interface Advice {
  readonly retryAfterMs: number | undefined;
  /** The server's own word on whether the same request might succeed. */
  readonly shouldRetry: boolean | undefined;
}

/** Reads the first advice that one of several sets of headers gives. May throw if the headers do. */
export function readAdvice(candidates: readonly unknown[], nowEpochMs: number | undefined): Advice {
  const headers = new Map<string, string>();
  for (const candidate of candidates) collect(candidate, headers);
  return { retryAfterMs: retryAfter(headers, nowEpochMs), shouldRetry: shouldRetry(headers) };
}

/** The longest time that a timer can wait: what is longer was no time to wait, but a point in time, say. */
const MAX_MS = 2 ** 31 - 1;

/** A time to wait that can be meant. */
export function saneMs(ms: unknown): number | undefined {
  return typeof ms === "number" && ms >= 0 && ms <= MAX_MS ? ms : undefined;
}

/** Given by some servers beside `Retry-After`, and more exact. */
const IN_MS = ["retry-after-ms", "x-ms-retry-after-ms"];
const WANTED = new Set([...IN_MS, "retry-after", "date", "x-should-retry"]);

/** More headers than any server sends; an iterator may never end. */
const MAX_HEADERS = 1_000;

function collect(headers: unknown, into: Map<string, string>): void {
  try {
    let seen = 0;
    for (const [name, value] of entriesOf(headers)) {
      if (++seen > MAX_HEADERS) return;
      const key = headerText(name)?.toLowerCase();
      const text = headerText(Array.isArray(value) ? value[0] : value);
      if (key !== undefined && text !== undefined && WANTED.has(key) && !into.has(key)) into.set(key, text);
    }
  } catch {
    // What was read until then still counts.
  }
}

function* entriesOf(headers: unknown): Iterable<readonly [unknown, unknown]> {
  if (typeof headers !== "object" || headers === null) return;
  if (Array.isArray(headers) && !Array.isArray(headers[0])) {
    for (let i = 0; i + 1 < headers.length; i += 2) yield [headers[i], headers[i + 1]];
  } else if (typeof fieldOf(headers, Symbol.iterator) === "function") {
    for (const entry of headers as Iterable<unknown>) yield [fieldOf(entry, 0), fieldOf(entry, 1)];
  } else {
    for (const name of Object.keys(headers)) yield [name, fieldOf(headers, name)];
  }
}

/** The text of a header's name or value, which are bytes where nobody has decoded them. */
function headerText(value: unknown): string | undefined {
  if (typeof value === "string") return value.trim();
  if (typeof value === "number") return String(value);
  return value instanceof Uint8Array ? String.fromCharCode(...value.subarray(0, 64)).trim() : undefined;
}

function retryAfter(
  headers: ReadonlyMap<string, string>,
  nowEpochMs: number | undefined,
): number | undefined {
  for (const name of IN_MS) {
    const ms = saneMs(decimal(headers.get(name)));
    if (ms !== undefined) return ms;
  }
  const value = headers.get("retry-after");
  const seconds = decimal(value);
  if (seconds !== undefined) return saneMs(seconds * 1_000);
  // The server's own clock first: what counts is how far its two times are apart.
  const now = httpDate(headers.get("date")) ?? nowEpochMs;
  const then = httpDate(value);
  return now === undefined || then === undefined ? undefined : saneMs(then - now);
}

function shouldRetry(headers: ReadonlyMap<string, string>): boolean | undefined {
  const value = headers.get("x-should-retry");
  return value === "true" || value === "false" ? value === "true" : undefined;
}

/** Whole by RFC 9110 §10.2.3; some servers send fractions. */
function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : undefined;
}

/** The three forms of RFC 9110 §5.6.7, of which `asctime` names no zone; `Date.parse` alone takes almost anything. */
function httpDate(text: string | undefined): number | undefined {
  if (text === undefined || !/^[A-Z][a-z]+,? [\w -]{6,12} \d\d:\d\d:\d\d( GMT| \d{4})$/.test(text))
    return undefined;
  const epochMs = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
  return Number.isNaN(epochMs) ? undefined : epochMs;
}
