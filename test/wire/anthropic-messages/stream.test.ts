/** When a call of a stream is committed, and when it never is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { TuttiError } from "../../../src/core/errors.ts";
import { anthropicMessages } from "../../../src/wire/anthropic-messages/wire.ts";
import { call, end, json, start, stop, stream } from "../../support/anthropic-events.ts";

test("G9: a call is committed when the next block starts, not when its own ends", () => {
  const { push } = stream();
  assert.deepEqual(push(start(0, call("a"))), []);
  assert.deepEqual(push(json(0, '{"x":1}')), []);
  assert.deepEqual(push(end(0)), []);
  assert.deepEqual(push(start(1, call("b"))), [{ id: "a", name: "tool", inputText: '{"x":1}' }]);
});

test("the stop reason commits the last call", () => {
  const { push, finish } = stream();
  push(start(0, call("a")), json(0, "{}"), end(0));
  assert.deepEqual(push(stop("tool_use")), [{ id: "a", name: "tool", inputText: "{}" }]);
  assert.equal(finish().stop, "calls");
});

for (const [reason, read] of [
  ["max_tokens", "truncated"],
  ["model_context_window_exceeded", "truncated"],
  ["refusal", "refused"],
  // Met inside the arguments: behind a whole call the reason would be `tool_use`.
  ["stop_sequence", "calls"],
  ["a reason of tomorrow", "truncated"],
] as const) {
  test(`G9: "${reason}" commits no last call, though its arguments parse`, () => {
    const { push, finish } = stream();
    const committed = push(
      start(0, call("a")),
      json(0, '{"x":1}'),
      end(0),
      start(1, call("b")),
      json(1, "{}"),
      end(1),
      stop(reason),
      { type: "message_stop" },
    );
    assert.deepEqual(
      committed.map(({ id }) => id),
      ["a"],
    );
    const turn = finish();
    assert.deepEqual(turn.calls, [
      { id: "a", name: "tool", inputText: '{"x":1}' },
      { id: "b", name: "tool", inputText: "{}", truncated: true },
    ]);
    assert.equal(turn.stop, read);
    const whole = anthropicMessages.read({ content: [call("a"), call("b")], stop_reason: reason });
    assert.deepEqual(
      whole.calls.map(({ truncated }) => truncated),
      [undefined, true],
    );
    assert.equal(whole.stop, read);
  });
}

test("G9: a stream that breaks off leaves its last call truncated", () => {
  const { push, finish } = stream();
  push(start(0, call("a")), json(0, "{}"), end(0));
  const { calls, stop } = finish();
  assert.deepEqual([calls[0]?.truncated, stop], [true, "truncated"]);
});

test("G9: of blocks that are open at once, a later one waits for the earlier", () => {
  const { push } = stream();
  assert.deepEqual(push(start(0, call("a")), start(1, call("b")), json(1, "{}"), json(0, '{"x"')), []);
  assert.deepEqual(push(end(1), start(2, { type: "text" })), []);
  const committed = push(json(0, ":1}"), end(0));
  assert.deepEqual(
    committed.map(({ inputText }) => inputText),
    ['{"x":1}', "{}"],
  );
});

test("G9: a block that goes on after the stop reason is an error of the model's server", () => {
  const { push } = stream();
  push(start(0, call("a")), stop("tool_use"));
  for (const event of [json(0, "{"), start(1, call("b"))]) {
    assert.throws(() => push(event), { name: "TuttiError", code: "model-failed" });
  }
});

test("an error event inside the stream is thrown, with the event as its cause", () => {
  const event = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } } as const;
  assert.throws(
    () => stream().push(event),
    (error) =>
      error instanceof TuttiError &&
      error.code === "model-failed" &&
      error.message === "overloaded_error: Overloaded" &&
      error.cause === event,
  );
});
