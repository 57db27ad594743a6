/** `tutti/otel`: what an executor does, as OpenTelemetry spans. */
export { traceToOpenTelemetry, type OpenTelemetryOptions } from "./otel/trace-to-open-telemetry.ts";
export { toOtlp, type OtlpTraces } from "./otel/otlp.ts";
export type { SpanChoices } from "./otel/options.ts";
