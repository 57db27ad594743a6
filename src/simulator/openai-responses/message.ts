/** A response of the Responses API as a whole, and its envelope, which the stream repeats. */
import type { Reply } from "../protocol.ts";
import { endedItem, itemBlocks, wishesOf } from "./items.ts";

/** The second in which all simulated responses were made. */
const CREATED = 1_790_000_000;

/** The response as a client gets it that did not ask for a stream. */
export function writeMessage(reply: Reply): Record<string, unknown> {
  const { timeline, quirks } = reply;
  const last = timeline.beats.at(-1);
  const stop = last?.kind === "stop" ? last.stop : "truncated";
  const isHidden = stop === "truncated" && quirks.has("hidden-truncation");
  const isIncomplete = (stop === "truncated" && !isHidden) || stop === "refused";
  const reason = stop === "refused" ? "content_filter" : "max_output_tokens";
  const output = itemBlocks(reply).flatMap((index) => endedItem(reply, index) ?? []);
  return {
    ...envelope(reply, isIncomplete ? "incomplete" : "completed"),
    incomplete_details: isIncomplete ? { reason } : null,
    output,
    usage: usageOf(reply),
  };
}

/** What a response says of itself before it says anything else. */
export function envelope(reply: Reply, status: string): Record<string, unknown> {
  const { token, model } = reply;
  return {
    id: `resp_${token}`,
    object: "response",
    created_at: CREATED,
    status,
    background: false,
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: null,
    model,
    output: [],
    parallel_tool_calls: true,
    previous_response_id: null,
    store: wishesOf(reply).store,
    usage: null,
  };
}

function usageOf({ usage }: Reply): Record<string, unknown> {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}
