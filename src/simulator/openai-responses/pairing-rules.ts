/**
 * Every call has its output behind it, and every output its call (O8). Where between other items an output stands does not
 * matter to OpenAI; DeepSeek wants the outputs of calls right behind them.
 */
import { first } from "../first.ts";
import { type Fault } from "../openai/fault.ts";
import { isCall, isModels, isOutput, itemsOf, type InputItem, type Rule } from "./request.ts";

/** Calls and outputs. */
export const checkPairing: Rule = (request) => {
  const items = itemsOf(request);
  const called = new Map<string, boolean>();
  const stray = first(items, (item) => {
    const id = String(item["call_id"]);
    if (isCall(item)) {
      if (called.has(id)) return { message: `Duplicate call_id found in input: ${id}.`, param: "input" };
      called.set(id, false);
    } else if (isOutput(item)) {
      if (called.get(id) !== false) return orphan(item);
      called.set(id, true);
    }
    return undefined;
  });
  if (stray !== undefined) return stray;
  const unanswered = items.find((item) => isCall(item) && called.get(String(item["call_id"])) === false);
  return unanswered && unansweredCall(unanswered);
};

/**
 * DeepSeek's own rule: what the model says between two calls, or between calls and their outputs, leaves the first without
 * one. https://github.com/Kohaku-Lab/KohakuTerrarium/issues/322
 */
export const checkAdjacentResults: Rule = (request) => {
  const items = itemsOf(request);
  return first(items, (item, index) => {
    if (!isCall(item)) return undefined;
    const end = items.findIndex((other, i) => i > index && !isCall(other) && !isOutput(other));
    const behind = items.slice(index + 1, end === -1 ? undefined : end);
    if (behind.some((other) => isOutput(other) && other["call_id"] === item["call_id"])) return undefined;
    return {
      message: `No tool output found for tool call ${String(item["call_id"])}.`,
      code: "invalid_request_error",
    };
  });
};

/** No item is there twice: the provider knows them by their ids. */
export const checkItemIds: Rule = (request) => {
  const known = new Set<string>();
  return first(itemsOf(request), ({ id }) => {
    if (typeof id !== "string") return undefined;
    if (known.has(id)) {
      const message = `Duplicate item found with id ${id}. Remove duplicate items from your input and try again.`;
      return { message, param: "input" };
    }
    known.add(id);
    return undefined;
  });
};

/**
 * The item of the model's that follows on reasoning. A message counts only with its id: one that a client has written anew was
 * recorded as refused.
 */
export function followerOf(items: readonly InputItem[], index: number): InputItem | undefined {
  const next = items.slice(index + 1).find(({ type }) => type !== "reasoning");
  if (next === undefined || !isModels(next)) return undefined;
  const isMessage = next.type === undefined || next.type === "message";
  return isMessage && next["id"] === undefined ? undefined : next;
}

function orphan(item: InputItem): Fault {
  const kind = item.type === "function_call_output" ? "function call" : "custom tool call";
  const message = `No tool call found for ${kind} output with call_id ${String(item["call_id"])}.`;
  return { message, param: "input" };
}

function unansweredCall(item: InputItem): Fault {
  const kind = item.type === "function_call" ? "function call" : "custom tool call";
  return { message: `No tool output found for ${kind} ${String(item["call_id"])}.`, param: "input" };
}
