/**
 * The JSON of Gemini's generateContent and streamGenerateContent, as far as Tutti reads and writes it; no SDK.
 *
 * What comes in is typed wide, so that the SDK's types, and parts that are newer than this file, fit. What goes out is
 * typed narrow, so that it fits the SDK's parameters. At run time there is more of both: what is not known here passes
 * through as it came.
 */

/** A part of a content as it comes in. One that holds none of these is of a kind that is not known here. */
export interface GeminiPart {
  readonly text?: string;
  /** Whether the text is a summary of the model's thoughts. */
  readonly thought?: boolean;
  /** What the API wants back with the part that it came on. */
  readonly thoughtSignature?: string;
  readonly functionCall?: GeminiCall;
}

/** A call for the client. The provider's own tools have parts of other kinds. */
export interface GeminiCall {
  readonly id?: string;
  readonly name?: string;
  readonly args?: Record<string, unknown>;
  /** Arguments of a call that comes in pieces, which Vertex sends on demand. */
  readonly partialArgs?: readonly GeminiPartialArg[];
  /** Whether the next part goes on with this call. */
  readonly willContinue?: boolean;
}

/** A value at a path of a call's arguments, or a piece of one that is a string. */
export interface GeminiPartialArg {
  /** A JSONPath, RFC 9535: `$.foo.bar[0].data`. */
  readonly jsonPath?: string;
  readonly stringValue?: string;
  readonly numberValue?: number;
  readonly boolValue?: boolean;
  readonly nullValue?: "NULL_VALUE";
  /** Whether the next piece goes on with this string. */
  readonly willContinue?: boolean;
}

/** Text in a content that goes out. */
export interface GeminiTextPart {
  text: string;
}

/** A call in a content that goes out. */
export interface GeminiCallPart {
  functionCall: { id?: string; name: string; args?: Record<string, unknown> };
  thoughtSignature?: string;
}

/** An image of a result. */
export interface GeminiResultBlob {
  inlineData: { mimeType: string; data: string };
}

/** The result of a call. */
export interface GeminiResultPart {
  functionResponse: {
    id?: string;
    name: string;
    response: Record<string, unknown>;
    parts?: GeminiResultBlob[];
  };
}

/** An entry of the history. */
export interface GeminiContent {
  role: "user" | "model";
  parts: (GeminiTextPart | GeminiCallPart | GeminiResultPart)[];
}

/** Token counts; the prompt's holds what was read from the cache. */
export interface GeminiUsage {
  readonly promptTokenCount?: number;
  readonly cachedContentTokenCount?: number;
  /** What the provider's own tools brought in. */
  readonly toolUsePromptTokenCount?: number;
  readonly candidatesTokenCount?: number;
  readonly thoughtsTokenCount?: number;
}

/** One of the answers of a response. */
export interface GeminiCandidate {
  readonly content?: { readonly parts?: readonly GeminiPart[] };
  /** A word, or its number where a client asked for numbers. */
  readonly finishReason?: string | number;
  readonly finishMessage?: string;
  readonly index?: number;
}

/** A whole response, and a chunk of a streamed one: they look the same. */
export interface GeminiResponse {
  readonly candidates?: readonly GeminiCandidate[];
  /** Says why there is no answer. */
  readonly promptFeedback?: { readonly blockReason?: string };
  readonly usageMetadata?: GeminiUsage;
  readonly modelVersion?: string;
  /** What a server sends when it fails in the middle of a stream. */
  readonly error?: { readonly status?: string; readonly message?: string };
}

/** The tools as the provider wants them described: all of them in one entry. */
export interface GeminiTool {
  functionDeclarations: GeminiDeclaration[];
}

/** A tool as the provider wants it described. */
export interface GeminiDeclaration {
  name: string;
  description: string;
  parametersJsonSchema?: { [keyword: string]: unknown };
}
