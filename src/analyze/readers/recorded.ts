/** Content of a trace whose writer took it out, or put a hash in its place. */
import { REMOVED } from "../../trace/content.ts";

/** A value, or undefined where only its place is known: two that are gone are not the same for that. */
export function recorded(value: unknown): unknown {
  return typeof value === "string" && (value === REMOVED || /^\[sha256 [0-9a-f]+\]$/.test(value))
    ? undefined
    : value;
}
