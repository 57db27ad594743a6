/** A request to Chat Completions, as far as the simulator looks into it. Only what `checkShape` has passed is one. */
import type { Fault } from "../openai/fault.ts";

/** A call of the model's. */
export interface RequestCall {
  readonly id: string;
  readonly type?: string;
  readonly function?: { readonly name: string; readonly arguments: string };
  readonly custom?: { readonly name: string; readonly input: string };
}

/** A message as it was sent. */
export interface RequestMessage {
  readonly role: "system" | "developer" | "user" | "assistant" | "tool" | "function";
  readonly content?: unknown;
  readonly tool_calls?: readonly RequestCall[] | null;
  readonly tool_call_id?: string;
  readonly [field: string]: unknown;
}

/** A tool as it was declared. */
export interface RequestTool {
  readonly type: string;
  readonly function?: {
    readonly name: string;
    readonly parameters?: Readonly<Record<string, unknown>>;
    readonly strict?: boolean | null;
  };
  readonly custom?: { readonly name: string };
}

/** The body of a request. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly RequestMessage[];
  readonly stream?: boolean | null;
  readonly stream_options?: { readonly include_usage?: boolean } | null;
  readonly tools?: readonly RequestTool[] | null;
  readonly tool_choice?: unknown;
  readonly parallel_tool_calls?: boolean | null;
  readonly max_tokens?: number | null;
  readonly max_completion_tokens?: number | null;
}

/** A rule of the provider: what is wrong, or undefined where it holds. */
export type Rule = (request: ChatRequest) => Fault | undefined;

/** The calls of a message. */
export function callsOf({ tool_calls: calls }: RequestMessage): readonly RequestCall[] {
  return calls ?? [];
}

/** The name of a tool, of whichever kind. */
export function nameOf({ function: called, custom }: Pick<RequestTool, "function" | "custom">): string {
  return called?.name ?? custom?.name ?? "";
}
