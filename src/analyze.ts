/** `tutti/analyze`: what agents lose by asking for one call per turn, from the histories they leave behind. */
export {
  readSessions,
  SESSION_READERS,
  type Reading,
  type ReadSessionsOptions,
} from "./analyze/read-sessions.ts";
export type { SessionReader } from "./analyze/reader.ts";
export type { Content } from "./analyze/content.ts";
export type { Said, Session, SessionCall, SessionTurn } from "./analyze/session.ts";
export {
  analyzeSessions,
  type Analysis,
  type AnalyzeOptions,
  type ChainTurn,
  type MissedChain,
} from "./analyze/analysis.ts";
export type { Certainty, Evidence } from "./analyze/judge-turn.ts";
export type { Origin } from "./analyze/entry.ts";
export type { Savings } from "./analyze/savings.ts";
export type { Duplicate } from "./analyze/duplicates.ts";
export type { BigResult, SessionFigures, ToolFigures, WidthCount } from "./analyze/tables.ts";
export type { ToolKinds } from "./analyze/tool-kind.ts";
