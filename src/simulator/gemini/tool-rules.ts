/** What Google refuses of the tools, and of the choice among them. */
import { isObject } from "../../core/is-object.ts";
import { first } from "../first.ts";
import { responsesOf, type Rule } from "./request.ts";

const NAME = /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/;
const MODES = ["MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED"];
const IMAGES = ["image/png", "image/jpeg", "image/webp", "image/heic", "image/heif"];

/** https://github.com/google-gemini/gemini-cli/issues/19436 */
const NO_PARTS =
  "Unable to submit request because `function_response.parts` is not supported for this model. Learn more: https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling";

/** The declarations. */
export const checkTools: Rule = ({ tools = [] }, { isVertex }) => {
  const declarations = tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations);
  const wrong = first(declarations, ({ name, parameters }, i) => {
    const at = `tools[0].function_declarations[${i}]`;
    if (typeof name !== "string" || !NAME.test(name)) {
      return `* GenerateContentRequest.${at}.name: Invalid function name. Must start with a letter or an underscore. Must be alphameric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.\n`;
    }
    // Recorded of Vertex as accepted; a JSON schema (`parametersJsonSchema`) is not looked at.
    return !isVertex && isObject(parameters) && hasNoFields(parameters)
      ? `* GenerateContentRequest.${at}.parameters.properties: should be non-empty for OBJECT type\n`
      : undefined;
  });
  if (wrong !== undefined) return wrong;
  const names = declarations.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  return twice === undefined ? undefined : `Duplicate function declaration found: ${twice}`;
};

function hasNoFields({ type, properties }: Record<string, unknown>): boolean {
  return /^object$/i.test(String(type)) && Object.keys(properties ?? {}).length === 0;
}

/** `toolConfig`, which is about the client's tools only. */
export const checkToolConfig: Rule = ({ toolConfig, tools = [] }) => {
  const mode = toolConfig?.functionCallingConfig?.mode;
  if (mode === undefined) return undefined;
  if (!MODES.includes(mode)) {
    return `Invalid value at 'tool_config.function_calling_config.mode' (type.googleapis.com/google.ai.generativelanguage.v1beta.FunctionCallingConfig.Mode), "${mode}"`;
  }
  return tools.every(({ functionDeclarations = [] }) => functionDeclarations.length === 0)
    ? "Function calling config is set without function_declarations."
    : undefined;
};

/** Images inside results, which models take since Gemini 3. */
export const checkImages: Rule = ({ contents }, { isNew }) =>
  first(contents.flatMap(responsesOf), ({ parts = [] }) => {
    if (parts.length === 0) return undefined;
    if (!isNew) return NO_PARTS;
    const types = parts.map((part) =>
      isObject(part) && isObject(part["inlineData"]) ? part["inlineData"]["mimeType"] : undefined,
    );
    return types.every((type) => IMAGES.includes(type as string))
      ? undefined
      : "MIME type must be image/png, image/jpeg, image/webp, image/heic, or image/heif.";
  });
