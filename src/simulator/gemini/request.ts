/** A request to generateContent, as far as the simulator looks into it. Only what `checkShape` has passed is one. */

/** A call. */
export interface RequestCall {
  readonly id?: string;
  readonly name: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** A result. */
export interface RequestResponse {
  readonly id?: string;
  readonly name: string;
  readonly response: Readonly<Record<string, unknown>>;
  readonly parts?: readonly unknown[];
}

/** A part of a content: which field it has says what it is. */
export interface RequestPart {
  readonly text?: string;
  readonly thought?: boolean;
  readonly thoughtSignature?: string;
  readonly functionCall?: RequestCall;
  readonly functionResponse?: RequestResponse;
  readonly [field: string]: unknown;
}

/** A content as it was sent. */
export interface RequestContent {
  readonly role?: "user" | "model";
  readonly parts: readonly RequestPart[];
}

/** The body of a request. */
export interface GeminiRequest {
  readonly contents: readonly RequestContent[];
  readonly systemInstruction?: { readonly parts?: readonly RequestPart[] };
  readonly tools?: readonly {
    readonly functionDeclarations?: readonly { readonly name: string; readonly parameters?: unknown }[];
  }[];
  readonly toolConfig?: { readonly functionCallingConfig?: { readonly mode?: string } };
  readonly generationConfig?: { readonly thinkingConfig?: { readonly includeThoughts?: boolean } };
}

/** What the referee knows beside the body. */
export interface Circumstances {
  /** Gemini 3 or newer, which gives ids and wants signatures back; a model that is not known counts as one. */
  readonly isNew: boolean;
  /** Google's cloud rather than Google AI. */
  readonly isVertex: boolean;
}

/** A rule of the provider: the text of its refusal, or undefined where it holds. */
export type Rule = (request: GeminiRequest, circumstances: Circumstances) => string | undefined;

/** The calls of a content. */
export function callsOf({ parts }: RequestContent): readonly RequestCall[] {
  return parts.flatMap(({ functionCall: call }) => (call === undefined ? [] : [call]));
}

/** The results in a content. */
export function responsesOf({ parts }: RequestContent): readonly RequestResponse[] {
  return parts.flatMap(({ functionResponse: response }) => (response === undefined ? [] : [response]));
}

/** Whether a model is Gemini 3 or newer. */
export function isNewModel(model: string): boolean {
  return !/(^|\/)gemini-[12]\b/.test(model);
}

/** What a path says: `/v1beta/models/gemini-3.6-flash:generateContent`. */
export function readPath(path: string): Record<"version" | "model" | "method", string> {
  const [, version = "", model = "", method = ""] = /^\/(\w+)\/.*\bmodels\/([^/:]+):(\w+)$/.exec(path) ?? [];
  return { version, model, method };
}
