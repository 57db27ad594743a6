/** The batch tool: for models that make one call per turn, a tool whose input is a list of calls. */
import type { Tool } from "./tool.ts";
import { wrapperTool } from "./wrapper-tool.ts";

/** What `batchTool` takes. */
export interface BatchToolOptions {
  /** @default "batch" */
  readonly name?: string | undefined;
  /** What the model reads of it. @default what has most models use it */
  readonly description?: string | undefined;
}

const DESCRIPTION =
  "Makes several tool calls at once. Use it whenever you need two or more calls that do not depend on one another's " +
  "results: it is much faster than one call after the other. The calls are the same as if you made them yourself, in this " +
  "order; the answer is the list of their results, in the same order.";

const CALL = {
  type: "object",
  properties: {
    name: { type: "string", description: "The name of one of the other tools." },
    input: { type: "object", description: "The input of that tool.", additionalProperties: true },
  },
  required: ["name", "input"],
  additionalProperties: false,
} as const;

/**
 * A tool that takes a list of calls, to put among an executor's others. The calls run as though the model had made each of
 * them, by the same rules and limits, and are answered together, each with its own result or error.
 *
 * @throws TypeError that names the option and what came
 */
export function batchTool(options: BatchToolOptions = {}): Tool {
  return wrapperTool(options, {
    maker: "batchTool",
    wraps: "calls",
    call: CALL,
    name: "batch",
    description: DESCRIPTION,
  });
}
