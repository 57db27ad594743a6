/** What of a turn may stay in a history when it, or the run around it, is not read to its end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { anthropicMessages } from "../../../src/wire/anthropic-messages/wire.ts";
import type { AnthropicEvent, AnthropicMessage } from "../../../src/wire/anthropic-messages/protocol.ts";
import { call, delta, end, json, start, stop } from "../../support/anthropic-events.ts";

function assembled(...events: AnthropicEvent[]) {
  const assembler = anthropicMessages.assemble();
  for (const event of events) assembler.push(event);
  return assembler;
}

const text = { type: "text", text: "" };
const thinking = { type: "thinking", thinking: "", signature: "" };
const search = { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: {} };
const found = { type: "web_search_tool_result", tool_use_id: "srvtoolu_1", content: [] };

test("G9: the committed part of a turn ends before the block that the model is at", () => {
  const assembler = assembled(
    start(0, text),
    delta(0, { type: "text_delta", text: "Now." }),
    end(0),
    start(1, call("a")),
    end(1),
    start(2, call("b")),
    json(2, '{"half'),
  );
  const { messages, calls, stop, text: said } = assembler.committed();
  assert.deepEqual(messages, [{ role: "assistant", content: [{ type: "text", text: "Now." }, call("a")] }]);
  assert.deepEqual(
    [calls.map(({ id, truncated }) => [id, truncated]), stop, said],
    [[["a", undefined]], "calls", "Now."],
  );
  assert.equal(assembler.finish().calls.length, 2);
});

test("of a turn that has come whole, all is committed", () => {
  const assembler = assembled(start(0, call("a")), end(0), stop("tool_use"));
  assert.equal(assembler.ended, true);
  assert.deepEqual(assembler.committed(), assembler.finish());
});

test("a turn that has not begun has nothing committed, and has not ended", () => {
  const assembler = assembled();
  assert.equal(assembler.ended, false);
  assert.deepEqual(assembler.committed().messages, []);
});

test("a block that is started twice is an error, and its call is not committed twice", () => {
  const again = [[start(0, call("a")), start(0, call("a"))]];
  for (const events of again) {
    assert.throws(() => assembled(...events), {
      code: "model-failed",
      message: /a tool_use, was started twice/,
    });
  }
});

test("what was cut off and cannot go back stays out of the history: thinking unsigned, a server call", () => {
  for (const cut of [thinking, search]) {
    const { messages } = assembled(
      start(0, call("a")),
      end(0),
      start(1, cut),
      end(1),
      stop("max_tokens"),
    ).finish();
    assert.deepEqual(messages, [{ role: "assistant", content: [call("a")] }]);
  }
  const signed = { ...thinking, signature: "abc" };
  const { messages } = assembled(start(0, signed), end(0), stop("max_tokens")).finish();
  assert.deepEqual(messages, [{ role: "assistant", content: [signed] }]);
});

test("a user may follow a history once its pending server calls are out of it, and nothing else is", () => {
  const user = anthropicMessages.user("Go.");
  const assistant = (...content: unknown[]) => ({ role: "assistant", content }) as AnthropicMessage;
  const results = {
    role: "user",
    content: [{ type: "tool_result", tool_use_id: "a", content: "1" }],
  } as const;
  const ready = (...messages: readonly unknown[]) =>
    anthropicMessages.repair(messages as AnthropicMessage[], { next: "user" });

  assert.deepEqual(ready(user, assistant(text, search)), [user, assistant(text)]);
  assert.deepEqual(ready(user, assistant(search, call("a")), results), [user, assistant(call("a")), results]);
  assert.deepEqual(ready(user, assistant(thinking, search)), [user]);
  const whole = [user, assistant(search, found, call("a")), results];
  assert.deepEqual(ready(...whole), whole);
  const later = [user, assistant(search), assistant(found, text)];
  assert.deepEqual(ready(...later), later);
});

test("case 47: a call that comes again word for word is one, and one that only shares its id is another (case 44)", () => {
  const other = { ...call("a"), input: { x: 1 } };
  const events = [call("a"), call("a"), other].flatMap((block, i) => [start(i, block), end(i)]);
  const { calls, messages } = assembled(...events, stop("tool_use")).finish();
  assert.deepEqual(
    calls.map(({ input }) => input),
    [{}, { x: 1 }],
  );
  const ids = calls.map(({ id }) => id);
  assert.equal(new Set(ids).size, 2);
  assert.deepEqual(
    messages.flatMap(({ content }) => (content as { id?: string }[]).map(({ id }) => id)),
    ids,
  );
  assert.deepEqual(
    anthropicMessages.read({ content: [call("a"), call("a"), other], stop_reason: "tool_use" }).calls,
    calls,
  );
});

test("case 44: a call without an id gets one of its own, and none that an idempotency key could be made of", () => {
  const { calls, messages } = assembled(start(0, call("")), end(0), stop("tool_use")).finish();
  assert.deepEqual(calls, [{ name: "tool", input: {} }]);
  const [id = ""] = messages.flatMap(({ content }) => (content as { id: string }[]).map((block) => block.id));
  assert.match(id, /^[a-zA-Z0-9]{9}$/);
});
