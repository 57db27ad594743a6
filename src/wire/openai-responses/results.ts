/** Results as the Responses API takes them: one output item per call, found by its `call_id`. */
import type { EncodedResult, ResultPart } from "../../core/result.ts";
import type {
  ResponsesCallOutput,
  ResponsesCustomCall,
  ResponsesFunctionCall,
  ResponsesOutputPart,
} from "./protocol.ts";

/**
 * The item that answers a call. The protocol has no mark for a failure: its text says so. The caller comes back, so that the
 * right program goes on: https://developers.openai.com/api/docs/guides/tools-programmatic-tool-calling
 */
export function outputItem(
  { type, call_id, caller }: ResponsesFunctionCall | ResponsesCustomCall,
  { parts }: EncodedResult,
): ResponsesCallOutput {
  const [first] = parts;
  return {
    type: type === "function_call" ? "function_call_output" : "custom_tool_call_output",
    call_id,
    output: parts.length === 1 && first?.type === "text" ? first.text : parts.map(outputPart),
    ...(caller && { caller }),
  };
}

function outputPart(part: ResultPart): ResponsesOutputPart {
  return part.type === "text"
    ? { type: "input_text", text: part.text }
    : { type: "input_image", image_url: `data:${part.mediaType};base64,${part.data}`, detail: "auto" };
}
