/** What OpenAI refuses of the tools, of the choice among them, and of the fields that only some models take. */
import { isObject } from "../../core/is-object.ts";
import { first } from "../first.ts";
import { emptyArray, invalid, missing, unsupported, type Fault } from "../openai/fault.ts";
import { checkParameters } from "../openai/schema-rules.ts";
import { wordsOf } from "./words.ts";
import { nameOf, type ChatRequest, type RequestTool, type Rule } from "./request.ts";

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const MOST_TOOLS = 128;
/** The models that reason, which have fields of their own. */
const REASONING = /^(o\d|gpt-5)/;
/** https://community.openai.com/t/what-models-support-parallel-tool-calls-and-when-to-use-it/1310788 */
const WITHOUT_SWITCH = /^o\d/;

/** The tools one by one. It comes before anything relies on their shape. */
export const checkTools: Rule = ({ tools }) => {
  if (tools === undefined || tools === null) return undefined;
  if (!Array.isArray(tools))
    return { message: "Invalid type for 'tools': expected an array of objects.", param: "tools" };
  if (tools.length === 0) return emptyArray("tools");
  if (tools.length > MOST_TOOLS) {
    const message = `Invalid 'tools': array too long. Expected an array with maximum length ${MOST_TOOLS}, but got an array with length ${tools.length} instead.`;
    return { message, param: "tools", code: "array_above_max_length" };
  }
  return first(tools as readonly unknown[], (tool, i) => checkTool(tool, `tools[${i}]`));
};

function checkTool(tool: unknown, at: string): Fault | undefined {
  if (!isObject(tool) || tool["type"] === undefined) return missing(`${at}.type`);
  const { type } = tool;
  if (type !== "function" && type !== "custom") {
    return invalid(
      `${at}.type`,
      `Invalid value: ${JSON.stringify(type)}. Supported values are: 'function' and 'custom'.`,
    );
  }
  const declared = tool[type];
  if (!isObject(declared)) return missing(`${at}.${type}`);
  const { name } = declared;
  if (name === undefined) return missing(`${at}.${type}.name`);
  if (typeof name !== "string" || !NAME.test(name)) {
    const param = `${at}.${type}.name`;
    const message = `Invalid '${param}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`;
    return { message, param, code: "invalid_value" };
  }
  return type === "function" ? checkParameters(declared, `${at}.function.parameters`) : undefined;
}

/** `tool_choice` (O11). */
export const checkToolChoice: Rule = ({ model, tool_choice: choice, tools }) => {
  const { forced } = wordsOf(model);
  if (forced !== undefined && (choice === "required" || isObject(choice))) return forced;
  if (choice === undefined || choice === null) return undefined;
  if (tools === undefined || tools === null) {
    return {
      message: "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
      param: "tool_choice",
    };
  }
  if (choice === "none" || choice === "auto" || choice === "required") return undefined;
  if (!isObject(choice)) {
    const message = `Invalid value: '${String(choice as string)}'. Supported values are: 'none', 'auto', and 'required'.`;
    return invalid("tool_choice", message);
  }
  if (choice["type"] === "allowed_tools") return undefined;
  const name = nameOf(choice as unknown as RequestTool);
  if (tools.some((tool) => nameOf(tool) === name)) return undefined;
  return {
    message: `Invalid value for 'tool_choice': no function named '${name}' was specified in the 'tools' parameter.`,
    param: "tool_choice",
  };
};

/** The switch for parallel calls is taken beside tools only (O1), and not by every model (O2). */
export const checkSwitch: Rule = ({ model, tools, parallel_tool_calls: parallel }) => {
  if (parallel === undefined || parallel === null) return undefined;
  if (WITHOUT_SWITCH.test(model)) return unsupported("parallel_tool_calls");
  if (tools !== undefined && tools !== null) return undefined;
  return {
    message:
      "Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified.",
    param: "parallel_tool_calls",
  };
};

/** Models that reason count their thoughts as well. */
export const checkTokenLimit: Rule = ({ model, max_tokens: limit }: ChatRequest) => {
  if (limit === undefined || limit === null || !REASONING.test(model)) return undefined;
  return unsupported("max_tokens", "is not supported with this model. Use 'max_completion_tokens' instead.");
};

/** Names must be told apart. */
export const checkNames: Rule = ({ tools }) => {
  const names = (tools ?? []).map(nameOf);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  return twice === undefined
    ? undefined
    : {
        message: `Invalid 'tools': duplicate function name '${twice}'.`,
        param: "tools",
        code: "invalid_value",
      };
};
