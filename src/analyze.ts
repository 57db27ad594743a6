/** `tutti/analyze`: what agents lose by asking for one call per turn, from the histories they leave behind. */
export { readSessions, SESSION_READERS, type Reading, type ReadSessionsOptions } from "./analyze/read-sessions.ts";
export type { SessionReader } from "./analyze/reader.ts";
export type { Content } from "./analyze/content.ts";
export type { Said, Session, SessionCall, SessionTurn } from "./analyze/session.ts";
