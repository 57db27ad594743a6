/** What OpenAI refuses of the tools, of the choice among them, and of the switch for parallel calls. */
import { isObject } from "../../core/is-object.ts";
import { first } from "../first.ts";
import { invalid, missing, unsupported, type Fault } from "../openai/fault.ts";
import { checkParameters } from "../openai/schema-rules.ts";
import type { RequestTool, Rule } from "./request.ts";

const NAME = /^[a-zA-Z0-9_-]+$/;
/** https://community.openai.com/t/what-models-support-parallel-tool-calls-and-when-to-use-it/1310788 */
const WITHOUT_SWITCH = /^o\d/;

/** The tools one by one. It comes before anything relies on their shape. */
export const checkTools: Rule = ({ tools }) => {
  if (tools === undefined || tools === null) return undefined;
  if (!Array.isArray(tools)) {
    return { message: "Invalid type for 'tools': expected an array of objects.", param: "tools" };
  }
  const list = tools as readonly RequestTool[];
  const fault = first(list as readonly unknown[], (tool, i) => checkTool(tool, `tools[${i}]`));
  if (fault !== undefined) return fault;
  const names = list.flatMap(({ name }) => (name === undefined ? [] : [name]));
  const twice = names.find((name, i) => names.indexOf(name) < i);
  return twice === undefined ? undefined : { message: `Duplicate tool name: '${twice}'.`, param: "tools" };
};

function checkTool(tool: unknown, at: string): Fault | undefined {
  if (!isObject(tool) || tool["type"] === undefined) return missing(`${at}.type`);
  const { type, name } = tool;
  if (type !== "function" && type !== "custom") return undefined;
  if (name === undefined) return missing(`${at}.name`);
  if (typeof name !== "string" || !NAME.test(name)) {
    const message = `Invalid '${at}.name': string does not match pattern. Expected a string that matches the pattern '${NAME.source}'.`;
    return invalid(`${at}.name`, message);
  }
  return type === "custom" ? undefined : checkParameters(tool, `${at}.parameters`);
}

/** `tool_choice` (O11). */
export const checkToolChoice: Rule = ({ tool_choice: choice, tools }) => {
  if (choice === undefined || choice === null || choice === "auto" || choice === "none") return undefined;
  if (choice === "required") {
    return (tools ?? []).length > 0
      ? undefined
      : { message: "Tool choice 'required' must be specified with 'tools' parameter.", param: "tool_choice" };
  }
  if (!isObject(choice)) {
    const message = `Invalid value: ${JSON.stringify(choice)}. Supported values are: 'none', 'auto', and 'required'.`;
    return invalid("tool_choice", message);
  }
  const { type, name } = choice;
  if (type !== "function" || (tools ?? []).some((tool) => tool.name === name)) return undefined;
  return {
    message: `Tool choice '${String(name as string)}' not found in 'tools' parameter.`,
    param: "tool_choice",
  };
};

/** The switch for parallel calls is taken beside tools only (O1), and not by every model (O2). */
export const checkSwitch: Rule = ({ model, tools, parallel_tool_calls: parallel }) => {
  if (parallel === undefined || parallel === null) return undefined;
  if (WITHOUT_SWITCH.test(model)) return unsupported("parallel_tool_calls");
  if (tools !== undefined && tools !== null && tools.length > 0) return undefined;
  return {
    message:
      "Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified.",
    param: "parallel_tool_calls",
  };
};
