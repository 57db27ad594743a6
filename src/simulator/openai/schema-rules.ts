/**
 * What OpenAI refuses of a function's schema, in both of its APIs: for all functions what is no plain object, in strict mode what it
 * has no grammar for. What is said of an open object at the top level is recorded; the rest is as reports quote it.
 */
import { isObject } from "../../core/is-object.ts";
import { first } from "../first.ts";
import type { Fault } from "./fault.ts";

/** https://github.com/nspady/google-calendar-mcp/issues/39 */
const NOT_AT_TOP_LEVEL = ["oneOf", "anyOf", "allOf", "enum", "not"];

/**
 * "Some notable keywords not supported", and `oneOf`. https://developers.openai.com/api/docs/guides/structured-outputs,
 * https://github.com/makenotion/notion-mcp-server/issues/102, https://github.com/ai-dynamo/dynamo/pull/15153
 */
const NOT_IN_STRICT = [
  "allOf",
  "oneOf",
  "not",
  "if",
  "then",
  "else",
  "dependentRequired",
  "dependentSchemas",
];

/** A function as it is declared. */
export interface DeclaredFunction {
  readonly name?: unknown;
  readonly parameters?: unknown;
  readonly strict?: unknown;
}

/** What is wrong with the schema that `param` names. */
export function checkParameters(
  { name, parameters, strict }: DeclaredFunction,
  param: string,
): Fault | undefined {
  if (parameters === undefined || parameters === null) return undefined;
  const schema = isObject(parameters) ? parameters : {};
  const wrong = topLevelOf(schema) ?? (strict === true ? strictly(schema, []) : undefined);
  if (wrong === undefined) return undefined;
  const message = `Invalid schema for function '${String(name)}': ${wrong}`;
  return { message, param, code: "invalid_function_parameters" };
}

function topLevelOf(schema: Record<string, unknown>): string | undefined {
  const { type } = schema;
  if (type !== "object") {
    const shown = typeof type === "string" ? type : "None";
    return `schema must be a JSON Schema of 'type: "object"', got 'type: "${shown}"'.`;
  }
  return NOT_AT_TOP_LEVEL.some((keyword) => keyword in schema)
    ? "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level."
    : undefined;
}

/** What strict mode refuses of a schema, or of one inside it. */
function strictly(schema: unknown, path: readonly string[]): string | undefined {
  if (!isObject(schema)) return undefined;
  const says = (what: string) => `In context=(${path.map((step) => `'${step}'`).join(", ")}), ${what}`;
  const foreign = NOT_IN_STRICT.find((keyword) => keyword in schema);
  if (foreign !== undefined) return says(`'${foreign}' is not permitted.`);
  if (schema["type"] === "object") {
    // https://github.com/lastmile-ai/openai-agents-mcp/issues/2
    if (schema["additionalProperties"] !== false)
      return says("'additionalProperties' is required to be supplied and to be false.");
    const required = Array.isArray(schema["required"]) ? schema["required"] : [];
    const optional = Object.keys(schema["properties"] ?? {}).find((key) => !required.includes(key));
    // https://github.com/kevinwatt/mysql-mcp/issues/5
    if (optional !== undefined) {
      return says(
        `'required' is required to be supplied and to be an array including every key in properties. Missing '${optional}'.`,
      );
    }
  }
  return first(schemasIn(schema), ([inner, ...steps]) => strictly(inner, [...path, ...steps]));
}

/** The schemas directly inside a schema, each with the way to it. */
function schemasIn(schema: Record<string, unknown>): [inner: unknown, ...steps: string[]][] {
  const many = ["properties", "$defs", "definitions", "anyOf"].flatMap((keyword) =>
    Object.entries(schema[keyword] ?? {}).map(([key, inner]): [unknown, ...string[]] => [
      inner,
      keyword,
      key,
    ]),
  );
  return [...many, [schema["items"], "items"]];
}
