/** When a call of a stream is committed, when it never is, and what servers make of items, places and ids. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { TuttiError } from "../../../src/core/errors.ts";
import {
  added,
  call,
  done,
  ends,
  grows,
  message,
  reasoning,
  stream,
  type Event,
} from "../../support/responses-events.ts";

const a = call("a", '{"x":1}');
const b = call("b", "{}");
const callA = { id: "a", name: "get", inputText: '{"x":1}' };
const callB = { id: "b", name: "get", inputText: "{}" };

test("G9: a call is committed when the next item begins, not when its own is done", () => {
  const { push } = stream();
  assert.deepEqual(push(added(0, { ...a, arguments: "" }), grows(0, "fc_a", '{"x":1}'), done(0, a)), []);
  assert.deepEqual(push(added(1, { ...b, arguments: "" })), [callA]);
  assert.deepEqual(push(done(1, b)), []);
  assert.deepEqual(push(ends()), [callB]);
});

test("cases 55, G9: what the token limit cut off is not committed, though its arguments parse", () => {
  for (const status of ["completed", "incomplete"]) {
    const { push, finish } = stream();
    const cut = { ...b, status };
    const details = { incomplete_details: { reason: "max_output_tokens" } };
    assert.deepEqual(push(added(0, a), done(0, a), added(1, cut), done(1, cut)), [callA]);
    assert.deepEqual(push(ends({ status: "incomplete", ...details })), []);
    const turn = finish();
    assert.deepEqual([turn.stop, turn.calls], ["truncated", [callA, { ...callB, truncated: true }]]);
  }
});

test("case 56: an item that is incomplete was cut off, though the response says that it is complete", () => {
  const { push, finish } = stream();
  push(added(0, a), done(0, { ...a, status: "incomplete" }));
  assert.deepEqual(push(ends()), []);
  assert.equal(finish().stop, "truncated");
});

test("case 48, G9: a stream that breaks off leaves its last call truncated, though it is done", () => {
  const opened = stream();
  assert.deepEqual(opened.push(added(0, a), done(0, a), added(1, b), done(1, b)), [callA]);
  assert.equal(opened.ended, false);
  const turn = opened.finish();
  assert.deepEqual(
    [turn.stop, turn.calls.map(({ truncated }) => truncated)],
    ["truncated", [undefined, true]],
  );
  assert.deepEqual(opened.committed().calls, [callA]);
});

test("a filter that cut the response off is a refusal, and so is a message that refuses", () => {
  const filtered = stream();
  filtered.push(ends({ status: "incomplete", incomplete_details: { reason: "content_filter" } }));
  assert.equal(filtered.finish().stop, "refused");
  const refused = stream();
  const no = { ...message(1, ""), content: [{ type: "refusal", refusal: "No." }] };
  refused.push(added(0, { ...no, content: [] }), done(0, no), ends());
  assert.equal(refused.finish().stop, "refused");
});

for (const [name, events, says] of [
  [
    "an error event",
    [{ type: "error", code: "server_error", message: "It broke." }],
    /server_error: It broke\./,
  ],
  ["an error in an error event", [{ type: "error", error: { message: "It broke." } }], /It broke\./],
  [
    "a failed response",
    [
      {
        type: "response.failed",
        response: { status: "failed", error: { code: "rate_limit_exceeded", message: "Slow down." } },
      },
    ],
    /rate_limit_exceeded: Slow down\./,
  ],
] as readonly (readonly [string, Event[], RegExp])[]) {
  test(`${name} is thrown, with the event as its cause`, () => {
    const { push } = stream();
    assert.throws(
      () => push(added(0, a), ...events),
      (error) => error instanceof TuttiError && error.code === "model-failed" && says.test(error.message),
    );
  });
}

test("case 39: items whose events interleave are each put together, a later one waits for the earlier", () => {
  const { push } = stream();
  const half = push(
    added(0, { ...a, arguments: "" }),
    added(1, { ...b, arguments: "" }),
    grows(0, "fc_a", '{"x"'),
    grows(1, "fc_b", "{}"),
    done(1, b),
    grows(0, "fc_a", ":1}"),
  );
  assert.deepEqual(half, []);
  assert.deepEqual(push(done(0, a)), [callA]);
  assert.deepEqual(push(ends()), [callB]);
});

test("case 41: items that share an index are each their own", () => {
  const { push } = stream();
  assert.deepEqual(push(added(0, a), done(0, a), added(0, b), done(0, b), ends()), [callA, callB]);
});

test("case 53: an item whose id changes with each event is one, and its call is known by its call_id", () => {
  const { push, finish } = stream();
  push(added(0, { ...a, id: "x1", arguments: "" }), grows(0, "x2", '{"x":1}'), done(0, { ...a, id: "x3" }));
  assert.deepEqual(push(ends()), [callA]);
  assert.equal(finish().messages.length, 1);
});

test("case 42: what is said again of an item changes nothing", () => {
  const { push, finish } = stream();
  push(added(0, a), grows(0, "fc_a", '{"x":1}'), grows(0, "fc_a", '{"x":1}'), done(0, a), done(0, a));
  assert.deepEqual(push(ends({ output: [a] })), [callA]);
  assert.equal(finish().calls.length, 1);
});

test("a call that ends without the arguments that came before has them", () => {
  const { arguments: _, ...bare } = a;
  for (const end of [{ ...a, arguments: "" }, bare]) {
    for (const last of [[done(0, end), ends()], [ends({ output: [end] })]]) {
      const { push, finish } = stream();
      const saysAll = { type: "response.function_call_arguments.done", output_index: 0, item_id: "fc_a" };
      push(added(0, { ...a, arguments: "" }), grows(0, "fc_a", '{"x":1}'), { ...saysAll, arguments: "" });
      assert.deepEqual(push(...last), [callA]);
      assert.deepEqual(finish().messages, [a]);
    }
  }
});

test("an item that comes with its end only, or with the last event only, is read", () => {
  const late = stream();
  assert.deepEqual(late.push(done(0, a), ends({ output: [a, b] })), [callA, callB]);
  const last = stream();
  assert.deepEqual(last.push(ends({ output: [message(1, "So."), a] })), [callA]);
  assert.equal(last.finish().text, "So.");
});

test("text is told as it comes, once", () => {
  const { push, finish } = stream();
  const said = message(1, "Hello.");
  const delta = (text: string): Event => ({
    type: "response.output_text.delta",
    output_index: 0,
    item_id: "msg_1",
    delta: text,
  });
  push(
    added(0, { ...said, content: [] }),
    delta("Hel"),
    delta("lo."),
    done(0, said),
    ends({ output: [said] }),
  );
  assert.equal(finish().text, "Hello.");
  const cut = stream();
  cut.push(added(0, { ...said, content: [] }), delta("Hel"));
  assert.equal(cut.finish().text, "Hel");
});

test("case 8, O9: all items go back in order and as they came, reasoning with its encrypted content", () => {
  const { push, finish } = stream();
  const thought = reasoning(1, { encrypted_content: "gAAA", content: null });
  const search = { type: "web_search_call", id: "ws_1", status: "completed", action: { query: "x" } };
  const namespaced = { ...a, namespace: "crm" };
  for (const [i, item] of [thought, search, message(2, "So."), namespaced].entries())
    push(added(i, item), done(i, item));
  push(ends({ output: [] }));
  assert.deepEqual(finish().messages, [thought, search, message(2, "So."), namespaced]);
});

test("where nothing is stored, reasoning without its content stays behind, and what followed loses its id", () => {
  const { push, finish } = stream();
  push({ type: "response.created", response: { store: false } });
  push(added(0, reasoning(1)), done(0, reasoning(1)), added(1, a), done(1, a), ends({ store: false }));
  const { id: _, ...nameless } = a;
  assert.deepEqual(finish().messages, [nameless]);
});

test("reasoning that led to nothing goes, as it is refused without what follows it", () => {
  const { push, finish } = stream();
  push(
    added(0, message(1, "So.")),
    done(0, message(1, "So.")),
    added(1, reasoning(2)),
    done(1, reasoning(2)),
  );
  assert.deepEqual(finish().messages, [message(1, "So.")]);
});

test("a custom tool's call has free text for its input", () => {
  const { push, finish } = stream();
  const item = { type: "custom_tool_call", id: "ctc_1", call_id: "c", name: "sql", input: "SELECT 1" };
  const delta: Event = {
    type: "response.custom_tool_call_input.delta",
    output_index: 0,
    item_id: "ctc_1",
    delta: "SELECT 1",
  };
  push(added(0, { ...item, input: "" }), delta, done(0, item));
  assert.deepEqual(push(ends()), [{ id: "c", name: "sql", input: "SELECT 1" }]);
  assert.deepEqual(finish().messages, [item]);
});

test("case 44: ids that are missing, used twice or used before become ones of their own", () => {
  const { push, finish } = stream([{ type: "function_call", call_id: "a", name: "get", arguments: "{}" }]);
  const items = [a, { ...a, id: "fc_2", arguments: '{"x":2}' }, { ...b, call_id: "" }];
  for (const [i, item] of items.entries()) push(added(i, item), done(i, item));
  push(ends());
  const turn = finish();
  const ids = turn.messages.map((item) => (item as { call_id?: string }).call_id ?? "");
  assert.equal(new Set(["a", "", ...ids]).size, 5);
  assert.deepEqual(
    turn.calls.map(({ id }) => id),
    [ids[0], ids[1], undefined],
  );
});

test("what is said twice word for word is one call (case 47), and arguments of every kind are read (cases 45, 46)", () => {
  const { push } = stream();
  const items = [
    a,
    { ...a, id: "fc_2" },
    call("n", "null"),
    call("e", ""),
    call("d", JSON.stringify('{"x":3}')),
  ];
  for (const [i, item] of items.entries()) push(added(i, item), done(i, item));
  const turn = stream();
  turn.push(...items.flatMap((item, i) => [added(i, item), done(i, item)]), ends());
  assert.deepEqual(
    turn.finish().calls.map(({ input, inputText }) => inputText ?? input),
    ['{"x":1}', {}, {}, '{"x":3}'],
  );
  for (const item of turn.finish().messages) {
    assert.doesNotThrow(() => JSON.parse((item as { arguments: string }).arguments));
  }
});

test("events of tomorrow, and what comes behind the end, are let pass", () => {
  const { push, finish } = stream();
  push({ type: "response.of_tomorrow", delta: "x" }, added(0, a), done(0, a), ends());
  assert.deepEqual(push(added(1, b), done(1, b), ends({ status: "failed" })), []);
  assert.equal(finish().calls.length, 1);
});
