/** Content of a trace whose writer took it out, or put a hash in its place. */
import { isRemoved } from "../../trace/content.ts";

/** A value, or undefined where only its place is known: two that are gone are not the same for that. */
export function recorded(value: unknown): unknown {
  return isRemoved(value) ? undefined : value;
}
