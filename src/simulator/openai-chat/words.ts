/**
 * How servers that imitate Chat Completions word the same refusals, told by the model that is asked: as recorded, or as users
 * have quoted them.
 */
import type { Fault } from "../openai/fault.ts";

/** What a server says of calls without results, and of results without calls. */
export interface Words {
  /** `index` is where the model's message stands. */
  unanswered(ids: readonly string[], index: number): Fault;
  orphan(index: number): Fault;
  /** Of a choice that forces a call, where the model does not take one. */
  readonly forced?: Fault;
}

const OPENAI: Words = {
  unanswered: (ids) => ({
    message: `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${ids.join(", ")}`,
    param: "messages",
  }),
  orphan: (index) => ({
    // The misspelling is the provider's.
    message:
      "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
    param: `messages.[${index}].role`,
  }),
};

const OTHERS: readonly (readonly [models: RegExp, words: Partial<Words>])[] = [
  [
    /^deepseek/,
    {
      unanswered: () => ({
        message:
          "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. (insufficient tool messages following tool_calls message)",
        code: "invalid_request_error",
      }),
      orphan: () => ({
        message: "Messages with role 'tool' must be a response to a preceding message with 'tool_calls'",
        code: "invalid_request_error",
      }),
      forced: {
        message: "Thinking mode does not support this tool_choice",
        code: "invalid_request_error",
      },
    },
  ],
  [
    /^qwen/,
    {
      unanswered: (_, index) => ({
        message: `<400> InternalError.Algo.InvalidParameter: An assistant message with "tool_calls" must be followed by tool messages responding to each "tool_call_id". The following tool_call_ids did not have response messages: message[${index + 1}].role`,
        code: "invalid_parameter_error",
      }),
    },
  ],
  [
    /^kimi/,
    {
      unanswered: (ids) => ({
        message: `an assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${ids.join(", ")}`,
      }),
    },
  ],
];

/** The words of the server behind a model. */
export function wordsOf(model: string): Words {
  const [, own] = OTHERS.find(([models]) => models.test(model)) ?? [];
  return { ...OPENAI, ...own };
}
