/** Tutti's root: the executor and the encoding of results. Nothing here needs a provider's SDK. */
export { batchTool, type BatchToolOptions } from "./core/batch-tool.ts";
export { planTool, type PlanToolOptions } from "./core/plan-tool.ts";
export { createExecutor } from "./executor/create-executor.ts";
export type { BatchOpenOptions, BatchRunOptions, Executor, ExecutorStats } from "./core/executor.ts";
export { referencesPrompt, type ReferencesPrompt } from "./executor/references-prompt.ts";
export type { ExecutorOptions } from "./executor/executor-options.ts";
export type { CircuitOptions } from "./limits/circuit-options.ts";
export type { AdaptiveOptions, PoolOptions } from "./limits/pool-options.ts";
export type { Batch, Eager, OnFailure, Parallel } from "./core/batch.ts";
export type { Call } from "./core/call.ts";
export type { CallRequest } from "./core/call-request.ts";
export type { ApprovalContext, Approve, Decision } from "./core/approvals.ts";
export { Cancellation } from "./core/cancel.ts";
export type { CancelCause } from "./core/cancel.ts";
export type { Gather, GatherContext } from "./core/gather.ts";
export type { Clock } from "./core/clock.ts";
export type { Effects, Footprint } from "./core/effects.ts";
export { TuttiError } from "./core/errors.ts";
export type { TuttiErrorCode } from "./core/errors.ts";
export type { BatchEvent, Listener, Wait, WaitFor } from "./core/event.ts";
export type { ExecutorEvents } from "./core/executor-events.ts";
export type { Answer, ExecutorEvent, ExecutorListener, LoopEvent, TurnEvent } from "./core/loop-event.ts";
export type { RunStatus, StopReason, TurnOrigin, Usage } from "./core/model-turn.ts";
export type {
  CallError,
  ErrorCode,
  ErrorOutcome,
  OkOutcome,
  Outcome,
  OutcomeStatus,
} from "./core/outcome.ts";
export type { ReferenceMode } from "./core/reference.ts";
export type { PoolStats } from "./core/pools.ts";
export type { HedgeOptions, RetryOptions, ShareOptions } from "./core/repeats.ts";
export { resource } from "./core/resource.ts";
export type { Resource } from "./core/resource.ts";
export type { JsonSchema, Schema, SchemaValue, StandardSchema } from "./core/schema.ts";
export { defineTool } from "./core/tool.ts";
export type {
  ExpectedMs,
  GatherToolOptions,
  PoolNames,
  ThreadToolOptions,
  Tool,
  ToolContext,
  ToolFacts,
  ToolOptions,
} from "./core/tool.ts";
export { ToolError, toolError, type ToolErrorOptions } from "./core/tool-error.ts";
export type { ThreadContext } from "./threads/thread-context.ts";
export type { ThreadsOptions } from "./threads/threads-options.ts";
export { encodeOutcome, encodeOutcomes } from "./results/encode.ts";
export { image } from "./results/image.ts";
export { memoryStore, type MemoryStoreOptions } from "./results/memory-store.ts";
export { createResultBudget, type ResultBudget } from "./results/result-budget.ts";
export type { ResultBudgetOptions, ResultOptions, ResultTokens } from "./results/budget-options.ts";
export { estimateTokens, type CountTokens } from "./results/tokens.ts";
export type {
  EncodedResult,
  ImageMediaType,
  ImagePart,
  ResultEncoder,
  ResultPart,
  ResultStore,
  TextPart,
} from "./core/result.ts";
