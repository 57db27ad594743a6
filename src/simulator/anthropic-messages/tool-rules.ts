/** What Anthropic refuses of the tools and of the choice among them. */
import { isObject } from "../../core/is-object.ts";
import { first } from "../first.ts";
import { blocksOf, type Rule } from "./request.ts";

const NAME = /^[a-zA-Z0-9_-]{1,128}$/;
const MOST_STRICT_TOOLS = 20;
const NOT_AT_TOP_LEVEL = ["oneOf", "allOf", "anyOf"];

/** The tools one by one. It comes before anything relies on their shape. */
export function checkTools(tools: unknown): string | undefined {
  if (tools === undefined) return undefined;
  if (!Array.isArray(tools)) return "tools: Input should be a valid list";
  return first(tools, (tool: unknown, i) => checkTool(tool, `tools.${i}`)) ?? checkAll(tools);
}

function checkTool(tool: unknown, path: string): string | undefined {
  if (!isObject(tool)) return `${path}: Input should be a valid dictionary`;
  // The provider's own tools carry a type and bring their own schema.
  if (typeof tool["type"] === "string" && tool["type"] !== "custom") return undefined;
  const { name, input_schema: schema } = tool;
  if (name === undefined) return `${path}.custom.name: Field required`;
  if (typeof name !== "string") return `${path}.custom.name: Input should be a valid string`;
  if (!NAME.test(name)) return `${path}.custom.name: String should match pattern '${NAME.source}'`;
  if (schema === undefined) return `${path}.custom.input_schema: Field required`;
  if (!isObject(schema)) return `${path}.custom.input_schema: Input should be a valid dictionary`;
  if (schema["type"] === undefined) return `${path}.custom.input_schema.type: Field required`;
  if (schema["type"] !== "object") return `${path}.custom.input_schema.type: Input should be 'object'`;
  // https://github.com/anthropics/claude-code/issues/40075
  return NOT_AT_TOP_LEVEL.some((keyword) => keyword in schema)
    ? `${path}.custom.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level`
    : undefined;
}

function checkAll(tools: readonly Record<string, unknown>[]): string | undefined {
  if (new Set(tools.map((tool) => tool["name"])).size < tools.length)
    return "tools: Tool names must be unique.";
  const strict = tools.filter((tool) => tool["strict"] === true).length;
  if (strict > MOST_STRICT_TOOLS) {
    return `Too many strict tools (${strict}). The maximum number of strict tools supported is ${MOST_STRICT_TOOLS}. Try reducing the number of tools marked as strict.`;
  }
  return undefined;
}

/** `tool_choice`, alone and beside thinking (A9). Forcing a tool needs tools; `auto` and `none` do not. */
export const checkToolChoice: Rule = ({ tool_choice: choice, tools = [], thinking }) => {
  if (choice === undefined || choice === null) return undefined;
  if (!isObject(choice)) return "tool_choice: Input should be a valid dictionary";
  switch (choice.type) {
    case undefined:
      return "tool_choice: Unable to extract tag using discriminator 'type'";
    case "auto":
    case "none":
      return undefined;
    case "any":
      if (tools.length === 0) return "tool_choice.any may only be specified while providing tools";
      break;
    case "tool":
      if (choice.name === undefined) return "tool_choice.tool.name: Field required";
      if (!tools.some((tool) => tool.name === choice.name)) {
        return `Tool '${choice.name}' not found in provided tools`;
      }
      break;
    default:
      return `tool_choice: Input tag '${choice.type}' found using 'type' does not match any of the expected tags: 'auto', 'any', 'tool', 'none'`;
  }
  if (thinking?.type === "enabled" || thinking?.type === "adaptive") {
    return "Thinking may not be enabled when tool_choice forces tool use.";
  }
  return undefined;
};

/** A history with calls or results needs the tools that they are about. */
export const checkToolsPresent: Rule = ({ messages, tools = [] }) => {
  if (tools.length > 0) return undefined;
  const used = messages.some((message) =>
    blocksOf(message).some(({ type }) => type === "tool_use" || type === "tool_result"),
  );
  return used ? "Requests which include `tool_use` or `tool_result` blocks must define tools." : undefined;
};
