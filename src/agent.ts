/** `tutti/agent`: the loop, for any model. */
export { runAgent, type Run } from "./agent/run-agent.ts";
export type { RunOptions } from "./agent/run-options.ts";
export type { RunResult } from "./agent/loop.ts";
export { metricsOf, type Metrics } from "./agent/metrics.ts";
export { nudgeText, type Nudge, type NudgeText } from "./agent/nudge.ts";
export {
  PROBE_VARIANTS,
  probeModel,
  whatHelps,
  type ProbeFigures,
  type ProbeOptions,
  type ProbeVariant,
} from "./agent/probe.ts";
export type { RunEvent, RunListener, RunStatus } from "./agent/run-event.ts";
export { convertHistory, type ConvertOptions } from "./wire/convert.ts";
export { capabilitiesOf } from "./wire/capabilities.ts";
export type { Capabilities, CapabilitySource } from "./wire/capability-table.ts";
export type { PlainCall, PlainMessage } from "./wire/plain-history.ts";
export type { Model, ModelRequest, ModelResponse } from "./model/model.ts";
export { streamedResponse, wholeResponse } from "./model/response.ts";
export type { Assembler, Progress, StopReason, Turn, Usage, Wire, WireHistory } from "./wire/wire.ts";
