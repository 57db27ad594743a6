/** Why Gemini says that it stopped. https://ai.google.dev/api/generate-content#FinishReason */
import type { StopReason } from "../wire.ts";

const STOPS: ReadonlyMap<string, StopReason> = new Map([
  ["STOP", "end"],
  ["MAX_TOKENS", "truncated"],
  // Google's client goes on by itself with the token that comes with it; seen here, nobody did.
  ["CONTINUATION", "truncated"],
  ["SAFETY", "refused"],
  ["RECITATION", "refused"],
  ["LANGUAGE", "refused"],
  ["BLOCKLIST", "refused"],
  ["PROHIBITED_CONTENT", "refused"],
  ["SPII", "refused"],
  ["MODEL_ARMOR", "refused"],
  ["IMAGE_SAFETY", "refused"],
  ["IMAGE_PROHIBITED_CONTENT", "refused"],
  ["IMAGE_RECITATION", "refused"],
]);

const FAILURES: ReadonlySet<string> = new Set([
  "MALFORMED_FUNCTION_CALL",
  "MALFORMED_RESPONSE",
  "MISSING_THOUGHT_SIGNATURE",
  "NO_IMAGE",
  "TOO_MANY_TOOL_CALLS",
  "UNEXPECTED_TOOL_CALL",
]);

/** The reasons whose numbers Google AI and Vertex agree on; from 6 on they differ. */
const NUMBERED = ["", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "OTHER"];

/** The word of a reason; empty if none was given. */
export function reasonOf(finishReason: string | number | null | undefined): string {
  if (finishReason === undefined || finishReason === null) return "";
  if (typeof finishReason === "number") return NUMBERED[finishReason] ?? `the reason ${finishReason}`;
  return finishReason === "FINISH_REASON_UNSPECIFIED" ? "" : finishReason;
}

/** What a reason says of the turn; undefined for `OTHER`, and for those of tomorrow. */
export function stopOf(reason: string): StopReason | undefined {
  return STOPS.get(reason);
}

/** Whether a reason says that what came is no turn at all: the provider threw away what the model wrote. */
export function isFailure(reason: string): boolean {
  return FAILURES.has(reason);
}
