/** What Anthropic really sent, whole and cut everywhere, and what it really took back. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CallRequest } from "../../../src/core/call-request.ts";
import type { EncodedResult } from "../../../src/core/result.ts";
import { anthropicMessages } from "../../../src/wire/anthropic-messages/wire.ts";
import type {
  AnthropicEvent,
  AnthropicMessage,
  AnthropicResponse,
} from "../../../src/wire/anthropic-messages/protocol.ts";
import type { Turn } from "../../../src/wire/wire.ts";
import { events, json, missingRecordings, recordings, type Recording } from "../../support/recordings.ts";

type Block = Record<string, unknown>;

const CUT_OFF = new Set(["max_tokens", "refusal", "model_context_window_exceeded"]);
/** Its follow-up was recorded on another day: the same call, introduced by another text. */
const OTHER_TEXT = "anthropic-messages/anthropic-claude-3-opus-tools-stream.sse";
const all = recordings("anthropic-messages");
const streams = all.filter(({ kind }) => kind === "sse");

describe("recordings of Anthropic's Messages API", { skip: missingRecordings }, () => {
  test("there are recordings", () => {
    assert.ok(all.length > 10 && streams.length > 5);
  });

  for (const recording of all) {
    test(`${recording.file} is read to its calls`, () => {
      const turn = read(recording);
      assert.deepEqual(turn.calls.map(parsed), recording.calls.map(expected));
      assert.equal(
        turn.stop === "truncated" || turn.stop === "refused",
        CUT_OFF.has(recording.stop),
        `stop ${turn.stop}`,
      );
      assert.ok(turn.usage.outputTokens >= 0 && turn.usage.inputTokens >= turn.usage.cachedInputTokens);
    });
  }

  for (const recording of all.filter(({ kind }) => kind === "json")) {
    test(`G8: ${recording.file} goes back as it came`, () => {
      const response = json(recording.file) as AnthropicResponse;
      assert.equal(
        JSON.stringify(read(recording).messages),
        JSON.stringify([{ role: "assistant", content: response.content }]),
      );
    });
  }

  for (const recording of streams) {
    test(`G9: ${recording.file} cut after any event lets no call out early`, () => {
      const stream = events(recording) as AnthropicEvent[];
      const calls = recording.calls.map(expected);
      for (let cut = 0; cut <= stream.length; cut += 1) {
        const { committed, turn } = assemble(stream.slice(0, cut));
        // What is out is whole, in order, and as final as at the end of the stream.
        assert.deepEqual(committed.map(parsed), calls.slice(0, committed.length));
        assert.deepEqual(turn.calls.slice(0, committed.length), committed);
        assert.ok(turn.calls.slice(committed.length).every(({ truncated }) => truncated === true));

        const ended = stream.slice(0, cut).some(({ type }) => type === "message_delta");
        if (!ended) assert.equal(turn.stop, "truncated");
        else if (!CUT_OFF.has(recording.stop)) assert.equal(committed.length, calls.length);
        assertTakenBack(turn);
      }
    });
  }

  for (const recording of all.filter(({ nextRequest }) => nextRequest !== undefined)) {
    test(`${recording.file} is answered as the accepted request answered it`, () => {
      const turn = read(recording);
      const { assistant, user } = accepted(recording);
      const results = user.filter(({ type }) => type === "tool_result");
      const compared = (content: Block[]) =>
        content.filter(({ type }) => recording.file !== OTHER_TEXT || type !== "text");
      assert.deepEqual(turn.messages.map(blocks).map(compared), [compared(normalise(assistant))]);
      const ours = anthropicMessages.results(turn, results.map(encoded));
      assert.deepEqual(ours.map(blocks), [normalise(results)]);
    });
  }
});

function read(recording: Recording): Turn<AnthropicMessage> {
  if (recording.kind === "sse") return assemble(events(recording) as AnthropicEvent[]).turn;
  return anthropicMessages.read(json(recording.file) as AnthropicResponse);
}

function assemble(stream: readonly AnthropicEvent[]) {
  const assembler = anthropicMessages.assemble();
  const committed = stream.flatMap((event) => [...assembler.push(event).committed]);
  return { committed, turn: assembler.finish() };
}

function expected({ id, name, input, rawInput }: Recording["calls"][number]) {
  return { id, name, input: input ?? rawInput };
}

function parsed({ id, name, input, inputText }: CallRequest) {
  return { id, name, input: inputText === undefined ? input : (JSON.parse(inputText) as unknown) };
}

/** What the API is known to refuse in an assistant's message must not be there, however the stream was cut. */
function assertTakenBack(turn: Turn<AnthropicMessage>): void {
  for (const block of turn.messages.flatMap(({ content }) => content as unknown as Block[])) {
    if (block["type"] === "text") assert.notEqual(String(block["text"]).trim(), "");
    if ("input" in block) assert.equal(Object.prototype.toString.call(block["input"]), "[object Object]");
  }
}

/** The assistant's message with the calls, and the message after it. */
function accepted(recording: Recording): { assistant: Block[]; user: Block[] } {
  const { messages } = json(recording.nextRequest?.file ?? "") as { messages: { content: Block[] }[] };
  const id = recording.calls[0]?.id;
  const at = messages.findIndex(
    ({ content }) => Array.isArray(content) && content.some((b) => b["id"] === id),
  );
  return { assistant: messages[at]?.content ?? [], user: messages[at + 1]?.content ?? [] };
}

function encoded(result: Block): EncodedResult {
  const content = normalise([result])[0]?.["content"] as { text: string }[];
  return {
    isError: result["is_error"] === true,
    parts: content.map(({ text }) => ({ type: "text", text })),
  };
}

function blocks({ content }: AnthropicMessage): Block[] {
  return normalise(content as unknown as Block[]);
}

/**
 * What does not matter to the API: cache marks; `caller: { type: "direct" }`, the default; `is_error: false`, the default;
 * no citations; a string in place of one text block.
 */
function normalise(content: readonly Block[]): Block[] {
  return content.map(({ cache_control: _cache, caller: _caller, is_error, citations, ...block }) => ({
    ...block,
    ...(is_error === true && { is_error }),
    ...(Array.isArray(citations) && { citations }),
    ...(typeof block["content"] === "string" && { content: [{ type: "text", text: block["content"] }] }),
  }));
}
