/** That a body is a request at all: its contents, and what each kind of part holds. */
import { first, isObject } from "./request.ts";

/** What is wrong with the shape of a body. */
export function checkShape(body: unknown, options: { readonly idsAllowed: boolean }): string | undefined {
  if (!isObject(body)) return "Invalid JSON payload received. Unexpected token.";
  const { contents } = body;
  if (!Array.isArray(contents) || contents.length === 0) {
    return "* GenerateContentRequest.contents: contents is not specified\n";
  }
  return first(contents, (content: unknown, i) =>
    checkContent(content, { at: `contents[${i}]`, ...options }),
  );
}

interface Place {
  readonly at: string;
  readonly idsAllowed: boolean;
}

function checkContent(content: unknown, { at, idsAllowed }: Place): string | undefined {
  if (!isObject(content))
    return invalidValue(at, "type.googleapis.com/google.ai.generativelanguage.v1beta.Content");
  const { role, parts } = content;
  if (role !== undefined && role !== "user" && role !== "model") {
    return "Please use a valid role: user, model.";
  }
  if (!Array.isArray(parts) || parts.length === 0) {
    return `* GenerateContentRequest.${at}.parts: contents.parts must not be empty.\n`;
  }
  return first(parts, (part: unknown, i) => checkPart(part, { at: `${at}.parts[${i}]`, idsAllowed }));
}

function checkPart(part: unknown, place: Place): string | undefined {
  const { at } = place;
  if (!isObject(part))
    return invalidValue(at, "type.googleapis.com/google.ai.generativelanguage.v1beta.Part");
  const { text, functionCall: call, functionResponse: response } = part;
  if (call !== undefined) return checkCall(call, { ...place, at: `${at}.function_call` });
  if (response !== undefined) return checkResponse(response, { ...place, at: `${at}.function_response` });
  if (text === undefined) {
    const hasData = Object.keys(part).some((field) => field !== "thought" && field !== "thoughtSignature");
    return hasData
      ? undefined
      : `* GenerateContentRequest.${at}.data: required oneof field 'data' must have one initialized field\n`;
  }
  // Vertex refuses an empty text; of Google AI one was recorded as accepted.
  return typeof text === "string" ? undefined : invalidValue(`${at}.text`, "TYPE_STRING");
}

function checkCall(call: unknown, { at, idsAllowed }: Place): string | undefined {
  if (!isObject(call)) return invalidValue(at, "FunctionCall");
  if (call["id"] !== undefined && !idsAllowed) return unknownField(at);
  if (typeof call["name"] !== "string" || call["name"] === "") {
    return `* GenerateContentRequest.${at}.name: Name cannot be empty.\n`;
  }
  return call["args"] === undefined || isObject(call["args"])
    ? undefined
    : invalidValue(`${at}.args`, "Struct");
}

function checkResponse(response: unknown, { at, idsAllowed }: Place): string | undefined {
  if (!isObject(response)) return invalidValue(at, "FunctionResponse");
  if (response["id"] !== undefined && !idsAllowed) return unknownField(at);
  if (typeof response["name"] !== "string" || response["name"] === "") {
    return `* GenerateContentRequest.${at}.name: Name cannot be empty.\n`;
  }
  return isObject(response["response"]) ? undefined : invalidValue(`${at}.response`, "Struct");
}

/** https://github.com/MoonshotAI/kimi-cli/pull/1582 */
function unknownField(at: string): string {
  return `Invalid JSON payload received. Unknown name "id" at '${at}': Cannot find field.`;
}

function invalidValue(at: string, expected: string): string {
  return `Invalid value at '${at}' (${expected})`;
}
