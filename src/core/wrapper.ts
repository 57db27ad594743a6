/**
 * Calls wrapped in one: in the batch tool, or in a tool that does not exist. A model sometimes asks for
 * `multi_tool_use.parallel`, or for `parallel`, with a list of the calls it means. The calls inside are run as calls of the batch,
 * and answered together (contract §7).
 */
import type { CallRequest } from "./call-request.ts";
import type { LiveCall } from "./live-call.ts";
import type { Outcome } from "./outcome.ts";
import type { Tool } from "./tool.ts";

const WRAPPERS: readonly string[] = ["multi_tool_use.parallel", "parallel"];

/** Whether calls of a name, and of the tool of that name if there is one, are wrappers. */
export function isWrapper(name: string, tool: Tool | undefined): boolean {
  return tool === undefined ? WRAPPERS.includes(name) : tool.wraps;
}

/** The calls that an input wraps; undefined if it is no list of calls. */
export function unwrap(input: unknown): CallRequest[] | undefined {
  if (!isRecord(input)) return undefined;
  const list = input["tool_uses"] ?? input["calls"];
  if (!Array.isArray(list)) return undefined;
  const calls = list.map(readCall);
  return calls.every((call) => call !== undefined) ? calls : undefined;
}

/** The wrappers of one batch, and the calls in each. */
export class Wrappers {
  readonly #wrappers = new Map<LiveCall, { readonly calls: LiveCall[]; unsettled: number }>();

  /** A call turned out to wrap this many. */
  add(wrapper: LiveCall, count: number): void {
    this.#wrappers.set(wrapper, { calls: [], unsettled: count });
  }

  has(live: LiveCall): boolean {
    return this.#wrappers.has(live);
  }

  /** The calls in a wrapper; grows. */
  callsIn(wrapper: LiveCall): LiveCall[] {
    return this.#wrappers.get(wrapper)?.calls ?? [];
  }

  /** A call has settled: its wrapper, and what answers it, if this was the last one in it. */
  settled({ wrapper }: LiveCall): { readonly live: LiveCall; readonly output: unknown[] } | undefined {
    const inside = wrapper && this.#wrappers.get(wrapper);
    if (wrapper === undefined || inside === undefined || --inside.unsettled > 0) return undefined;
    return { live: wrapper, output: inside.calls.map((live) => answerOf(live.outcome)) };
  }
}

function answerOf({ call, status, output, error }: Outcome): unknown {
  if (error === undefined) return { name: call.name, status, output };
  const { code, message, retryable, mayHaveTakenEffect } = error;
  return { name: call.name, status, error: { code, message, retryable, mayHaveTakenEffect } };
}

function readCall(item: unknown): CallRequest | undefined {
  if (!isRecord(item)) return undefined;
  const name = item["recipient_name"] ?? item["name"];
  const input = item["parameters"] ?? item["arguments"] ?? item["input"] ?? {};
  if (typeof name !== "string") return undefined;
  // The model names a tool by the namespace it imagines it in.
  const bare = name.replace(/^functions\./, "");
  return typeof input === "string" ? { name: bare, inputText: input } : { name: bare, input };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
