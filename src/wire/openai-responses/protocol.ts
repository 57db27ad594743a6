/**
 * The JSON of OpenAI's Responses API, as far as Tutti reads and writes it; no SDK.
 *
 * What comes in is typed wide, so that the SDK's types, and items that are newer than this file, fit. What goes out is
 * typed narrow, so that it fits the SDK's parameters. At run time there is more of both: what is not known here passes
 * through as it came.
 */

/** An output item as it comes in. */
export interface ResponsesItem {
  readonly type: string;
  readonly id?: string | null;
}

/** A call for the client, its arguments as JSON text. */
export interface ResponsesFunctionCall {
  type: "function_call";
  id?: string;
  call_id: string;
  name: string;
  arguments: string;
  status?: "in_progress" | "completed" | "incomplete";
  caller?: ResponsesCaller | null;
}

/** Who makes a call: the model itself, or a program that it has written and the server runs. */
export type ResponsesCaller = { type: "direct" } | { type: "program"; caller_id: string };

/** A call for the client whose input is free text. */
export interface ResponsesCustomCall {
  type: "custom_tool_call";
  id?: string;
  call_id: string;
  name: string;
  input: string;
  caller?: ResponsesCaller | null;
}

/** A piece of a result. */
export type ResponsesOutputPart =
  { type: "input_text"; text: string } | { type: "input_image"; image_url: string; detail: "auto" };

/** The result of a call. */
export interface ResponsesCallOutput {
  type: "function_call_output" | "custom_tool_call_output";
  call_id: string;
  output: string | ResponsesOutputPart[];
  caller?: ResponsesCaller;
}

/** What somebody said. */
export interface ResponsesInputMessage {
  type?: "message";
  role: "user" | "system" | "developer" | "assistant";
  content: string;
}

/** An entry of the history: one item. */
export type ResponsesMessage =
  ResponsesInputMessage | ResponsesFunctionCall | ResponsesCustomCall | ResponsesCallOutput;

/** Token counts; what was read from the cache is part of the input. */
export interface ResponsesUsage {
  readonly input_tokens?: number | null;
  readonly output_tokens?: number | null;
  readonly input_tokens_details?: { readonly cached_tokens?: number | null } | null;
}

/** Why an answer failed. */
export interface ResponsesFailure {
  readonly code?: string | null;
  readonly message?: string | null;
}

/** A whole answer. */
export interface ResponsesResponse {
  readonly output?: readonly ResponsesItem[];
  readonly status?: string | null;
  readonly incomplete_details?: { readonly reason?: string | null } | null;
  readonly error?: ResponsesFailure | null;
  readonly usage?: ResponsesUsage | null;
  readonly model?: string | null;
  /** Whether the server keeps the items, so that they can be told by their ids. */
  readonly store?: boolean | null;
}

/** An event of a streamed answer. */
export interface ResponsesEvent {
  readonly type: string;
}

/** The fields of the events that are known; each has some of them. */
export interface ResponsesEventFields extends ResponsesEvent, ResponsesFailure {
  readonly response?: ResponsesResponse;
  readonly item?: ResponsesItem;
  readonly output_index?: number;
  readonly item_id?: string;
  readonly delta?: string;
  readonly arguments?: string;
  readonly input?: string;
  readonly error?: ResponsesFailure | null;
}

/** A tool as the provider wants it described. */
export type ResponsesTool =
  | {
      type: "function";
      name: string;
      description: string;
      parameters: { [keyword: string]: unknown };
      strict: boolean;
    }
  | { type: "custom"; name: string; description: string };
