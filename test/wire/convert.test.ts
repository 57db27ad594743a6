/** Case 54: a history goes from one provider to another, after parallel calls, in each of the twelve directions. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { EncodedResult, ResultPart } from "../../src/core/result.ts";
import { judge, type ProtocolName } from "../../src/simulator/protocols.ts";
import { convertHistory } from "../../src/wire/convert.ts";
import { historyOptions } from "../../src/wire/gemini/history.ts";
import { geminiWire } from "../../src/wire/gemini/wire.ts";
import { chatServer, type ChatServerName } from "../../src/wire/openai-chat/servers.ts";
import { openaiChatWire } from "../../src/wire/openai-chat/wire.ts";
import type { PlainMessage } from "../../src/wire/plain-history.ts";
import type { WireHistory } from "../../src/wire/wire.ts";
import { NINE_ID } from "../../src/wire/wire-id.ts";
import { json, missingRecordings, recordings } from "../support/recordings.ts";
import { WIRES, type WireUnderTest } from "../support/wires.ts";

type Json = Record<string, unknown>;

/** What the provider says of a history, if it refuses it. */
function refusalOf({ name }: Pick<WireUnderTest, "name">, messages: readonly unknown[]): string | undefined {
  const bodies: Readonly<Record<string, Json>> = {
    "anthropic-messages": {
      model: "m",
      max_tokens: 1,
      tools: [{ name: "get", input_schema: { type: "object" } }],
      messages,
    },
    "openai-chat": { model: "m", messages },
    "openai-responses": { model: "m", input: messages },
    gemini: { contents: messages },
  };
  return JSON.stringify(judge(name as ProtocolName, bodies[name])?.body);
}

const text = fc.stringMatching(/^[a-zA-Z ä東]{1,20}$/).filter((value) => value.trim() !== "");
const parts = fc.array(
  text.map((value): ResultPart => ({ type: "text", text: value })),
  { minLength: 1, maxLength: 1 },
);
const result: fc.Arbitrary<EncodedResult> = fc.record({ isError: fc.boolean(), parts });
const id = fc.constantFrom(
  "",
  "a",
  "call_1",
  "functions.get:0",
  "call_x|fc_y",
  "toolu_01",
  "x".repeat(70),
  "toolu_" + "y".repeat(50),
  "a:b",
  "a_b",
);
const call = fc.record({
  id,
  name: fc.constantFrom("get", "put", "look"),
  input: fc.dictionary(fc.constantFrom("path", "n"), fc.oneof(text, fc.integer()), { noNullPrototype: true }),
  result,
});
const said: fc.Arbitrary<PlainMessage> = fc.oneof(
  fc.record({ by: fc.constant("user" as const), parts }),
  fc.record({ by: fc.constant("model" as const), text, calls: fc.array(call, { maxLength: 4 }) }),
);
const histories = fc
  .array(said, { minLength: 1, maxLength: 8 })
  .map((rest): PlainMessage[] => [{ by: "user", parts: [{ type: "text", text: "Hi." }] }, ...rest]);

/** What must survive any way: who said what, which calls were made, and what came of them. */
function essence(history: readonly PlainMessage[]): unknown[] {
  const joined: unknown[] = [];
  for (const message of history) {
    if (message.by !== "model") {
      joined.push([
        message.by === "system" ? "user" : message.by,
        "parts" in message ? message.parts : message.text,
      ]);
      continue;
    }
    for (const {
      name,
      input,
      result: { isError, parts: answer },
    } of message.calls)
      joined.push([name, input, isError, answer]);
  }
  return joined.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

describe("a history that changes its provider", () => {
  for (const from of WIRES) {
    for (const to of WIRES.filter(({ name }) => name !== from.name)) {
      test(`case 54, G8: from ${from.name} to ${to.name} it is accepted, whole, and the same each time`, () => {
        fc.assert(
          fc.property(histories, (plain) => {
            const before = from.wire.repair(from.wire.fromPlain(plain));
            assert.equal(refusalOf(from, before), undefined);
            const after = convertHistory(before, { from: from.wire, to: to.wire });
            assert.equal(refusalOf(to, after), undefined, JSON.stringify(after));
            assert.equal(to.wire.repair(after), after);
            assert.deepEqual(essence(to.wire.toPlain(after)), essence(plain));
            assert.deepEqual(convertHistory(before, { from: from.wire, to: to.wire }), after);
          }),
          { numRuns: 300 },
        );
      });
    }
  }

  test("case 54: along any way it stays accepted, and nothing is lost", () => {
    const way = fc.array(fc.nat(WIRES.length - 1), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(histories, way, (plain, places) => {
        const [first, ...rest] = places.map((place) => WIRES[place] as WireUnderTest);
        let at = first as WireUnderTest;
        let messages = at.wire.repair(at.wire.fromPlain(plain));
        for (const next of rest) {
          messages = convertHistory(messages, { from: at.wire, to: next.wire });
          at = next;
          assert.equal(refusalOf(at, messages), undefined);
        }
        assert.deepEqual(essence(at.wire.toPlain(messages)), essence(plain));
      }),
      { numRuns: 500 },
    );
  });
});

const [anthropic, chat, responses, gemini] = WIRES as [
  WireUnderTest,
  WireUnderTest,
  WireUnderTest,
  WireUnderTest,
];
const CALL = { id: "a", type: "function", function: { name: "get", arguments: "{}" } };
/** The ids of the calls of a message of Chat Completions. */
const callIds = (message: Json | undefined) =>
  ((message?.["tool_calls"] ?? []) as readonly Json[]).map(({ id: own }) => String(own));
/** A wire of Chat Completions for a server. */
const serverOf = (name: ChatServerName) => ({
  wire: openaiChatWire(chatServer(name)) as unknown as WireUnderTest["wire"],
});
const convert = (
  messages: readonly unknown[],
  from: Pick<WireUnderTest, "wire">,
  to: Pick<WireUnderTest, "wire">,
) => convertHistory(messages, { from: from.wire, to: to.wire }) as Json[];

test("between wires of one dialect a history is repaired only: one in order is the identical list", () => {
  for (const wire of [...WIRES, serverOf("deepseek")]) {
    const history = [wire.wire.user("Hi.")];
    assert.equal(convert(history, wire, wire), history);
  }
});

test("what only one server of a protocol takes stays behind: its form of ids, and the model's reasoning", () => {
  const called = [
    { role: "user", content: "Hi." },
    { role: "assistant", content: null, reasoning_content: "Hm.", tool_calls: [{ ...CALL, id: "call_1" }] },
    { role: "tool", tool_call_id: "call_1", content: "done" },
  ];
  const there = convert(called, serverOf("deepseek"), serverOf("mistral"));
  const id = callIds(there[1]).join();
  assert.match(id, NINE_ID);
  assert.deepEqual(there, [
    called[0],
    { role: "assistant", content: null, tool_calls: [{ ...CALL, id }] },
    { role: "tool", tool_call_id: id, content: "done" },
  ]);
});

test("images in results stay behind where a model takes none there, and signatures where it needs none", () => {
  const contents = [
    { role: "user", parts: [{ text: "Hi." }] },
    { role: "model", parts: [{ functionCall: { name: "get", args: {} }, thoughtSignature: "c2ln" }] },
    {
      role: "user",
      parts: [
        {
          functionResponse: {
            name: "get",
            response: { output: "a cat" },
            parts: [{ inlineData: { mimeType: "image/png", data: "aGk=" } }],
          },
        },
      ],
    },
  ];
  const older = { wire: geminiWire(historyOptions("gemini-2.5-pro")) as unknown as WireUnderTest["wire"] };
  assert.deepEqual(convert(contents, gemini, older), [
    contents[0],
    { role: "model", parts: [{ functionCall: { name: "get", args: {} } }] },
    {
      role: "user",
      parts: [
        {
          functionResponse: {
            name: "get",
            response: { output: "a cat\n(an image, left out: this model takes no image/png in a result)" },
          },
        },
      ],
    },
  ]);
});

test("case 53: composite ids survive a way to Anthropic and back as pairs", () => {
  const items = [
    { role: "user", content: "Hi." },
    { type: "function_call", call_id: "call_x|fc_y", name: "get", arguments: "{}" },
    { type: "function_call", call_id: "call_x_fc_y", name: "put", arguments: "{}" },
    { type: "function_call_output", call_id: "call_x|fc_y", output: "got" },
    { type: "function_call_output", call_id: "call_x_fc_y", output: "put" },
  ];
  const there = convert(items, responses, anthropic);
  const [, made = {}] = there;
  const uses = (made["content"] as Json[]).map(({ id: own }) => String(own));
  assert.ok(uses.every((own) => /^[a-zA-Z0-9_-]{1,64}$/.test(own)) && new Set(uses).size === 2);
  assert.deepEqual(
    responses
      .exchanges(convert(there, anthropic, responses))
      .map((exchange) =>
        "results" in exchange
          ? exchange.results.map(({ text: said }) => said)
          : exchange.calls.map(({ name }) => name),
      ),
    [
      ["get", "put"],
      ["got", "put"],
    ],
  );
});

test("case 52: Gemini gets no ids of others, and the signature that stands for theirs on the first call alone", () => {
  const messages = [
    { role: "user", content: "Hi." },
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "Hm.", signature: "c2ln" },
        { type: "tool_use", id: "a", name: "get", input: {} },
        { type: "tool_use", id: "b", name: "get", input: {} },
      ],
    },
    {
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "b", content: "second" },
        { type: "tool_result", tool_use_id: "a", content: "first", is_error: true },
      ],
    },
  ];
  assert.deepEqual(convert(messages, anthropic, gemini), [
    { role: "user", parts: [{ text: "Hi." }] },
    {
      role: "model",
      parts: [
        { functionCall: { name: "get", args: {} }, thoughtSignature: "skip_thought_signature_validator" },
        { functionCall: { name: "get", args: {} } },
      ],
    },
    {
      role: "user",
      parts: [
        { functionResponse: { name: "get", response: { error: "first" } } },
        { functionResponse: { name: "get", response: { output: "second" } } },
      ],
    },
  ]);
});

test("what is a provider's own stays behind: thoughts, its tools; free text becomes an input; images go along", () => {
  const items = [
    { role: "developer", content: "Be brief." },
    {
      role: "user",
      content: [
        { type: "input_text", text: "Look:" },
        { type: "input_image", image_url: "data:image/png;base64,aGk=" },
      ],
    },
    { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "x" },
    { type: "web_search_call", id: "ws_1", status: "completed" },
    { type: "message", id: "msg_1", role: "assistant", content: [{ type: "output_text", text: "I ask." }] },
    { type: "custom_tool_call", call_id: "a", name: "sql", input: "SELECT 1" },
    {
      type: "custom_tool_call_output",
      call_id: "a",
      output: '{"error":{"code":"tool-error","message":"no"}}',
    },
  ];
  assert.deepEqual(convert(items, responses, anthropic), [
    { role: "user", content: "Be brief." },
    {
      role: "user",
      content: [
        { type: "text", text: "Look:" },
        { type: "image", source: { type: "base64", media_type: "image/png", data: "aGk=" } },
      ],
    },
    {
      role: "assistant",
      content: [
        { type: "text", text: "I ask." },
        { type: "tool_use", id: "a", name: "sql", input: { input: "SELECT 1" } },
      ],
    },
    {
      role: "user",
      content: [
        {
          type: "tool_result",
          tool_use_id: "a",
          content: '{"error":{"code":"tool-error","message":"no"}}',
          is_error: true,
        },
      ],
    },
  ]);
});

test("an error stays one where the protocol has no mark for it, and comes back as the text that it was", () => {
  const messages = [
    { role: "user", content: "Hi." },
    { role: "assistant", content: [{ type: "tool_use", id: "a", name: "get", input: {} }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "a", content: "boom", is_error: true }] },
  ];
  const there = convert(messages, anthropic, chat);
  assert.deepEqual(there.at(-1), { role: "tool", tool_call_id: "a", content: '{"error":"boom"}' });
  assert.deepEqual(convert(there, chat, anthropic).at(-1), messages.at(-1));
  const items = convert(messages, anthropic, responses);
  assert.deepEqual(items.at(-1), { type: "function_call_output", call_id: "a", output: '{"error":"boom"}' });
  const inParts = [
    ...items.slice(0, -1),
    { ...items.at(-1), output: [{ type: "input_text", text: '{"error":"boom"}' }] },
  ];
  assert.deepEqual(convert(inParts, responses, anthropic).at(-1), messages.at(-1));
});

test("a result with more in it than an error is none", () => {
  for (const content of ['{"error":"boom","line":3}', '{"error":null}', '{"error": "bo', '[{"error":"x"}]']) {
    const history = [
      { role: "user", content: "Hi." },
      { role: "assistant", content: null, tool_calls: [CALL] },
      { role: "tool", tool_call_id: "a", content },
    ];
    assert.deepEqual(convert(history, chat, anthropic).at(-1)?.["content"], [
      { type: "tool_result", tool_use_id: "a", content },
    ]);
  }
});

test("arguments that are no text, or null, are an input without fields, as when the call was read", () => {
  for (const args of ["", " ", "null"]) {
    const history = [
      { role: "user", content: "Hi." },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ ...CALL, function: { name: "get", arguments: args } }],
      },
      { role: "tool", tool_call_id: "a", content: "got" },
    ];
    assert.deepEqual(convert(history, chat, anthropic)[1]?.["content"], [
      { type: "tool_use", id: "a", name: "get", input: {} },
    ]);
  }
});

test("Anthropic's system messages are no words of the model's, and its messages in a row are one turn", () => {
  const use = (id: string) => ({
    role: "assistant",
    content: [{ type: "tool_use", id, name: "get", input: {} }],
  });
  const messages = [
    { role: "user", content: "Hi." },
    use("a"),
    use("b"),
    {
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "a", content: "first" },
        { type: "tool_result", tool_use_id: "b", content: "second" },
      ],
    },
    { role: "system", content: "Be brief." },
    { role: "user", content: "Go on." },
  ];
  assert.deepEqual(convert(messages, anthropic, chat), [
    { role: "user", content: "Hi." },
    { role: "assistant", content: null, tool_calls: [CALL, { ...CALL, id: "b" }] },
    { role: "tool", tool_call_id: "a", content: "first" },
    { role: "tool", tool_call_id: "b", content: "second" },
    { role: "system", content: "Be brief." },
    { role: "user", content: "Go on." },
  ]);
});

test("what cannot go along leaves a note: documents, files, sound", () => {
  const document = { type: "document", source: { type: "url", url: "https://example.com/a.pdf" } };
  assert.deepEqual(convert([{ role: "user", content: [document] }], anthropic, chat), [
    { role: "user", content: "(document, left out)" },
  ]);
  const audio = { type: "input_audio", input_audio: { data: "aGk=", format: "wav" } };
  assert.deepEqual(convert([{ role: "user", content: [audio] }], chat, anthropic), [
    { role: "user", content: [{ type: "text", text: "(input_audio, left out)" }] },
  ]);
  const file = { type: "input_file", file_id: "file_1" };
  assert.deepEqual(convert([{ role: "user", content: [file] }], responses, anthropic), [
    { role: "user", content: [{ type: "text", text: "(input_file, left out)" }] },
  ]);
});

test("a response of Gemini's without a value is a result of nothing", () => {
  const contents = [
    { role: "user", parts: [{ text: "Hi." }] },
    { role: "model", parts: [{ functionCall: { name: "get", args: {} } }] },
    { role: "user", parts: [{ functionResponse: { name: "get" } }] },
  ];
  assert.deepEqual(convert(contents, gemini, chat).at(-1)?.["content"], "(no output)");
});

describe("recorded conversations", { skip: missingRecordings }, () => {
  const fields: Readonly<Record<string, string>> = {
    "anthropic-messages": "messages",
    "openai-chat": "messages",
    "openai-responses": "input",
    gemini: "contents",
  };
  for (const from of WIRES) {
    for (const { nextRequest } of recordings(from.name)) {
      if (nextRequest === undefined) continue;
      test(`${nextRequest.file} goes to every other provider`, () => {
        const messages = (json(nextRequest.file) as Json)[fields[from.name] as string] as unknown[];
        for (const to of WIRES.filter(({ name }) => name !== from.name)) {
          const after = convertHistory(messages, { from: from.wire as WireHistory<unknown>, to: to.wire });
          assert.equal(refusalOf(to, after), undefined, to.name);
          assert.equal(to.wire.repair(after), after);
        }
      });
    }
  }
});
