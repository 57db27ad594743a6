/** That spans say what the trace says: of random batches and runs, each thing has one span, in its place. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { toOtlp, type OtlpSpan } from "../../src/otel/otlp.ts";
import { figuresOf, modelsOwn } from "../../src/trace/figures.ts";
import { readTrace } from "../../src/trace/read-trace.ts";
import { openTrace } from "../../src/trace/open-trace.ts";
import type { TraceEvent } from "../../src/trace/trace-event.ts";
import type { Trace, TracedCall } from "../../src/trace/trace.ts";
import { play } from "../support/chaos.ts";
import { plans } from "../support/chaos-plan.ts";
import { playRuns, runPlans } from "../support/random-runs.ts";
import { lengthOf, SpanBook } from "../support/open-telemetry.ts";

const RUNS = Number(process.env["TRACE_RUNS"] ?? 150);

test("each call and attempt of random batches has one span, whose place, waits and times are those of the trace", async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const book = new SpanBook();
      const opened: TraceEvent[] = [];
      const { events, alarms } = await play(plan, (executor) => {
        opened.push(openTrace(executor));
        book.trace(executor);
      });
      assert.deepEqual(alarms, []);
      assert.equal(book.open, 0);
      const trace = readTrace([...opened, ...events]);
      const spans = new Map(book.spans.map((span) => [idOf(span), span]));
      assert.equal(spans.size, book.spans.length, "two spans of one thing");
      const attempts = trace.calls.reduce((sum, call) => sum + call.attempts.length, 0);
      assert.equal(spans.size, trace.calls.length + attempts);
      for (const call of trace.calls) judge(call, spans);
      judgeFigures(trace, spans);
      judgeOtlp(trace, spans);
    }),
    { numRuns: RUNS },
  );
});

test("of random runs, too; and live ones say of runs and turns what those of the trace as a file say", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(runPlans, { minLength: 1, maxLength: 2 }), async (runs) => {
      const book = new SpanBook();
      const { events } = await playRuns(runs, (executor) => book.trace(executor));
      assert.equal(book.open, 0);
      const trace = readTrace(events);
      const spans = new Map(book.spans.map((span) => [idOf(span), span]));
      assert.equal(spans.size, book.spans.length, "two spans of one thing");
      const attempts = trace.calls.reduce((sum, call) => sum + call.attempts.length, 0);
      const { runs: traced, turns, calls } = trace;
      assert.equal(spans.size, traced.length + 2 * turns.length + calls.length + attempts);
      judgeOtlp(trace, spans);
    }),
    { numRuns: RUNS },
  );
});

function idOf({ name, attributes }: ReadableSpan): string {
  return idIn(name, attributes);
}

/** What a span is of, and which one of those. */
function idIn(name: string, attributes: Readonly<Record<string, unknown>>): string {
  const call = attributes["tutti.call"] as string | undefined;
  if (call === undefined)
    return [name.split(" ")[0], attributes["tutti.run"], attributes["tutti.turn"]].join(" ");
  const attempt = attributes["tutti.attempt"] as number | undefined;
  return attempt === undefined ? call : `${call}#${attempt}`;
}

function judge(call: TracedCall, spans: ReadonlyMap<string, ReadableSpan>): void {
  const span = spans.get(call.key);
  assert.ok(span, `no span of ${call.key}`);
  const { queuedMs, settledMs = NaN, attempts } = call;
  near(lengthOf(span), settledMs - queuedMs, call.key);
  assert.equal(span.attributes["tutti.status"], call.status);
  assert.equal(span.attributes["tutti.attempts"], attempts.length);
  assert.equal(span.status.code, call.status === "ok" ? 0 : 2);
  const around = parentIn(span, spans);
  if (call.parent === undefined) assert.equal(span.parentSpanContext, undefined);
  else assert.equal(around?.replace(/#.*/, ""), call.parent);
  for (const attempt of attempts) {
    const own = spans.get(`${call.key}#${attempt.number}`);
    assert.ok(own, `no span of attempt ${attempt.number} of ${call.key}`);
    assert.equal(parentIn(own, spans), call.key);
    const { fromMs, toMs = NaN } = attempt;
    near(lengthOf(own), toMs - fromMs, `${call.key}#${attempt.number}`);
    assert.deepEqual(
      [own.attributes["tutti.attempt.as"], own.attributes["tutti.attempt.status"]],
      [attempt.as, attempt.status],
    );
  }
}

function judgeFigures(trace: Trace, spans: ReadonlyMap<string, ReadableSpan>): void {
  const figures = figuresOf(trace);
  const own = modelsOwn(trace).map(({ key }) => spans.get(key) as ReadableSpan);
  const sum = (name: string) => own.reduce((ms, { attributes }) => ms + Number(attributes[name] ?? 0), 0);
  near(sum("tutti.waited_ms"), figures.waitedMs, "waited");
  near(sum("tutti.running_ms"), figures.runningMs, "running");
  for (const kind of new Set(figures.waits.map((wait) => wait.for))) {
    const ms = figures.waits.filter((wait) => wait.for === kind).reduce((total, wait) => total + wait.ms, 0);
    near(sum(`tutti.wait.${kind}_ms`), ms, kind);
  }
}

/** That the spans of the trace as a file are the same. */
function judgeOtlp(trace: Trace, spans: ReadonlyMap<string, ReadableSpan>): void {
  const [resource] = toOtlp(trace).resourceSpans;
  const told = resource?.scopeSpans[0]?.spans ?? [];
  assert.equal(told.length, spans.size);
  assert.equal(new Set(told.map(({ spanId }) => spanId)).size, told.length);
  const ids = new Map(told.map(({ spanId, name, attributes }) => [spanId, idIn(name, flatten(attributes))]));
  for (const { name, attributes, startTimeUnixNano, endTimeUnixNano, parentSpanId, status } of told) {
    const flat = flatten(attributes);
    const live = spans.get(idIn(name, flat));
    assert.ok(live, `no live span of ${name}`);
    assert.equal(live.name, name);
    // Which calls went together, no event tells.
    const said = Object.keys(live.attributes).filter((key) => key !== "tutti.gathered");
    assert.deepEqual(Object.keys(flat).toSorted(), said.toSorted());
    for (const key of ["tutti.waited_for", "tutti.critical_path"])
      assert.deepEqual(textsIn(flat[key]), live.attributes[key], `${key} of ${name}`);
    for (const key of said.filter((key) => key.endsWith("_ms")))
      near(Number(flat[key]), Number(live.attributes[key]), `${key} of ${name}`);
    near(Number(BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano)) / 1e6, lengthOf(live), name);
    assert.equal(status.code ?? 0, live.status.code);
    const around = live.parentSpanContext?.spanId;
    const above = [...spans.values()].find((span) => span.spanContext().spanId === around);
    assert.equal(parentSpanId === undefined ? undefined : ids.get(parentSpanId), above && idOf(above));
  }
}

function flatten(attributes: OtlpSpan["attributes"]): Record<string, unknown> {
  const flat = attributes.map(({ key, value }) => {
    const [plain] = Object.values(value) as unknown[];
    return [key, "intValue" in value ? Number(plain) : plain];
  });
  return Object.fromEntries(flat) as Record<string, unknown>;
}

/** An array of texts, as OTLP writes it. */
function textsIn(value: unknown): string[] | undefined {
  const { values } = (value ?? {}) as { readonly values?: readonly { readonly stringValue: string }[] };
  return values?.map(({ stringValue }) => stringValue);
}

function parentIn(span: ReadableSpan, spans: ReadonlyMap<string, ReadableSpan>): string | undefined {
  for (const [id, other] of spans)
    if (other.spanContext().spanId === span.parentSpanContext?.spanId) return id;
  return undefined;
}

/** A microsecond is what the calendar in milliseconds can tell apart. */
function near(actual: number, expected: number, what: string): void {
  assert.ok(Math.abs(actual - expected) < 0.002, `${what}: ${actual} is not ${expected}`);
}
