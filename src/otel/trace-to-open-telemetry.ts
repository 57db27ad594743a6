/** `traceToOpenTelemetry`: an executor's runs, turns, calls and attempts as spans. */
import type { ContextAPI, TraceAPI, Tracer } from "@opentelemetry/api";
import type { Executor } from "../core/executor.ts";
import { aFunction, knownKeys } from "../core/options.ts";
import { LiveSpans } from "./live-spans.ts";
import { resolveSpanOptions, SPAN_KEYS, type SpanChoices } from "./options.ts";

/** What `traceToOpenTelemetry` takes. */
export interface OpenTelemetryOptions extends SpanChoices {
  /** `trace` of `@opentelemetry/api`. */
  readonly trace: Pick<TraceAPI, "getTracer" | "setSpan" | "getSpanContext">;
  /** `context` of `@opentelemetry/api`. */
  readonly context: Pick<ContextAPI, "active" | "with">;
  /**
   * Who makes the spans.
   *
   * @default trace.getTracer("tutti")
   */
  readonly tracer?: Tracer | undefined;
}

/**
 * Makes spans of all that happens in an executor from now on, by the semantic conventions for generative AI, until what is returned
 * is called; that ends those that are open. While a tool runs, the span of its attempt is the current one. What a tracer
 * throws changes nothing.
 *
 * @throws TypeError that names the option and what came
 */
export function traceToOpenTelemetry(executor: Executor, options: OpenTelemetryOptions): () => void {
  knownKeys("options", options, ["trace", "context", "tracer", ...SPAN_KEYS]);
  const { trace, context, tracer = trace?.getTracer?.("tutti") } = options;
  for (const method of ["setSpan", "getSpanContext"] as const)
    aFunction(`trace.${method}`, (trace as Partial<typeof trace> | undefined)?.[method]);
  for (const method of ["active", "with"] as const)
    aFunction(`context.${method}`, (context as Partial<typeof context> | undefined)?.[method]);
  for (const method of ["startSpan"] as const)
    aFunction(`tracer.${method}`, (tracer as Partial<Tracer> | undefined)?.[method]);
  const { clock, events } = executor;
  const spans = new LiveSpans({
    trace,
    context,
    options: resolveSpanOptions(options, executor),
    source: () => {
      // Anew each time: over days the two clocks drift apart.
      const aheadMs = Date.now() - clock.now();
      return { tracer, toWall: (at) => at + aheadMs };
    },
  });
  const takeOff = events.surround(spans);
  const stop = events.listen((event) => spans.hear(event));
  return () => {
    takeOff();
    stop();
    spans.cutOff(clock.now());
  };
}
