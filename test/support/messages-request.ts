/** Requests to the Messages API for tests, and what the referee says of them. */
import { judge } from "../../src/simulator/anthropic-messages/referee.ts";

/** A content block, of any type. */
export type Block = Record<string, unknown>;

/** A request around a conversation: valid but for what the test puts in. */
export function request(messages: unknown, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    model: "claude-sonnet-4-6",
    max_tokens: 1024,
    tools: [tool("read"), tool("write")],
    messages,
    ...more,
  };
}

/** A declared tool. */
export function tool(name: string): Block {
  return { name, input_schema: { type: "object" } };
}

/** A message of the user. */
export function user(...content: (Block | string)[]): Block {
  return { role: "user", content: content.map(asBlock) };
}

/** A message of the assistant. */
export function assistant(...content: (Block | string)[]): Block {
  return { role: "assistant", content: content.map(asBlock) };
}

/** A call. */
export function call(id: string, name = "read"): Block {
  return { type: "tool_use", id, name, input: {} };
}

/** The result of a call. */
export function result(id: string, content: unknown = "done"): Block {
  return { type: "tool_result", tool_use_id: id, content };
}

/** The text of the referee's refusal, or undefined if the request passes. */
export function refusalOf(body: unknown): string | undefined {
  const refusal = judge(body);
  return (refusal?.body["error"] as { message: string } | undefined)?.message;
}

function asBlock(content: Block | string): Block {
  return typeof content === "string" ? { type: "text", text: content } : content;
}
