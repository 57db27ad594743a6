/**
 * Gemini's generateContent and streamGenerateContent, on Google AI and on Vertex.
 *
 * https://ai.google.dev/gemini-api/docs/function-calling
 */
import type { EncodedResult } from "../../core/result.ts";
import type { Tool } from "../../core/tool.ts";
import { mustAnswerAll } from "../must-answer-all.ts";
import type { Turn, Wire } from "../wire.ts";
import type { PlainMessage } from "../plain-history.ts";
import { repairHistory, type RepairOptions } from "../repair.ts";
import { GeminiAssembler } from "./assembler.ts";
import { geminiHistory, type HistoryOptions } from "./history.ts";
import { fromPlain, toPlain } from "./plain.ts";
import type {
  GeminiCallPart,
  GeminiContent,
  GeminiDeclaration,
  GeminiResponse,
  GeminiTool,
} from "./protocol.ts";
import { resultPart, type ResultOptions } from "./results.ts";
import { isCall } from "./turn.ts";

/** The wire of a model: those since Gemini 3 take images in results, and want signatures. */
export function geminiWire(
  options: HistoryOptions,
): Wire<GeminiContent, GeminiResponse, GeminiResponse, GeminiTool> {
  const shape = geminiHistory(options);
  return Object.freeze({
    name: "gemini",
    dialect: `images: ${options.images}, signed: ${options.signed}`,
    tools,
    // Neighbours of one role are taken, so a user's text after results needs no merging.
    user: (text: string): GeminiContent => ({ role: "user", parts: [{ text }] }),
    read,
    assemble: () => new GeminiAssembler(),
    results: (turn: Turn<GeminiContent>, encoded: readonly EncodedResult[]) =>
      results(turn, encoded, options),
    repair: (messages: readonly GeminiContent[], repair?: RepairOptions) =>
      repairHistory(shape, messages, repair),
    toPlain,
    fromPlain: (history: readonly PlainMessage[]) => fromPlain(history, options),
  });
}

/** The wire of all models since Gemini 3. */
export const gemini: Wire<GeminiContent, GeminiResponse, GeminiResponse, GeminiTool> = geminiWire({
  images: true,
  signed: true,
});

/** Keywords that let no field through. */
const WITHOUT_FIELDS: ReadonlySet<string> = new Set(["type", "title", "description", "required"]);

function tools(all: readonly Tool[]): GeminiTool[] {
  return all.length === 0 ? [] : [{ functionDeclarations: all.map(declaration) }];
}

function declaration({ name, description, inputSchema }: Tool): GeminiDeclaration {
  // "Must start with a letter or an underscore."
  if (!/^[a-zA-Z_]/.test(name)) {
    throw new TypeError(`Gemini takes no tool whose name does not begin with a letter or "_", got "${name}"`);
  }
  return {
    name,
    description,
    ...(hasFields(inputSchema) && { parametersJsonSchema: { ...inputSchema, type: "object" } }),
  };
}

/**
 * Whether an input may have fields. "For function with no parameters, this can be left unset", and has to be for some
 * endpoints: "parameters.properties: should be non-empty for OBJECT type".
 */
function hasFields(inputSchema: Tool["inputSchema"]): boolean {
  return Object.entries(inputSchema).some(([keyword, value]) => {
    if (keyword === "properties") return Object.keys(value as object).length > 0;
    return !(keyword === "additionalProperties" && value === false) && !WITHOUT_FIELDS.has(keyword);
  });
}

function read(response: GeminiResponse): Turn<GeminiContent> {
  const assembler = new GeminiAssembler();
  assembler.push(response);
  assembler.end();
  return assembler.finish();
}

function results(
  turn: Turn<GeminiContent>,
  encoded: readonly EncodedResult[],
  options: ResultOptions,
): GeminiContent[] {
  const calls = turn.messages.flatMap(({ parts }) => parts.filter(isCall));
  mustAnswerAll(calls, encoded);
  if (calls.length === 0) return [];
  return [
    {
      role: "user",
      parts: encoded.map((result, i) => resultPart(calls[i] as GeminiCallPart, result, options)),
    },
  ];
}
