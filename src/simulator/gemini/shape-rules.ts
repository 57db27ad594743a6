/** That a body is a request at all: its contents, and what each kind of part holds. */
import { isObject } from "../../core/is-object.ts";
import { first } from "../first.ts";

/** What is wrong with the shape of a body. */
export function checkShape(body: unknown, options: { readonly idsAllowed: boolean }): string | undefined {
  if (!isObject(body)) return "Invalid JSON payload received. Unexpected token.";
  const { contents } = body;
  if (!Array.isArray(contents) || contents.length === 0) {
    return "* GenerateContentRequest.contents: contents is not specified\n";
  }
  return (
    (options.idsAllowed ? undefined : checkNoIds(contents)) ??
    first(contents, (content: unknown, i) => checkContent(content, `contents[${i}]`))
  );
}

function checkContent(content: unknown, at: string): string | undefined {
  if (!isObject(content))
    return invalidValue(at, "type.googleapis.com/google.ai.generativelanguage.v1beta.Content");
  const { role, parts } = content;
  if (role !== undefined && role !== "user" && role !== "model") {
    return "Please use a valid role: user, model.";
  }
  if (!Array.isArray(parts) || parts.length === 0) {
    return `* GenerateContentRequest.${at}.parts: contents.parts must not be empty.\n`;
  }
  const wrong = first(parts, (part: unknown, i) => checkPart(part, `${at}.parts[${i}]`));
  // Beside another part one was recorded as accepted, and it is Gemini itself that sends them.
  return wrong === undefined && parts.every(isEmptyText) ? EMPTY_TEXT : wrong;
}

/** https://github.com/google-gemini/deprecated-generative-ai-python/issues/697 */
const EMPTY_TEXT =
  "Unable to submit request because it has an empty text parameter. Add a value to the parameter and try again. Learn more: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/gemini";

function isEmptyText({ text, thoughtSignature }: Record<string, unknown>): boolean {
  return text === "" && thoughtSignature === undefined;
}

function checkPart(part: unknown, at: string): string | undefined {
  if (!isObject(part))
    return invalidValue(at, "type.googleapis.com/google.ai.generativelanguage.v1beta.Part");
  const { text, functionCall: call, functionResponse: response, thoughtSignature: signature } = part;
  if (signature !== undefined && !isBase64(signature)) {
    return `Invalid value at '${at}.thought_signature' (TYPE_BYTES), Base64 decoding failed for ${JSON.stringify(signature)}`;
  }
  if (call !== undefined) return checkCall(call, `${at}.function_call`);
  if (response !== undefined) return checkResponse(response, `${at}.function_response`);
  if (text === undefined) {
    const hasData = Object.keys(part).some((field) => field !== "thought" && field !== "thoughtSignature");
    return hasData
      ? undefined
      : `* GenerateContentRequest.${at}.data: required oneof field 'data' must have one initialized field\n`;
  }
  return typeof text === "string" ? undefined : invalidValue(`${at}.text`, "TYPE_STRING");
}

function checkCall(call: unknown, at: string): string | undefined {
  if (!isObject(call)) {
    return invalidValue(at, "type.googleapis.com/google.ai.generativelanguage.v1beta.FunctionCall");
  }
  if (typeof call["name"] !== "string" || call["name"] === "") {
    return `* GenerateContentRequest.${at}.name: Name cannot be empty.\n`;
  }
  return call["args"] === undefined || isObject(call["args"])
    ? undefined
    : invalidValue(`${at}.args`, "type.googleapis.com/google.protobuf.Struct");
}

function checkResponse(response: unknown, at: string): string | undefined {
  if (!isObject(response)) {
    return invalidValue(at, "type.googleapis.com/google.ai.generativelanguage.v1beta.FunctionResponse");
  }
  if (typeof response["name"] !== "string" || response["name"] === "") {
    return `* GenerateContentRequest.${at}.name: Name cannot be empty.\n`;
  }
  return isObject(response["response"])
    ? undefined
    : invalidValue(`${at}.response`, "type.googleapis.com/google.protobuf.Struct");
}

/** All ids at once, a line each: https://github.com/MoonshotAI/kimi-cli/pull/1582 */
function checkNoIds(contents: readonly unknown[]): string | undefined {
  const lines: string[] = [];
  for (const [i, content] of contents.entries()) {
    const parts = isObject(content) && Array.isArray(content["parts"]) ? (content["parts"] as unknown[]) : [];
    for (const [k, part] of parts.entries()) {
      for (const [field, name] of Object.entries(WITH_IDS)) {
        const value = isObject(part) ? part[field] : undefined;
        if (!isObject(value) || value["id"] === undefined) continue;
        const at = `contents[${i}].parts[${k}].${name}`;
        lines.push(`Invalid JSON payload received. Unknown name "id" at '${at}': Cannot find field.`);
      }
    }
  }
  return lines.length === 0 ? undefined : lines.join("\n");
}

const WITH_IDS = { functionCall: "function_call", functionResponse: "function_response" };

/** In either alphabet, as the JSON of protocol buffers has it, padded or not. */
function isBase64(value: unknown): boolean {
  return (
    typeof value === "string" && /^[\w+/-]*={0,2}$/.test(value) && value.replace(/=+$/, "").length % 4 !== 1
  );
}

function invalidValue(at: string, expected: string): string {
  return `Invalid value at '${at}' (${expected})`;
}
