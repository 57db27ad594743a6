/** `tutti/agent`: the loop, for any model. */
export { runAgent, type Run } from "./agent/run-agent.ts";
export type { RunOptions } from "./agent/run-options.ts";
export type { RunResult } from "./agent/loop.ts";
export type { RunEvent, RunListener, RunStatus } from "./agent/run-event.ts";
export type { Model, ModelRequest, ModelResponse } from "./model/model.ts";
export { streamedResponse, wholeResponse } from "./model/response.ts";
export type { Assembler, Progress, StopReason, Turn, Usage, Wire, WireHistory } from "./wire/wire.ts";
