/** A request to Anthropic's Messages API, as far as the simulator looks into it. Only what `checkShape` has passed is one. */

/** A content block: `type` says which fields it has. */
export interface ContentBlock {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A message as it was sent. */
export interface RequestMessage {
  readonly role: "user" | "assistant" | "system";
  readonly content: string | readonly ContentBlock[];
}

/** A tool as it was declared; one with another `type` than `custom` is run by the provider. */
export interface RequestTool {
  readonly type?: string | null;
  readonly name: string;
  readonly strict?: boolean;
}

/** The body of a request. */
export interface MessagesRequest {
  readonly model: string;
  readonly max_tokens: number;
  readonly stream?: boolean;
  /** A text, or blocks of text. */
  readonly system?: unknown;
  readonly messages: readonly RequestMessage[];
  readonly tools?: readonly RequestTool[];
  readonly tool_choice?: {
    readonly type?: string;
    readonly name?: string;
    readonly disable_parallel_tool_use?: boolean;
  } | null;
  readonly thinking?: { readonly type: string } | null;
}

/** A rule of the provider: the text of its refusal, or undefined where it holds. */
export type Rule = (request: MessagesRequest) => string | undefined;

/** The content of a message as blocks. */
export function blocksOf(message: RequestMessage): readonly ContentBlock[] {
  return typeof message.content === "string" ? [{ type: "text", text: message.content }] : message.content;
}
