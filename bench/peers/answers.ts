/** What a request says to the model of the calls that it made: read from the body, in the words of the protocol. */
import type { ProtocolName } from "../../src/simulator/simulator.ts";

/** Counts over the calls of the conversation. */
export interface Answers {
  /** Calls that the request still knows of. */
  readonly calls: number;
  /** Calls with one result each. */
  readonly answered: number;
  /** Results with what a sibling found. */
  readonly found: number;
}

interface Item {
  readonly type?: string;
  readonly id?: string;
  readonly call_id?: string;
  readonly tool_use_id?: string;
  readonly content?: unknown;
  readonly output?: unknown;
}

/** Counts them. */
export function answersIn(protocol: ProtocolName, body: unknown): Answers {
  const items = protocol === "openai-responses" ? itemsOf(body, "input") : blocksOf(body);
  const [call, result] =
    protocol === "openai-responses" ? ["function_call", "function_call_output"] : ["tool_use", "tool_result"];
  const calls = items.filter(({ type }) => type === call).map((item) => item.call_id ?? item.id);
  const results = items.filter(({ type }) => type === result);
  const idOf = (item: Item) => item.tool_use_id ?? item.call_id;
  return {
    calls: calls.length,
    answered: calls.filter((id) => results.filter((item) => idOf(item) === id).length === 1).length,
    found: results.filter((item) => JSON.stringify(item.content ?? item.output).includes("treasure")).length,
  };
}

function blocksOf(body: unknown): Item[] {
  return itemsOf(body, "messages").flatMap(({ content }) =>
    Array.isArray(content) ? (content as Item[]) : [],
  );
}

function itemsOf(body: unknown, field: string): Item[] {
  const items = (body as Record<string, unknown> | undefined)?.[field];
  return Array.isArray(items) ? (items as Item[]) : [];
}
