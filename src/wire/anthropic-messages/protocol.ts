/**
 * The JSON of Anthropic's Messages API, as far as Tutti reads and writes it; no SDK.
 *
 * What comes in is typed wide, so that the SDK's types, and blocks that are newer than this file, fit. What goes out is
 * typed narrow, so that it fits the SDK's parameters. At run time there is more of both: what is not known here passes
 * through as it came.
 */
import type { ImageMediaType } from "../../core/result.ts";

/** A content block as it comes in. */
export interface AnthropicBlock {
  readonly type: string;
}

/** Text. */
export interface AnthropicText {
  type: "text";
  text: string;
}

/** An image in base64. */
export interface AnthropicImage {
  type: "image";
  source: { type: "base64"; media_type: ImageMediaType; data: string };
}

/** A call for the client. */
export interface AnthropicToolUse {
  type: "tool_use";
  id: string;
  name: string;
  input: unknown;
  /** The toolset that a computer-use or browser tool belongs to; its result must name it too. */
  toolset_name?: string | null;
}

/** The result of a call. */
export interface AnthropicToolResult {
  type: "tool_result";
  tool_use_id: string;
  content: string | (AnthropicText | AnthropicImage)[];
  is_error?: boolean;
  toolset_name?: string;
}

/** An entry of the history. */
export interface AnthropicMessage {
  role: "user" | "assistant";
  content: string | (AnthropicText | AnthropicToolUse | AnthropicToolResult)[];
}

/** Token counts; `input_tokens` leaves out what was read from the cache and what was written to it. */
export interface AnthropicUsage {
  readonly input_tokens?: number | null;
  readonly output_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
}

/** A whole answer. */
export interface AnthropicResponse {
  readonly content: readonly AnthropicBlock[];
  readonly stop_reason?: string | null;
  readonly usage?: AnthropicUsage;
  readonly model?: string;
}

/** An event of a streamed answer. */
export type AnthropicEvent =
  | {
      readonly type: "message_start";
      readonly message: { readonly usage?: AnthropicUsage; readonly model?: string };
    }
  | { readonly type: "content_block_start"; readonly index: number; readonly content_block: AnthropicBlock }
  | {
      readonly type: "content_block_delta";
      readonly index: number;
      readonly delta: { readonly type: string };
    }
  | { readonly type: "content_block_stop"; readonly index: number }
  | {
      readonly type: "message_delta";
      readonly delta: { readonly stop_reason?: string | null };
      readonly usage?: AnthropicUsage;
    }
  | { readonly type: "message_stop" | "ping" }
  | { readonly type: "error"; readonly error: { readonly type: string; readonly message: string } };

/** The deltas of a block that are known. */
export type AnthropicDelta =
  | { readonly type: "text_delta"; readonly text: string }
  | { readonly type: "thinking_delta"; readonly thinking: string }
  | { readonly type: "signature_delta"; readonly signature: string }
  | { readonly type: "citations_delta"; readonly citation: unknown }
  | { readonly type: "input_json_delta"; readonly partial_json: string };

/** A tool as the provider wants it described. */
export interface AnthropicTool {
  name: string;
  description: string;
  input_schema: { type: "object"; [keyword: string]: unknown };
}
