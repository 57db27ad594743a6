/**
 * The fields of a request, one by one: what Anthropic refuses before it looks at the conversation. Paths count the
 * messages as they were sent; the rules over the conversation count them merged.
 */
import { isObject } from "../../core/is-object.ts";
import { first } from "../first.ts";

const ID = /^[a-zA-Z0-9_-]+$/;
const SERVER_ID = /^srvtoolu_[a-zA-Z0-9_]+$/;

/** What is wrong with the shape of a body, or undefined if it is a `MessagesRequest`. Tools have their own rules. */
export function checkShape(body: unknown): string | undefined {
  if (!isObject(body)) return "Input should be a valid dictionary";
  return (
    checkField(body, "", { name: "model", type: "string" }) ??
    checkField(body, "", { name: "max_tokens", type: "integer" }) ??
    (Number(body["max_tokens"]) < 1 ? "max_tokens: Input should be greater than or equal to 1" : undefined) ??
    checkMessages(body["messages"])
  );
}

function checkMessages(messages: unknown): string | undefined {
  if (messages === undefined) return "messages: Field required";
  if (!Array.isArray(messages)) return "messages: Input should be a valid list";
  if (messages.length === 0) return "messages: at least one message is required";
  return first(messages, (message: unknown, index) => checkMessage(message, index));
}

function checkMessage(message: unknown, index: number): string | undefined {
  const path = `messages.${index}`;
  if (!isObject(message)) return `${path}: Input should be a valid dictionary`;
  const { role, content } = message;
  if (role === undefined) return `${path}.role: Field required`;
  if (role === "system" && index === 0) {
    return 'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.';
  }
  if (role !== "user" && role !== "assistant" && role !== "system") {
    return `${path}.role: Input should be 'user' or 'assistant'`;
  }
  if (content === undefined) return `${path}.content: Field required`;
  if (typeof content === "string") return undefined;
  if (!Array.isArray(content)) return `${path}.content: Input should be a valid list`;
  return first(content, (block: unknown, i) => checkBlock(block, `${path}.content.${i}`));
}

function checkBlock(block: unknown, at: string): string | undefined {
  if (!isObject(block)) return `${at}: Input should be a valid dictionary`;
  if (typeof block["type"] !== "string") return `${at}.type: Field required`;
  const path = `${at}.${block["type"]}`;
  switch (block["type"]) {
    case "text":
      return checkField(block, path, { name: "text", type: "string" });
    case "thinking":
      return (
        checkField(block, path, { name: "signature", type: "string" }) ??
        checkField(block, path, { name: "thinking", type: "string" })
      );
    case "tool_use":
      return checkCall(block, path, ID);
    case "server_tool_use":
      return checkCall(block, path, SERVER_ID);
    case "tool_result":
      return checkId(block, path, { name: "tool_use_id", pattern: ID }) ?? checkResult(block, path);
    // There are many more block types, and the provider keeps adding some: those that no rule here is about pass.
    default:
      return undefined;
  }
}

function checkCall(block: Record<string, unknown>, path: string, pattern: RegExp): string | undefined {
  return (
    checkId(block, path, { name: "id", pattern }) ??
    checkField(block, path, { name: "input", type: "dictionary" }) ??
    checkField(block, path, { name: "name", type: "string" })
  );
}

function checkResult(block: Record<string, unknown>, path: string): string | undefined {
  const content = block["content"] ?? "";
  if (block["is_error"] === true && (content === "" || (Array.isArray(content) && content.length === 0))) {
    return `${path}: content cannot be empty if \`is_error\` is true`;
  }
  if (typeof content === "string") return undefined;
  if (!Array.isArray(content)) return `${path}.content: Input should be a valid list`;
  return first(content, (item: unknown, i) => {
    if (!isObject(item)) return `${path}.content.${i}: Input should be a valid dictionary`;
    if (block["is_error"] === true && item["type"] !== "text") {
      return `${path}: all content must be type \`text\` if \`is_error\` is true`;
    }
    return item["type"] === "text"
      ? checkField(item, `${path}.content.${i}.text`, { name: "text", type: "string" })
      : undefined;
  });
}

function checkId(
  block: Record<string, unknown>,
  path: string,
  { name, pattern }: { readonly name: string; readonly pattern: RegExp },
): string | undefined {
  const wrong = checkField(block, path, { name, type: "string" });
  if (wrong !== undefined || pattern.test(String(block[name]))) return wrong;
  return `${path}.${name}: String should match pattern '${pattern.source}'`;
}

function checkField(
  object: Record<string, unknown>,
  path: string,
  { name, type }: { readonly name: string; readonly type: "string" | "integer" | "dictionary" },
): string | undefined {
  const value = object[name];
  const at = path === "" ? name : `${path}.${name}`;
  if (value === undefined) return `${at}: Field required`;
  switch (type) {
    case "string":
      return typeof value === "string" ? undefined : `${at}: Input should be a valid string`;
    case "integer":
      return Number.isInteger(value) ? undefined : `${at}: Input should be a valid integer`;
    case "dictionary":
      return isObject(value) ? undefined : `${at}: Input should be a valid dictionary`;
  }
}
