/**
 * Gemini's histories in no provider's terms, and the other way round. Calls of other models get no ids, as none is to be made
 * up, and the first of each step the signature that Google has for them (G8 of its rules).
 */
import { isObject } from "../../core/is-object.ts";
import type { EncodedResult, ImagePart, ResultPart } from "../../core/result.ts";
import { leftOut, NO_RESULT, spoken, thought, type PlainCall, type PlainMessage } from "../plain-history.ts";
import { DUMMY_SIGNATURE, type HistoryOptions } from "./history.ts";
import type { GeminiCallPart, GeminiContent, GeminiPart, GeminiResultPart } from "./protocol.ts";
import { resultPart } from "./results.ts";
import { isCall } from "./turn.ts";

/** A part with data, as it is on the way in. */
interface Blob {
  readonly inlineData?: { readonly mimeType?: string; readonly data?: string };
}

/** Reads a history that is in order. */
export function toPlain(contents: readonly GeminiContent[]): PlainMessage[] {
  return contents.flatMap(({ role, parts }, i): PlainMessage[] => {
    const said = spoken(parts.flatMap((part) => toPart(part as GeminiPart)));
    if (role === "user") return said.length === 0 ? [] : [{ by: "user", parts: said }];
    const text = said.map((part) => (part.type === "text" ? part.text : "")).join("");
    const responses = responsesIn(contents[i + 1]);
    const calls = parts.filter(isCall).map(({ functionCall: { id, name, args = {} } }, place): PlainCall => {
      const byId = id === undefined ? undefined : responses.find((one) => one.id === id);
      const response = byId ?? responses[place];
      return { id: id ?? "", name, input: args, result: response ? toResult(response) : NO_RESULT };
    });
    const thoughts = (parts as readonly GeminiPart[]).map((part) => part.thought === true && part.text);
    return [{ by: "model", text, ...thought(thoughts), calls }];
  });
}

/** Writes a history. The API has no place for a system's word in the middle: it is the user's. */
export function fromPlain(history: readonly PlainMessage[], options: HistoryOptions): GeminiContent[] {
  return history.flatMap((message): GeminiContent[] => {
    switch (message.by) {
      case "system":
        return message.text.trim() === "" ? [] : [{ role: "user", parts: [{ text: message.text }] }];
      case "user": {
        const parts = spoken(message.parts).map(fromPart);
        return parts.length === 0 ? [] : [{ role: "user", parts: parts as GeminiContent["parts"] }];
      }
      case "model": {
        const { text, calls } = message;
        const made = calls.map(({ name, input }, i): GeminiCallPart => ({
          functionCall: { name, args: { ...input } },
          ...(i === 0 && options.signed && { thoughtSignature: DUMMY_SIGNATURE }),
        }));
        const parts = [...(text.trim() === "" ? [] : [{ text }]), ...made];
        const answers = made.map((call, i) => resultPart(call, (calls[i] as PlainCall).result, options));
        return [
          ...(parts.length === 0 ? [] : [{ role: "model" as const, parts }]),
          ...(answers.length === 0 ? [] : [{ role: "user" as const, parts: answers }]),
        ];
      }
    }
  });
}

type Response = GeminiResultPart["functionResponse"];

function responsesIn(content: GeminiContent | undefined): Response[] {
  return (content?.parts ?? []).flatMap((part) =>
    "functionResponse" in part ? [part.functionResponse] : [],
  );
}

function toResult({ response, parts = [] }: Partial<Response>): EncodedResult {
  if (response === undefined) return { ...NO_RESULT, parts: [...NO_RESULT.parts, ...parts.flatMap(toPart)] };
  const { output, error } = response;
  const isError = error !== undefined;
  const value = isError ? (isObject(error) ? { error } : error) : (output ?? response);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return { isError, parts: [{ type: "text", text }, ...parts.flatMap(toPart)] };
}

/** What is neither text nor an image is the provider's own, and so are the model's thoughts. */
function toPart(part: GeminiPart & Blob): ResultPart[] {
  if (part.thought === true) return [];
  if (typeof part.text === "string") return [{ type: "text", text: part.text }];
  const { mimeType = "", data } = part.inlineData ?? {};
  if (data === undefined) return [];
  return /^image\/(png|jpeg|gif|webp)$/.test(mimeType)
    ? [{ type: "image", mediaType: mimeType as ImagePart["mediaType"], data }]
    : [leftOut(mimeType)];
}

function fromPart(part: ResultPart): object {
  return part.type === "text"
    ? { text: part.text }
    : { inlineData: { mimeType: part.mediaType, data: part.data } };
}
