/** `tutti/trace`: what an executor did, written, read and counted. */
export { recordTrace, type RecordOptions } from "./trace/record-trace.ts";
export type { ContentPlace, TraceContent } from "./trace/content.ts";
export { toChromeTrace, type ChromeEvent, type ChromeTrace } from "./trace/chrome-trace.ts";
export { openTrace } from "./trace/open-trace.ts";
export { toTraceLine } from "./trace/trace-line.ts";
export { parseTrace, parseTraceLine, type ParsedTrace } from "./trace/parse-trace.ts";
export { readTrace, TraceReader } from "./trace/read-trace.ts";
export { criticalPath, type PathStep } from "./trace/critical-path.ts";
export { figuresOf, type Figures, type WaitTotal } from "./trace/figures.ts";
export {
  pathParts,
  pathTotals,
  type PathParts,
  type PathTotal,
  type PathTotals,
} from "./trace/path-totals.ts";
export { failedCalls, toolFigures, type ToolFigures } from "./trace/tool-figures.ts";
export {
  compareTraces,
  type Both,
  type ComparedCall,
  type ComparedTurn,
  type Comparison,
} from "./trace/compare.ts";
export { slotUse, type SlotStep, type SlotUse } from "./trace/slot-use.ts";
export {
  callsByKey,
  explainStep,
  explainWait,
  sentenceOf,
  waitsOfCall,
  type SentencePart,
  type WaitPlace,
} from "./trace/explain.ts";
export { TRACE_VERSION, type TraceEvent, type TraceOpened } from "./trace/trace-event.ts";
export type {
  CallStatus,
  Stretch,
  ThrownFacts,
  Trace,
  TracedAttempt,
  TracedCall,
  TracedExecutor,
  TracedRun,
  TracedTool,
  TracedTurn,
  TracedWait,
} from "./trace/trace.ts";
