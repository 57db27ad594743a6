/** Tools whose input is a list of calls, which the engine runs in their place. */
import { knownKeys, nonEmptyString } from "./options.ts";
import type { JsonSchema } from "./schema.ts";
import { defineTool, type Tool } from "./tool.ts";

/** How such a tool is called, and what the model reads of it. */
export interface WrapperToolOptions {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
}

/** What is the same for all tools of a kind. */
export interface WrapperKind {
  /** The function that makes them. */
  readonly maker: string;
  readonly wraps: NonNullable<Tool["wraps"]>;
  /** The schema of one call in the list. */
  readonly call: JsonSchema;
  readonly name: string;
  readonly description: string;
}

/**
 * Makes one.
 *
 * @throws TypeError that names the option and what came
 */
export function wrapperTool(options: WrapperToolOptions, kind: WrapperKind): Tool {
  knownKeys(kind.maker, options, ["name", "description"]);
  const { name = kind.name, description = kind.description } = options;
  const tool = defineTool({
    name,
    description: nonEmptyString("description", description),
    input: {
      type: "object",
      properties: { calls: { type: "array", description: "The calls.", items: kind.call } },
      required: ["calls"],
      additionalProperties: false,
    },
    // The calls in it have their own.
    effects: "none",
    // What gets here stands in a list itself.
    execute: () => {
      throw new Error(`a list of calls cannot hold another: put the calls of "${name}" into the outer one`);
    },
  });
  return Object.freeze({ ...tool, wraps: kind.wraps }) as Tool;
}
