/**
 * Every call has its result in a `tool` message, all of them right behind the model's message, and every `tool` message its
 * call (O6). This is where most conversations break.
 */
import { first } from "../first.ts";
import { type Fault } from "../openai/fault.ts";
import { wordsOf, type Words } from "./words.ts";
import { callsOf, type ChatRequest, type RequestMessage, type Rule } from "./request.ts";

/** Mistral's ids: "must be a-z, A-Z, 0-9, with a length of 9". */
const NINE = /^[a-zA-Z0-9]{9}$/;

/** A message with calls, and the `tool` messages right behind it. */
interface CallTurn {
  readonly index: number;
  readonly calls: readonly string[];
  readonly results: readonly string[];
}

/** Calls and results as OpenAI checks them. */
export const checkPairing: Rule = (request) => {
  const words = wordsOf(request.model);
  const turns = callTurns(request);
  const seen = new Set<string>();
  const answering = new Set(turns.flatMap(({ index, results }) => results.map((_, i) => index + 1 + i)));
  return (
    first(turns, (turn) => checkUnique(turn, seen) ?? checkTurn(turn, words)) ??
    first(request.messages, ({ role }, index) =>
      role === "tool" && !answering.has(index) ? words.orphan(index) : undefined,
    )
  );
};

/** The same as Mistral checks it: it counts, and looks at the form of ids. */
export const checkMistralPairing: Rule = (request) => {
  const turns = callTurns(request);
  const illegal = turns.flatMap(({ calls }) => calls).find((id) => !NINE.test(id));
  if (illegal !== undefined) {
    return {
      message: `Tool call id was ${illegal} but must be a-z, A-Z, 0-9, with a length of 9.`,
      type: "invalid_function_call",
      code: "3280",
    };
  }
  const calls = turns.reduce((sum, turn) => sum + turn.calls.length, 0);
  const results = request.messages.filter(({ role }) => role === "tool").length;
  const isUneven = calls !== results || turns.some((turn) => turn.calls.length !== turn.results.length);
  return isUneven
    ? { message: "Not the same number of function calls and responses" }
    : checkPairing(request);
};

function callTurns({ messages }: ChatRequest): CallTurn[] {
  return messages.flatMap((message, index) => {
    const calls = message.role === "assistant" ? callsOf(message).map(({ id }) => id) : [];
    return calls.length === 0 ? [] : [{ index, calls, results: resultsBehind(messages, index) }];
  });
}

/** The calls that the `tool` messages right behind a message answer. */
function resultsBehind(messages: readonly RequestMessage[], index: number): string[] {
  const behind = messages.slice(index + 1);
  const end = behind.findIndex(({ role }) => role !== "tool");
  return (end === -1 ? behind : behind.slice(0, end)).map(({ tool_call_id: id }) => String(id));
}

/** No two calls of a request share an id, not even in different turns. */
function checkUnique({ index, calls }: CallTurn, seen: Set<string>): Fault | undefined {
  return first(calls, (id) => {
    if (seen.has(id)) {
      const message = `Duplicate value for 'tool_call_id' of '${id}' in message[${index}]`;
      return { message, param: `messages.[${index}].tool_calls` };
    }
    seen.add(id);
    return undefined;
  });
}

function checkTurn({ index, calls, results }: CallTurn, words: Words): Fault | undefined {
  const unanswered = calls.filter((id) => !results.includes(id));
  if (unanswered.length > 0) return words.unanswered(unanswered, index);
  const stray = results.findIndex((id, i) => !calls.includes(id) || results.indexOf(id) < i);
  return stray === -1 ? undefined : words.orphan(index + 1 + stray);
}
