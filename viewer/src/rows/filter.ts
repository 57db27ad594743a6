/** Which calls are shown: by tool, by how they ended, and by words. */
import type { CallStatus, TracedCall } from "../../../src/trace/trace.ts";

/** What calls must be like. */
export interface Filter {
  readonly search: string;
  /** Undefined for all. */
  readonly tools: ReadonlySet<string> | undefined;
  /** Undefined for all. */
  readonly statuses: ReadonlySet<CallStatus> | undefined;
}

/** The test that a filter comes to; undefined if every call passes. */
export function testOf({ search, tools, statuses }: Filter): ((call: TracedCall) => boolean) | undefined {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 && tools === undefined && statuses === undefined) return undefined;
  return (call) => {
    if (tools?.has(call.call.name) === false || statuses?.has(call.status) === false) return false;
    if (words.length === 0) return true;
    const text = textOf(call);
    return words.every((word) => text.includes(word));
  };
}

/** What is searched: the tool, the key, the provider's id, the input, and what went wrong. */
function textOf({ key, call, error, status }: TracedCall): string {
  const parts = [key, call.name, call.id, JSON.stringify(call.input), status, error?.code, error?.message];
  return parts.filter((part) => part !== undefined).join(" ").toLowerCase();
}
