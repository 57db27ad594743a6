/** What calls are called wherever they are shown, and the signs beside how they ended. Text, as the input has it: whoever shows it sees to the rest. */
import type { Call } from "../core/call.ts";
import type { CallStatus } from "./trace.ts";

/** A sign for how a call or a turn ended, so that colour is never the only one. */
export const STATUS_SIGNS: Readonly<Record<CallStatus | "broken" | "ended", string>> = {
  going: "…",
  ok: "✓",
  ended: "",
  failed: "✗",
  "timed-out": "✗",
  broken: "✗",
  cancelled: "–",
  skipped: "–",
  denied: "–",
};

const MAX_SUBJECT = 80;

/** What a call is about, as far as its input says so in a word; in one line. */
export function subjectOf({ input }: Pick<Call, "input">): string {
  const values = typeof input === "object" && input !== null ? Object.values(input) : [input];
  const word = values.find((value) => typeof value === "string" || typeof value === "number");
  if (word === undefined) return "";
  // Not half of a character that is made of two.
  const begin = String(word)
    .slice(0, MAX_SUBJECT)
    .replace(/[\ud800-\udbff]$/, "");
  return begin.replace(/\s+/g, " ").trim();
}
