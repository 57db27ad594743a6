/** Tutti's root: the engine and the encoding of results. Nothing here needs a provider's SDK. */
export { batchTool, type BatchToolOptions } from "./core/batch-tool.ts";
export { createExecutor, type ExecutorOptions } from "./executor/create-executor.ts";
export type { BatchOpenOptions, BatchRunOptions, Executor, ExecutorStats } from "./core/executor.ts";
export type { PoolOptions } from "./core/executor-options.ts";
export type { Batch, Eager, OnFailure, Parallel } from "./core/batch.ts";
export type { Call, CallRequest } from "./core/call.ts";
export { Cancellation } from "./core/cancel.ts";
export type { CancelCause } from "./core/cancel.ts";
export type { Clock } from "./core/clock.ts";
export type { Effects, Footprint } from "./core/effects.ts";
export { TuttiError } from "./core/errors.ts";
export type { TuttiErrorCode } from "./core/errors.ts";
export type { BatchEvent, Listener, Wait, WaitFor } from "./core/event.ts";
export type {
  CallError,
  ErrorCode,
  ErrorOutcome,
  OkOutcome,
  Outcome,
  OutcomeStatus,
} from "./core/outcome.ts";
export type { Resource } from "./core/resource.ts";
export type { JsonSchema, Schema, SchemaValue, StandardSchema } from "./core/schema.ts";
export { defineTool } from "./core/tool.ts";
export type { ThreadToolOptions, Tool, ToolContext, ToolOptions } from "./core/tool.ts";
export type { ThreadContext } from "./threads/thread-context.ts";
export type { ThreadsOptions } from "./threads/threads-options.ts";
export { encodeOutcome } from "./results/encode.ts";
export { image } from "./results/image.ts";
export type { EncodedResult, ImageMediaType, ImagePart, ResultPart, TextPart } from "./core/result.ts";
