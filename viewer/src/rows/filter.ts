/** Which calls are shown: by tool, by how they ended, and by a phrase. */
import { subjectOf } from "../../../src/trace/labels.ts";
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
  const phrase = search.toLowerCase().trim();
  if (phrase === "" && tools === undefined && statuses === undefined) return undefined;
  return (call) => {
    if (tools?.has(call.call.name) === false || statuses?.has(call.status) === false) return false;
    return phrase === "" || textOf(call).includes(phrase);
  };
}

/** What is searched: the call as the list writes it, its keys, its input, how it ended, and what went wrong. */
function textOf(traced: TracedCall): string {
  const { key, call, error, status } = traced;
  const label = `${call.name} ${subjectOf(call)}`;
  return [label, key, call.id, JSON.stringify(call.input), status, error?.code, error?.message]
    .filter((part) => part !== undefined)
    .join("\n")
    .toLowerCase();
}
