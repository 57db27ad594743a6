/** That a body is a request at all: its fields, and what each kind of item holds. */
import { isObject } from "../../core/is-object.ts";
import { first } from "../first.ts";
import { checkString, invalid, missing, tooLong, wrongType, type Fault } from "../openai/fault.ts";

const ROLES = ["assistant", "system", "developer", "user"];
/** "Invalid 'input[2].call_id': string too long. Expected a string with maximum length 64" */
const LONGEST_ID = 64;
/** "Invalid 'input[1].id': 'abc'. Expected an ID that begins with 'fc'." */
const PREFIXES: Readonly<Record<string, string>> = {
  function_call: "fc",
  custom_tool_call: "ctc",
  reasoning: "rs",
  message: "msg",
};

/** What is wrong with the shape of a body. */
export function checkShape(body: unknown): Fault | undefined {
  if (!isObject(body)) return { message: "We could not parse the JSON body of your request." };
  const { model, input, previous_response_id: previous } = body;
  if (model === undefined) return missing("model");
  if (typeof model !== "string") return wrongType("model", { expected: "a string", got: model });
  if (previous !== undefined && previous !== null) {
    // Every one is, as nothing is kept here.
    const message = `Previous response with id '${String(previous as string)}' not found.`;
    return { message, param: "previous_response_id", code: "previous_response_not_found" };
  }
  if (typeof input === "string") return undefined;
  if (!Array.isArray(input) || input.length === 0) {
    return {
      message:
        "One of \"input\" or \"previous_response_id\" or 'prompt' or 'conversation_id' must be provided.",
      code: "missing_required_parameter",
    };
  }
  return first(input, (item: unknown, i) => checkItem(item, `input[${i}]`));
}

function checkItem(item: unknown, at: string): Fault | undefined {
  if (!isObject(item)) return wrongType(at, { expected: "an object", got: item });
  const { type = "message", id } = item;
  if (typeof type !== "string") return wrongType(`${at}.type`, { expected: "a string", got: type });
  return checkItemId(id, { type, at: `${at}.id` }) ?? checkFields(item, { type, at });
}

function checkFields(
  item: Record<string, unknown>,
  { type, at }: { readonly type: string; readonly at: string },
): Fault | undefined {
  switch (type) {
    case "message":
      return checkMessage(item, at);
    case "function_call":
      return (
        checkCallId(item["call_id"], `${at}.call_id`) ??
        checkString(item["name"], `${at}.name`) ??
        checkString(item["arguments"], `${at}.arguments`)
      );
    case "custom_tool_call":
      return (
        checkCallId(item["call_id"], `${at}.call_id`) ??
        checkString(item["name"], `${at}.name`) ??
        checkString(item["input"], `${at}.input`)
      );
    case "function_call_output":
    case "custom_tool_call_output":
      return checkCallId(item["call_id"], `${at}.call_id`) ?? checkOutput(item["output"], `${at}.output`);
    case "reasoning":
      return item["summary"] === undefined ? missing(`${at}.summary`) : undefined;
    // There are many more, and the provider keeps adding some: those that no rule here is about pass.
    default:
      return undefined;
  }
}

function checkMessage({ role, content }: Record<string, unknown>, at: string): Fault | undefined {
  if (role === undefined) return missing(`${at}.role`);
  if (!ROLES.includes(role as string)) {
    const supported = "'assistant', 'system', 'developer', and 'user'";
    return invalid(
      `${at}.role`,
      `Invalid value: ${JSON.stringify(role)}. Supported values are: ${supported}.`,
    );
  }
  if (content === undefined) return missing(`${at}.content`);
  if (typeof content === "string") return undefined;
  if (!Array.isArray(content)) {
    return wrongType(`${at}.content`, { expected: "one of an array of objects or string", got: content });
  }
  const isIn = role !== "assistant";
  return first(content, (part: unknown, i) => {
    const path = `${at}.content[${i}]`;
    if (!isObject(part)) return wrongType(path, { expected: "an object", got: part });
    const { type } = part;
    if (type === undefined) return missing(`${path}.type`);
    if (isIn === String(type as string).startsWith("input_")) return undefined;
    const supported = isIn ? "'input_text', 'input_image', and 'input_file'" : "'output_text' and 'refusal'";
    if (!isIn && type === "refusal") return undefined;
    if (!isIn && type === "output_text") return undefined;
    return invalid(path, `Invalid value: ${JSON.stringify(type)}. Supported values are: ${supported}.`);
  });
}

function checkOutput(output: unknown, at: string): Fault | undefined {
  if (output === undefined) return missing(at);
  if (typeof output === "string" || Array.isArray(output)) return undefined;
  return wrongType(at, { expected: "one of an array of objects or string", got: output });
}

function checkCallId(id: unknown, at: string): Fault | undefined {
  const wrong = checkString(id, at);
  if (wrong !== undefined) return wrong;
  const text = String(id as string);
  if (text === "") return { message: `Invalid '${at}': empty string.`, param: at, code: "empty_string" };
  return text.length > LONGEST_ID ? tooLong(at, { text, most: LONGEST_ID }) : undefined;
}

function checkItemId(
  id: unknown,
  { type, at }: { readonly type: string; readonly at: string },
): Fault | undefined {
  if (id === undefined || id === null) return type === "reasoning" ? missing(at) : undefined;
  if (typeof id !== "string") return wrongType(at, { expected: "a string", got: id });
  const prefix = PREFIXES[type];
  if (id.length > LONGEST_ID) return tooLong(at, { text: id, most: LONGEST_ID });
  if (prefix === undefined || id.startsWith(prefix)) return undefined;
  return invalid(at, `Invalid '${at}': '${id}'. Expected an ID that begins with '${prefix}'.`);
}
