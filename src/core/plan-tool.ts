/** The plan tool: a whole graph of calls in one, for models that call one tool per turn or that reason better over a plan. */
import type { Tool } from "./tool.ts";
import { wrapperTool } from "./wrapper-tool.ts";

/** What `planTool` takes. */
export interface PlanToolOptions {
  /** @default "plan" */
  readonly name?: string | undefined;
  /** What the model reads of it. @default how to write a plan, with an example */
  readonly description?: string | undefined;
}

const DESCRIPTION =
  "Makes several tool calls at once, also ones that depend on each other. Each has an `id`; in the `input` of another, " +
  '"$id" stands for its whole result, "$id.field" or "$id.list[0].field" for a value in it, of the type it has there. A call ' +
  "starts as soon as the calls are done that it refers to, or that it names in `after`; all else runs at the same time. " +
  'Example: [{"id":"who","tool":"find_user","input":{"email":"a@b.c"}},{"id":"orders","tool":"list_orders",' +
  '"input":{"user":"$who.id"}}]. The answer lists the result of each call, or its error; calls that depend on one that ' +
  'failed are skipped. A text that begins with a dollar sign is written with two: "$$5".';

const CALL = {
  type: "object",
  properties: {
    id: {
      type: "string",
      description: "A name of your choice: letters, digits, _ and -.",
      pattern: "^[\\w-]+$",
    },
    tool: { type: "string", description: "The name of one of the other tools." },
    input: { type: "object", description: "The input of that tool.", additionalProperties: true },
    after: {
      type: "array",
      items: { type: "string" },
      description: "The ids of calls that must be done before, although nothing of their results is needed.",
    },
  },
  required: ["id", "tool", "input"],
  additionalProperties: false,
} as const;

/**
 * A tool that takes a graph of calls, to put among an executor's others. The calls run as though the model had made each of
 * them, by the same rules and limits; references between them are read whatever the executor's `references` says.
 *
 * @throws TypeError that names the option and what came
 */
export function planTool(options: PlanToolOptions = {}): Tool {
  return wrapperTool(options, {
    maker: "planTool",
    wraps: "plan",
    call: CALL,
    name: "plan",
    description: DESCRIPTION,
  });
}
