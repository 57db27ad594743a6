/** Random answers: streamed or whole, they read the same; broken off, they let nothing out that is not whole. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { CallRequest } from "../../../src/core/call-request.ts";
import { anthropicMessages } from "../../../src/wire/anthropic-messages/wire.ts";
import type { AnthropicBlock, AnthropicEvent } from "../../../src/wire/anthropic-messages/protocol.ts";
import { delta, end, json, start, stop, stream } from "../../support/anthropic-events.ts";

const text = fc.string({ unit: "binary" });
const block = fc.oneof(
  fc.record({ type: fc.constant("text"), text }),
  fc.record({ type: fc.constant("thinking"), thinking: text, signature: fc.base64String() }),
  fc.record({ type: fc.constant("redacted_thinking"), data: text }),
  fc.record({
    type: fc.constantFrom("tool_use", "server_tool_use"),
    id: fc.uuid(),
    name: fc.constantFrom("a", "b"),
    // By way of JSON, which knows no -0.
    input: fc
      .dictionary(text, fc.jsonValue({ noUnicodeString: false }), { noNullPrototype: true })
      .map((input): unknown => JSON.parse(JSON.stringify(input))),
  }),
);
const reason = fc.constantFrom(
  "tool_use",
  "end_turn",
  "pause_turn",
  "stop_sequence",
  "max_tokens",
  "refusal",
  "tomorrow",
);

test("G8: random blocks read the same streamed in pieces as whole", () => {
  fc.assert(
    fc.property(fc.array(block), reason, fc.infiniteStream(fc.nat(7)), (content, stop_reason, sizes) => {
      const { push, finish } = stream();
      const committed = content.flatMap((block, index) => push(...streamed(block, index, sizes)));
      committed.push(...push(stop(stop_reason), { type: "message_stop" }));

      const turn = finish();
      const whole = anthropicMessages.read({ content: structuredClone(content), stop_reason });
      assert.equal(JSON.stringify(turn.messages), JSON.stringify(whole.messages));
      assert.deepEqual(
        { ...turn, calls: turn.calls.map(parsed) },
        { ...whole, calls: whole.calls.map(parsed) },
      );
      assert.deepEqual(
        committed,
        turn.calls.filter(({ truncated }) => truncated !== true),
      );
    }),
  );
});

test("G9: random streams that break off anywhere commit a prefix of the calls", () => {
  fc.assert(
    fc.property(fc.array(block), fc.infiniteStream(fc.nat(7)), fc.nat(), (content, sizes, seed) => {
      const events = [...content.flatMap((block, index) => streamed(block, index, sizes)), stop("tool_use")];
      const { push, finish } = stream();
      const committed = push(...events.slice(0, seed % events.length));
      const { calls, stop: read } = finish();
      assert.equal(read, "truncated");
      assert.deepEqual(calls.slice(0, committed.length), committed);
      assert.ok(calls.slice(committed.length).every(({ truncated }) => truncated === true));
      const whole = anthropicMessages.read({ content, stop_reason: "tool_use" }).calls;
      assert.deepEqual(committed.map(parsed), whole.slice(0, committed.length).map(parsed));
    }),
  );
});

function parsed({ inputText, ...call }: CallRequest) {
  return inputText === undefined ? call : { ...call, input: JSON.parse(inputText) as unknown };
}

/** The events of a block, its text or its arguments cut into pieces. */
function streamed(block: AnthropicBlock, index: number, sizes: Iterator<number>): AnthropicEvent[] {
  const { text, thinking, signature, input } = block as unknown as Record<string, string>;
  if (text !== undefined) {
    const deltas = cut(text, sizes).map((text) => delta(index, { type: "text_delta", text }));
    return [start(index, { type: "text", text: "" }), ...deltas, end(index)];
  }
  if (thinking !== undefined) {
    const deltas = cut(thinking, sizes).map((thinking) => delta(index, { type: "thinking_delta", thinking }));
    const begun = { type: "thinking", thinking: "", signature: "" };
    return [start(index, begun), ...deltas, delta(index, { type: "signature_delta", signature }), end(index)];
  }
  if (input === undefined) return [start(index, { ...block }), end(index)];
  const deltas = cut(JSON.stringify(input), sizes).map((part) => json(index, part));
  return [start(index, { ...block, input: {} }), ...deltas, end(index)];
}

function cut(whole: string, sizes: Iterator<number>): string[] {
  const parts: string[] = [];
  for (let at = 0; at < whole.length;) {
    const size = Number(sizes.next().value);
    parts.push(whole.slice(at, at + size));
    at += size;
  }
  return parts;
}
