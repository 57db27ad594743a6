/** Tools whose input is a list of calls, which the engine runs in their place. */
import { nonEmptyString } from "./options.ts";
import type { JsonSchema } from "./schema.ts";
import { defineTool, type Tool } from "./tool.ts";

/** What such a tool is made of. */
export interface WrapperToolOptions {
  readonly name: string;
  readonly description: string;
  readonly input: JsonSchema;
  readonly wraps: NonNullable<Tool["wraps"]>;
}

/**
 * Makes one.
 *
 * @throws TypeError that names the option and what came
 */
export function wrapperTool({ name, description, input, wraps }: WrapperToolOptions): Tool {
  const tool = defineTool({
    name,
    description: nonEmptyString("description", description),
    input,
    // The calls in it have their own.
    effects: "none",
    // What gets here stands in a list itself.
    execute: () => {
      throw new Error(`a list of calls cannot hold another: put the calls of "${name}" into the outer one`);
    },
  });
  return Object.freeze({ ...tool, wraps }) as Tool;
}
