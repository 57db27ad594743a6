/** Spans of OpenTelemetry as they are written down: OTLP/JSON, and what exporters to files and consoles write. */
import { isObject } from "../../core/is-object.ts";
import { timeOf } from "../session-builder.ts";
import { stringOf } from "./json-fields.ts";

type Json = Readonly<Record<string, unknown>>;

/** A span, as far as it matters here. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string;
  readonly attributes: Json;
  /** Milliseconds since 1970. */
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  readonly isError: boolean;
}

/** All spans in values: exports, lists of spans, or spans. */
export function spansIn(value: unknown): Span[] {
  if (Array.isArray(value)) return value.flatMap(spansIn);
  if (!isObject(value)) return [];
  for (const key of ["resourceSpans", "resource_spans", "scopeSpans", "scope_spans", "spans", "data"]) {
    if (Array.isArray(value[key])) return spansIn(value[key]);
  }
  return isObject(value["attributes"]) || Array.isArray(value["attributes"]) ? [toSpan(value)] : [];
}

function toSpan(span: Json): Span {
  const context = firstObject(span["context"], span["spanContext"], span["span_context"]);
  const status = firstObject(span["status"]);
  const attributes = attributesOf(span["attributes"]);
  const code = status["code"] ?? status["status_code"];
  return {
    traceId: stringOf(span["traceId"] ?? span["trace_id"] ?? context["traceId"] ?? context["trace_id"]),
    spanId: stringOf(
      span["spanId"] ?? span["span_id"] ?? span["id"] ?? context["spanId"] ?? context["span_id"],
    ),
    parentId: stringOf(
      span["parentSpanId"] ?? span["parent_span_id"] ?? span["parent_id"] ?? span["parentId"],
    ),
    attributes,
    startedAt: spanTime(
      span["startTimeUnixNano"] ?? span["start_time_unix_nano"] ?? span["start_time"] ?? span["startTime"],
    ),
    endedAt: spanTime(
      span["endTimeUnixNano"] ?? span["end_time_unix_nano"] ?? span["end_time"] ?? span["endTime"],
    ),
    isError: code === 2 || /ERROR/.test(stringOf(code)) || attributes["error.type"] !== undefined,
  };
}

function firstObject(...values: readonly unknown[]): Json {
  return values.find(isObject) ?? {};
}

/** Nanoseconds as a number or a text, a pair of seconds and nanoseconds, or a date. */
function spanTime(value: unknown): number | undefined {
  if (Array.isArray(value)) return Number(value[0]) * 1_000 + Number(value[1]) / 1e6;
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number !== "number") return timeOf(number);
  // Micro- and milliseconds are written, too: a date of this century tells them apart.
  return number > 1e17 ? number / 1e6 : number > 1e14 ? number / 1e3 : number;
}

/** OTLP's list of keys and typed values, or an object. */
function attributesOf(attributes: unknown): Json {
  if (isObject(attributes)) return attributes;
  if (!Array.isArray(attributes)) return {};
  return Object.fromEntries(
    attributes.filter(isObject).map(({ key, value }): [string, unknown] => [stringOf(key), valueOf(value)]),
  );
}

function valueOf(value: unknown): unknown {
  if (!isObject(value)) return value;
  if (value["intValue"] !== undefined) return Number(value["intValue"]);
  const array = firstObject(value["arrayValue"])["values"];
  if (Array.isArray(array)) return array.map(valueOf);
  const pairs = firstObject(value["kvlistValue"])["values"];
  if (Array.isArray(pairs)) return attributesOf(pairs);
  return value["stringValue"] ?? value["doubleValue"] ?? value["boolValue"];
}
