/** Histories of the Responses API in no provider's terms, and the other way round. */
import type { EncodedResult, ResultPart } from "../../core/result.ts";
import {
  dataUrl,
  leftOut,
  markedResult,
  NO_RESULT,
  plainImage,
  plainInput,
  plainResult,
  spoken,
  thought,
  type PlainCall,
  type PlainMessage,
} from "../plain-history.ts";
import { WireIds } from "../wire-id.ts";
import type {
  ResponsesCallOutput,
  ResponsesFunctionCall,
  ResponsesItem,
  ResponsesMessage,
} from "./protocol.ts";
import { isReasoning } from "./reasoning.ts";
import { outputItem } from "./results.ts";
import { CALL_ID, isCall } from "./turn.ts";

/** What the model said until somebody else did. */
interface OpenTurn {
  by: "model";
  text: string;
  thinking?: string;
  calls: PlainCall[];
}

/** Reads a history that is in order. */
export function toPlain(items: readonly ResponsesMessage[]): PlainMessage[] {
  const results = new Map<string, EncodedResult>();
  for (const item of items) if (isOutput(item)) results.set(item.call_id, toResult(item));
  const history: PlainMessage[] = [];
  let turn: OpenTurn | undefined;
  // Reasoning makes no turn by itself: it is of what follows it.
  let thoughts: unknown[] = [];
  const open = (): OpenTurn => {
    if (turn === undefined) history.push((turn = { by: "model", text: "", calls: [] }));
    if (thoughts.length > 0) Object.assign(turn, thought([turn.thinking, ...thoughts]));
    thoughts = [];
    return turn;
  };
  for (const item of items) {
    if (isReasoning(item as ResponsesItem)) {
      const { summary, content } = item as unknown as Record<string, unknown>;
      thoughts.push(...[summary, content].map((parts) => textOf(partsOf(parts))));
    } else if (isCall(item)) {
      const isCustom = item.type === "custom_tool_call";
      const input = plainInput(isCustom ? item.input : item.arguments, isCustom);
      const result = results.get(item.call_id) ?? NO_RESULT;
      open().calls.push({ id: item.call_id, name: item.name, input, result });
    } else if (isOutput(item)) {
      turn = undefined;
    } else if (item.type === undefined || item.type === "message") {
      const parts = spoken(partsOf(item.content));
      if (item.role === "assistant") {
        open().text += textOf(parts);
        continue;
      }
      turn = undefined;
      if (item.role !== "user") history.push({ by: "system", text: textOf(parts) });
      else if (parts.length > 0) history.push({ by: "user", parts });
    }
  }
  return history;
}

/** Writes a history. */
export function fromPlain(history: readonly PlainMessage[]): ResponsesMessage[] {
  const ids = new WireIds(CALL_ID);
  return history.flatMap((message): ResponsesMessage[] => {
    switch (message.by) {
      case "system":
        return [{ role: "developer", content: message.text }];
      case "user": {
        const content = spoken(message.parts).map(toContent);
        // The type knows texts only; at run time there is more.
        return content.length === 0 ? [] : [{ role: "user", content: content as unknown as string }];
      }
      case "model": {
        const { text, calls } = message;
        const items = calls.map(({ id, name, input }): ResponsesFunctionCall => ({
          type: "function_call",
          call_id: ids.take(id),
          name,
          arguments: JSON.stringify(input),
        }));
        return [
          ...(text.trim() === "" ? [] : [{ role: "assistant" as const, content: text }]),
          ...items,
          ...items.map((item, i) => outputItem(item, markedResult((calls[i] as PlainCall).result))),
        ];
      }
    }
  });
}

function isOutput(item: ResponsesMessage): item is ResponsesCallOutput {
  return item.type === "function_call_output" || item.type === "custom_tool_call_output";
}

function toResult({ output }: ResponsesCallOutput): EncodedResult {
  return plainResult(partsOf(output));
}

function textOf(parts: readonly ResultPart[]): string {
  return parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}

function partsOf(content: unknown): ResultPart[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  if (!Array.isArray(content)) return [];
  return (content as Partial<Record<"type" | "text" | "refusal" | "image_url", string>>[]).map(
    ({ type, text, refusal, image_url: url }): ResultPart => {
      const said = text ?? refusal;
      if (said !== undefined) return { type: "text", text: said };
      return url === undefined ? leftOut(type ?? "content") : plainImage(url);
    },
  );
}

function toContent(part: ResultPart): Record<string, unknown> {
  return part.type === "text"
    ? { type: "input_text", text: part.text }
    : { type: "input_image", image_url: dataUrl(part), detail: "auto" };
}
