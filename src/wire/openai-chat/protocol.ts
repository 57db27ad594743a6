/**
 * The JSON of OpenAI's Chat Completions API and of the servers that imitate it, as far as Tutti reads and writes it; no SDK.
 *
 * What comes in is typed wide: every field may be missing, `null` or empty somewhere. What goes out is typed narrow, so that
 * it fits the SDK's parameters. What is not known here passes through as it came.
 */

/** A call, or a fragment of one, as it comes in. */
export interface ChatCallFragment {
  readonly index?: number | null;
  readonly id?: string | null;
  readonly type?: string | null;
  readonly function?: { readonly name?: string | null; readonly arguments?: unknown } | null;
  readonly custom?: { readonly name?: string | null; readonly input?: string | null } | null;
}

/** What the model says, whole or as an addition. */
export interface ChatDelta {
  readonly content?: unknown;
  readonly refusal?: string | null;
  readonly tool_calls?: readonly ChatCallFragment[] | null;
  /** The API before `tool_calls`. */
  readonly function_call?: { readonly name?: string | null; readonly arguments?: unknown } | null;
}

/** Token counts. Where the cached part is told differs. */
export interface ChatUsage {
  readonly prompt_tokens?: number | null;
  readonly completion_tokens?: number | null;
  readonly total_tokens?: number | null;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number | null } | null;
  /** Together. */
  readonly cached_tokens?: number | null;
  /** DeepSeek. */
  readonly prompt_cache_hit_tokens?: number | null;
}

/** One of several answers; Tutti asks for one, and reads the first. */
interface ChatChoice {
  readonly index?: number | null;
  readonly finish_reason?: string | null;
  /** Moonshot, in streams. https://github.com/earendil-works/pi/issues/2017 */
  readonly usage?: ChatUsage | null;
}

/** A whole answer. */
export interface ChatResponse {
  readonly choices?: readonly (ChatChoice & { readonly message: ChatDelta })[] | null;
  readonly usage?: ChatUsage | null | undefined;
  readonly model?: string | null;
  /** OpenRouter, with status 200. */
  readonly error?: unknown;
}

/** An event of a streamed answer. */
export interface ChatChunk {
  readonly choices?: readonly (ChatChoice & { readonly delta?: ChatDelta | null })[] | null;
  readonly usage?: ChatUsage | null | undefined;
  readonly model?: string | null;
  readonly error?: unknown;
}

/** A call as it goes back. */
export type ChatToolCall =
  | { id: string; type: "function"; function: { name: string; arguments: string } }
  | { id: string; type: "custom"; custom: { name: string; input: string } };

/** What the model said. */
export interface ChatAssistantMessage {
  role: "assistant";
  content?: string | null;
  refusal?: string | null;
  tool_calls?: ChatToolCall[];
}

/** The result of a call. */
export interface ChatToolMessage {
  role: "tool";
  tool_call_id: string;
  content: string;
}

/** A piece of a user's message. */
export type ChatContentPart =
  { type: "text"; text: string } | { type: "image_url"; image_url: { url: string } };

/** What a user said. */
export interface ChatUserMessage {
  role: "user";
  content: string | ChatContentPart[];
}

/** What whoever built the request said. */
interface ChatSystemMessage {
  role: "system" | "developer";
  content: string;
}

/** An entry of the history. */
export type ChatMessage = ChatAssistantMessage | ChatToolMessage | ChatUserMessage | ChatSystemMessage;

/** A tool as the provider wants it described. */
export type ChatTool =
  | {
      type: "function";
      function: { name: string; description: string; parameters: { [keyword: string]: unknown } };
    }
  | { type: "custom"; custom: { name: string; description: string } };
