/** Requests to Gemini for tests, and what the referee says of them. */
import { judge } from "../../src/simulator/gemini/referee.ts";
import type { Quirk } from "../../src/simulator/protocol.ts";

/** A part of a content, of any kind. */
export type Part = Readonly<Record<string, unknown>>;

/** A content of a request. */
export interface Content {
  readonly role: string;
  readonly parts: readonly Part[];
}

/** What else a call has. */
interface CallOptions {
  readonly id?: string;
  /** @default one of those that Google gives out for calls that no Gemini made */
  readonly signature?: string;
  readonly args?: unknown;
}

/** Who is asked, and how it departs from the protocol. */
export interface Asked {
  /** @default "gemini-3.6-flash" */
  readonly model?: string;
  readonly quirks?: readonly Quirk[];
}

/** A signature that is taken of any call: https://ai.google.dev/gemini-api/docs/thought-signatures */
export const DUMMY = "skip_thought_signature_validator";

/** A request around a conversation: valid but for what the test puts in. */
export function request(contents: unknown, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { contents, tools: [{ functionDeclarations: [tool("read"), tool("write")] }], ...more };
}

/** A declared tool. */
export function tool(name: string): Record<string, unknown> {
  const properties = { path: { type: "string" } };
  return { name, description: "A file.", parametersJsonSchema: { type: "object", properties } };
}

/** A content of the user. */
export function user(...parts: (Part | string)[]): Content {
  return { role: "user", parts: parts.map(asPart) };
}

/** A content of the model. */
export function model(...parts: (Part | string)[]): Content {
  return { role: "model", parts: parts.map(asPart) };
}

/** A call that is signed: the first one of a response. */
export function signed(name = "read", { signature = DUMMY, ...more }: CallOptions = {}): Part {
  return { ...call(name, more), thoughtSignature: signature };
}

/** A call without a signature: a later one of a response. */
export function call(name = "read", { id, args = {} }: CallOptions = {}): Part {
  return { functionCall: { ...(id !== undefined && { id }), name, args } };
}

/** The result of a call. */
export function result(name = "read", { id, response = { output: "done" } }: ResultOptions = {}): Part {
  return { functionResponse: { ...(id !== undefined && { id }), name, response } };
}

interface ResultOptions {
  readonly id?: string;
  readonly response?: unknown;
}

/** The path of a request. */
export function pathOf(model: string, method = "generateContent"): string {
  return `/v1beta/models/${model}:${method}`;
}

/** The referee's answer. */
export function refusalTo(body: unknown, { model: asked = "gemini-3.6-flash", quirks = [] }: Asked = {}) {
  return judge(body, { path: pathOf(asked), query: new URLSearchParams(), quirks: new Set(quirks) });
}

/** The text of the referee's refusal, or undefined if the request passes. */
export function refusalOf(body: unknown, asked: Asked = {}): string | undefined {
  const error = refusalTo(body, asked)?.body["error"] as { readonly message: string } | undefined;
  return error?.message;
}

function asPart(part: Part | string): Part {
  return typeof part === "string" ? { text: part } : part;
}
