/** OpenTelemetry for tests: the real SDK, with spans that are kept, and contexts that are carried by `AsyncLocalStorage`. */
import assert from "node:assert/strict";
import { context, trace, type Tracer } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  InMemorySpanExporter,
  SamplingDecision,
  SimpleSpanProcessor,
  TracerProvider,
  type ReadableSpan,
  type Sampler,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace";
import type { Executor } from "../../src/index.ts";
import { traceToOpenTelemetry, type OpenTelemetryOptions } from "../../src/otel.ts";

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

/** Spans that have ended, and how many there were altogether. */
export class SpanBook {
  readonly #exporter = new InMemorySpanExporter();
  readonly tracer: Tracer;
  #started = 0;

  /** `keeps` says which spans a sampler keeps. */
  constructor(keeps: (name: string) => boolean = () => true) {
    const sampler: Sampler = {
      shouldSample: (_context, _traceId, name) => ({
        decision: keeps(name) ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD,
      }),
    };
    const counter: SpanProcessor = {
      onStart: () => void this.#started++,
      onEnd: () => {},
      forceFlush: async () => {},
      shutdown: async () => {},
    };
    const spanProcessors = [counter, new SimpleSpanProcessor({ exporter: this.#exporter })];
    this.tracer = new TracerProvider({ spanProcessors, sampler }).getTracer("test");
  }

  /** Traces an executor. */
  trace(executor: Executor, options: Partial<OpenTelemetryOptions> = {}): () => void {
    return traceToOpenTelemetry(executor, { trace, context, tracer: this.tracer, ...options });
  }

  /** Runs something within a span of the user's own. */
  async within<Result>(name: string, run: () => Result | Promise<Result>): Promise<Result> {
    return this.tracer.startActiveSpan(name, async (span) => {
      try {
        return await run();
      } finally {
        span.end();
      }
    });
  }

  get spans(): ReadableSpan[] {
    return this.#exporter.getFinishedSpans();
  }

  /** Spans that have not ended. */
  get open(): number {
    return this.#started - this.spans.length;
  }

  /** The span of this name; there must be one. */
  one(name: string): ReadableSpan {
    const found = this.spans.filter((span) => span.name === name);
    assert.equal(
      found.length,
      1,
      `${found.length} spans are called ${name}; there are ${this.names.join(", ")}`,
    );
    return found[0] as ReadableSpan;
  }

  get names(): string[] {
    return this.spans.map(({ name }) => name);
  }

  /** The name of the span around this one. */
  parentOf(span: ReadableSpan): string | undefined {
    const id = span.parentSpanContext?.spanId;
    return this.spans.find((other) => other.spanContext().spanId === id)?.name;
  }

  /** All spans as lines, each indented under its parent, in the order of their start. */
  get tree(): string[] {
    const childrenOf = (id: string | undefined) =>
      this.spans
        .filter(({ parentSpanContext }) => parentSpanContext?.spanId === id)
        .sort((a, b) => msOf(a.startTime) - msOf(b.startTime));
    const lines = (id: string | undefined, indent: string): string[] =>
      childrenOf(id).flatMap((span) => [
        indent + span.name,
        ...lines(span.spanContext().spanId, `${indent}  `),
      ]);
    return lines(undefined, "");
  }
}

/** A time of the SDK in milliseconds. */
export function msOf([seconds, nanos]: readonly [number, number]): number {
  return seconds * 1_000 + nanos / 1_000_000;
}

/** How long a span took. */
export function lengthOf({ startTime, endTime }: ReadableSpan): number {
  return (endTime[0] - startTime[0]) * 1_000 + (endTime[1] - startTime[1]) / 1_000_000;
}
