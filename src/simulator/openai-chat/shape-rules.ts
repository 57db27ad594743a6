/** That a body is a request at all: its fields, the roles, and what each kind of message holds. */
import { isObject } from "../../core/is-object.ts";
import { first } from "../first.ts";
import {
  checkString,
  emptyArray,
  invalid,
  missing,
  tooLong,
  wrongType,
  type Fault,
} from "../openai/fault.ts";

const ROLES = ["system", "assistant", "user", "function", "tool", "developer"];
/** "Expected a string with maximum length 40": https://github.com/Portkey-AI/gateway/issues/1062 */
const LONGEST_ID = 40;

/** What is wrong with the shape of a body. */
export function checkShape(body: unknown): Fault | undefined {
  if (!isObject(body)) return { message: "We could not parse the JSON body of your request." };
  if (typeof body["model"] !== "string" || body["model"] === "") {
    return { message: "you must provide a model parameter" };
  }
  const { messages } = body;
  if (messages === undefined) return missing("messages");
  if (!Array.isArray(messages)) {
    return wrongType("messages", { expected: "an array of objects", got: messages });
  }
  if (messages.length === 0) return emptyArray("messages");
  return first(messages, (message: unknown, i) => checkMessage(message, `messages[${i}]`));
}

function checkMessage(message: unknown, at: string): Fault | undefined {
  if (!isObject(message)) return wrongType(at, { expected: "an object", got: message });
  const { role } = message;
  if (role === undefined) return missing(`${at}.role`);
  if (!ROLES.includes(role as string)) {
    const supported = "'system', 'assistant', 'user', 'function', 'tool', and 'developer'";
    return invalid(
      `${at}.role`,
      `Invalid value: ${JSON.stringify(role)}. Supported values are: ${supported}.`,
    );
  }
  if (role === "assistant") return checkAssistant(message, at);
  if (role === "tool") return checkTool(message, at);
  return checkContent(message["content"], at);
}

function checkAssistant(message: Record<string, unknown>, at: string): Fault | undefined {
  const calls = message["tool_calls"];
  if (calls === undefined || calls === null) {
    const saysSomething =
      (message["refusal"] ?? message["audio"] ?? message["function_call"] ?? null) !== null;
    return saysSomething ? undefined : checkContent(message["content"], at);
  }
  if (!Array.isArray(calls)) {
    return wrongType(`${at}.tool_calls`, { expected: "an array of objects", got: calls });
  }
  if (calls.length === 0) return emptyArray(`${at}.tool_calls`);
  return first(calls, (call: unknown, i) => checkCall(call, `${at}.tool_calls[${i}]`));
}

function checkCall(call: unknown, at: string): Fault | undefined {
  if (!isObject(call)) return wrongType(at, { expected: "an object", got: call });
  const wrong = checkId(call["id"], `${at}.id`);
  if (wrong !== undefined) return wrong;
  const { type } = call;
  if (type === undefined) return missing(`${at}.type`);
  if (type !== "function" && type !== "custom") {
    return invalid(
      `${at}.type`,
      `Invalid value: ${JSON.stringify(type)}. Supported values are: 'function' and 'custom'.`,
    );
  }
  const body = call[type];
  if (!isObject(body)) return missing(`${at}.${type}`);
  const text = type === "function" ? "arguments" : "input";
  return checkString(body["name"], `${at}.${type}.name`) ?? checkString(body[text], `${at}.${type}.${text}`);
}

function checkTool(message: Record<string, unknown>, at: string): Fault | undefined {
  const { content } = message;
  const wrong = checkId(message["tool_call_id"], `${at}.tool_call_id`) ?? checkContent(content, at);
  if (wrong !== undefined || !Array.isArray(content)) return wrong;
  // Recorded, of a message with audio in it.
  const isOther = (part: { readonly type?: unknown }) => part.type !== "text" && part.type !== "image_url";
  if (content.some(isOther)) {
    return invalid(at, `Invalid '${at}'. Content blocks are expected to be either text or image_url type.`);
  }
  return undefined;
}

function checkContent(content: unknown, at: string): Fault | undefined {
  if (typeof content === "string") return undefined;
  if (Array.isArray(content)) {
    return content.length === 0 ? emptyArray(`${at}.content`) : first(content, checkPart(at));
  }
  const got = content === null || content === undefined ? "null" : typeof content;
  return {
    message: `Invalid value for 'content': expected a string, got ${got}.`,
    param: at.replace("messages[", "messages.[") + ".content",
  };
}

function checkPart(at: string): (part: unknown, i: number) => Fault | undefined {
  return (part, i) => {
    const path = `${at}.content[${i}]`;
    if (!isObject(part)) return wrongType(path, { expected: "an object", got: part });
    return part["type"] === undefined ? missing(`${path}.type`) : undefined;
  };
}

function checkId(id: unknown, at: string): Fault | undefined {
  const wrong = checkString(id, at);
  if (wrong !== undefined || String(id).length <= LONGEST_ID) return wrong;
  return tooLong(at, { text: String(id), most: LONGEST_ID });
}
