/** Responses for any provider's model, made from what its client gives: a stream of events, or a whole message. */
import { TuttiError } from "../core/errors.ts";
import type { Assembler, Progress, Turn } from "../wire/wire.ts";
import { toModelError } from "./model-error.ts";
import type { ModelResponse } from "./model.ts";

const BEGUN: Progress = { committed: [] };

/** The response that a stream is. `open` sends the request. */
export function streamedResponse<Message, Event>(
  assembler: Assembler<Message, Event>,
  open: () => AsyncIterable<Event> | PromiseLike<AsyncIterable<Event>>,
): ModelResponse<Message> {
  return {
    turn: () => assembler.finish(),
    committed: () => assembler.committed(),
    async *[Symbol.asyncIterator]() {
      try {
        const events = await open();
        yield BEGUN;
        for await (const event of events) yield assembler.push(event);
      } catch (error) {
        throw toModelError(error);
      }
      // A client may end the stream in silence when the connection does.
      if (!assembler.ended) throw new TuttiError("model-failed", "the stream ended before the turn did");
    },
  };
}

/** The response that comes whole. `open` sends the request, and resolves to what came. */
export function wholeResponse<Message>(open: () => PromiseLike<Turn<Message>>): ModelResponse<Message> {
  let turn = emptyTurn<Message>();
  return {
    turn: () => turn,
    committed: () => turn,
    async *[Symbol.asyncIterator]() {
      try {
        turn = await open();
      } catch (error) {
        throw toModelError(error);
      }
      const committed = turn.stop === "refused" ? [] : turn.calls.filter((call) => call.truncated !== true);
      yield turn.text === "" ? { committed } : { text: turn.text, committed };
    },
  };
}

function emptyTurn<Message>(): Turn<Message> {
  const usage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 };
  return { messages: [], calls: [], text: "", stop: "truncated", usage };
}
