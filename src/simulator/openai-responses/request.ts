/** A request to the Responses API, as far as the simulator looks into it. Only what `checkShape` has passed is one. */
import type { Fault } from "../openai/fault.ts";

/** An item of the input: `type` says which fields it has; a message may leave it out. */
export interface InputItem {
  readonly type?: string;
  readonly [field: string]: unknown;
}

/** A tool as it was declared; those of other types than `function` and `custom` are the provider's own. */
export interface RequestTool {
  readonly type: string;
  readonly name?: string;
  readonly parameters?: unknown;
  readonly strict?: boolean | null;
}

/** The body of a request. */
export interface ResponsesRequest {
  readonly model: string;
  readonly input: string | readonly InputItem[];
  readonly instructions?: string | null;
  readonly stream?: boolean | null;
  readonly store?: boolean | null;
  readonly include?: readonly string[] | null;
  readonly tools?: readonly RequestTool[] | null;
  readonly tool_choice?: unknown;
  readonly parallel_tool_calls?: boolean | null;
  readonly previous_response_id?: string | null;
  readonly reasoning?: unknown;
}

/** A rule of the provider: what is wrong, or undefined where it holds. */
export type Rule = (request: ResponsesRequest) => Fault | undefined;

/** The input as items. */
export function itemsOf({ input }: Pick<ResponsesRequest, "input">): readonly InputItem[] {
  return typeof input === "string" ? [{ type: "message", role: "user", content: input }] : input;
}

/** Whether an item is a call for the client. */
export function isCall({ type }: InputItem): boolean {
  return type === "function_call" || type === "custom_tool_call";
}

/** Whether an item is the result of one. */
export function isOutput({ type }: InputItem): boolean {
  return type === "function_call_output" || type === "custom_tool_call_output";
}

/** Whether an item is the model's: all but what users, instructions and results say. */
export function isModels(item: InputItem): boolean {
  if (isOutput(item)) return false;
  return item.type === undefined || item.type === "message" ? item["role"] === "assistant" : true;
}
