/** What crosses into a thread of the context of a call. Nothing here needs a thread, or Node. */
import type { ToolContext } from "../core/tool.ts";

/**
 * What the `execute` of an isolated tool is given beside its input. There is no `signal`, because a call that is to stop has
 * its thread killed; nor `defer` and `run`, which are functions of the main thread.
 */
export type ThreadContext = Pick<ToolContext, "call" | "idempotencyKey" | "progress"> &
  Partial<Pick<ToolContext, "traceparent">>;
