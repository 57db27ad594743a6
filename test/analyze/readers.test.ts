/** Every format is told by its content, and read to the same sessions. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readSessions, SESSION_READERS } from "../../src/analyze/read-sessions.ts";
import type { Session } from "../../src/analyze/session.ts";

/** A session's turns in short: what was said before each, its calls with their inputs and results. */
function told({ turns }: Session): unknown[] {
  return turns.map(({ said, calls }) => [
    said.map(({ text }) => text).join(" / "),
    ...calls.map(({ name, input, result }) => `${name} ${JSON.stringify(input)} ${result}`),
  ]);
}

const EXPECTED = [
  ["Weather in Oslo and Bergen?", 'get_weather {"city":"Oslo"} 12', 'get_weather {"city":"Bergen"} 9'],
  ["", 'get_time {"city":"Oslo"} noon'],
  [""],
];

const anthropic = [
  { role: "user", content: "Weather in Oslo and Bergen?" },
  {
    role: "assistant",
    content: [
      { type: "tool_use", id: "a", name: "get_weather", input: { city: "Oslo" } },
      { type: "tool_use", id: "b", name: "get_weather", input: { city: "Bergen" } },
    ],
  },
  {
    role: "user",
    content: [
      { type: "tool_result", tool_use_id: "a", content: "12" },
      { type: "tool_result", tool_use_id: "b", content: [{ type: "text", text: "9" }] },
    ],
  },
  { role: "assistant", content: [{ type: "tool_use", id: "c", name: "get_time", input: { city: "Oslo" } }] },
  { role: "user", content: [{ type: "tool_result", tool_use_id: "c", content: "noon" }] },
  { role: "assistant", content: "Done." },
];

const chatCall = (id: string, name: string, input: object) => ({
  id,
  type: "function",
  function: { name, arguments: JSON.stringify(input) },
});
const chat = [
  { role: "user", content: "Weather in Oslo and Bergen?" },
  {
    role: "assistant",
    content: null,
    tool_calls: [
      chatCall("a", "get_weather", { city: "Oslo" }),
      chatCall("b", "get_weather", { city: "Bergen" }),
    ],
  },
  { role: "tool", tool_call_id: "a", content: "12" },
  { role: "tool", tool_call_id: "b", content: "9" },
  { role: "assistant", content: null, tool_calls: [chatCall("c", "get_time", { city: "Oslo" })] },
  { role: "tool", tool_call_id: "c", content: "noon" },
  { role: "assistant", content: "Done." },
];

const item = (id: string, name: string, input: object) => ({
  type: "function_call",
  call_id: id,
  name,
  arguments: JSON.stringify(input),
});
const output = (id: string, text: string) => ({ type: "function_call_output", call_id: id, output: text });
const responses = [
  { role: "user", content: "Weather in Oslo and Bergen?" },
  item("a", "get_weather", { city: "Oslo" }),
  item("b", "get_weather", { city: "Bergen" }),
  output("a", "12"),
  output("b", "9"),
  item("c", "get_time", { city: "Oslo" }),
  output("c", "noon"),
  { role: "assistant", content: "Done." },
];

const gemini = [
  { role: "user", parts: [{ text: "Weather in Oslo and Bergen?" }] },
  {
    role: "model",
    parts: [
      { functionCall: { name: "get_weather", args: { city: "Oslo" } } },
      { function_call: { name: "get_weather", args: { city: "Bergen" } } },
    ],
  },
  {
    role: "user",
    parts: [
      { functionResponse: { name: "get_weather", response: { output: "12" } } },
      { function_response: { name: "get_weather", response: { output: "9" } } },
    ],
  },
  { role: "model", parts: [{ functionCall: { name: "get_time", args: { city: "Oslo" } } }] },
  { role: "user", parts: [{ functionResponse: { name: "get_time", response: { output: "noon" } } }] },
  { role: "model", parts: [{ text: "Done." }] },
];

const lists = [
  ["anthropic-messages", "messages", anthropic],
  ["openai-chat", "messages", chat],
  ["openai-responses", "input", responses],
  ["gemini", "contents", gemini],
] as const;

const lines = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join("\n");

describe("message lists", () => {
  for (const [format, key, list] of lists) {
    const texts = {
      "a list": JSON.stringify(list),
      "a list over several lines": JSON.stringify(list, undefined, 2),
      "a request": JSON.stringify({ model: "m", [key]: list }),
      "a message per line": `\uFEFF${lines(list)}\n\n`,
      "requests, each longer than the one before": lines([
        { [key]: list.slice(0, 4) },
        { [key]: list.slice(0, -1) },
        { request: { body: { [key]: list } }, response: {} },
      ]),
    };
    for (const [title, text] of Object.entries(texts)) {
      test(`${format}: ${title}`, () => {
        const reading = readSessions(text, { name: "log.json" });
        assert.equal(reading.format, format);
        assert.deepEqual(reading.notes, []);
        assert.deepEqual(reading.sessions.map(told), [EXPECTED]);
        assert.equal(reading.sessions[0]?.name, "log.json");
      });
    }

    test(`${format}: several histories are several sessions`, () => {
      const other = JSON.parse(JSON.stringify(list).replaceAll("Oslo", "Molde")) as unknown[];
      for (const text of [JSON.stringify([list, other]), lines([{ [key]: list }, { [key]: other }])]) {
        const { sessions } = readSessions(text, { name: "log" });
        assert.deepEqual(
          sessions.map(({ name }) => name),
          ["log #1", "log #2"],
        );
        assert.deepEqual(told(sessions[0] as Session), EXPECTED);
      }
    });
  }

  test("a response beside its request is its last turn, with its tokens, and the next request adds to it", () => {
    const usage = { input_tokens: 100, cache_read_input_tokens: 20, output_tokens: 7 };
    const log = lines([
      {
        request: { messages: anthropic.slice(0, 1), system: [{ type: "text", text: "Be brief." }] },
        response: { role: "assistant", content: anthropic[1]?.content, usage },
      },
      { request: { messages: anthropic, system: "Be brief." } },
    ]);
    const { sessions } = readSessions(log);
    assert.equal(sessions.length, 1);
    const [first, second] = sessions[0]?.turns ?? [];
    assert.deepEqual([first?.inputTokens, first?.cachedInputTokens, first?.outputTokens], [120, 20, 7]);
    assert.equal(second?.inputTokens, undefined);
    assert.deepEqual(first?.said[0], { by: "system", text: "Be brief." });
  });
});

describe("session logs", () => {
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  const record = (
    type: string,
    second: number,
    { more = {}, ...message }: { more?: object; [field: string]: unknown },
  ) => ({
    type,
    sessionId: "0123456789",
    uuid: `u${second}`,
    timestamp: at(second),
    message: { role: type, ...message },
    ...more,
  });
  const usage = {
    input_tokens: 3,
    cache_read_input_tokens: 90,
    cache_creation_input_tokens: 7,
    output_tokens: 5,
  };
  const use = (id: string, name: string, city: string) => [{ type: "tool_use", id, name, input: { city } }];
  const result = (id: string, content: string) => ({
    content: [{ type: "tool_result", tool_use_id: id, content }],
  });
  const helper = { isSidechain: true, agentId: "helper" };
  const claude = [
    { type: "mode", mode: "normal" },
    record("user", 0, { content: "Weather in Oslo and Bergen?" }),
    record("assistant", 2, { id: "m1", content: [{ type: "text", text: "Looking." }], usage }),
    record("assistant", 3, { id: "m1", content: use("a", "get_weather", "Oslo"), usage }),
    // A tool may be done before the response is.
    record("user", 4, result("a", "12")),
    record("assistant", 5, { id: "m1", content: use("b", "get_weather", "Bergen"), usage }),
    record("user", 7, { content: "Dig.", more: helper }),
    record("assistant", 8, { id: "s1", content: use("s", "dig", "Rome"), more: helper }),
    record("user", 9, result("b", "9")),
    record("assistant", 11, { id: "m2", content: use("c", "get_time", "Oslo") }),
    record("user", 12, result("c", "noon")),
    record("assistant", 13, { id: "m3", content: [{ type: "text", text: "Done." }] }),
  ];

  test("Claude Code: records of one message are a turn, and a side chain is a session of its own", () => {
    const { format, sessions } = readSessions(lines(claude), { name: "log" });
    assert.equal(format, "claude-code");
    assert.deepEqual(
      sessions.map(({ name }) => name),
      ["log 01234567", "log 01234567 agent helper"],
    );
    const [main, side] = sessions as [Session, Session];
    assert.deepEqual(told(main), EXPECTED);
    assert.deepEqual(told(side), [["Dig.", 'dig {"city":"Rome"} undefined']]);
    const [first] = main.turns;
    assert.deepEqual([first?.inputTokens, first?.cachedInputTokens, first?.outputTokens], [100, 90, 5]);
    assert.equal(first?.text, "Looking.");
    assert.deepEqual([first?.startedAt, first?.endedAt], [Date.parse(at(0)), Date.parse(at(5))]);
    assert.deepEqual(
      first?.calls.map(({ startedAt, endedAt }) => [startedAt, endedAt]),
      [
        [Date.parse(at(3)), Date.parse(at(4))],
        [Date.parse(at(5)), Date.parse(at(9))],
      ],
    );
  });

  const codexItem = (second: number, payload: object) => ({
    timestamp: at(second),
    type: "response_item",
    payload,
  });
  const count = (second: number, input: number, total: number) => ({
    timestamp: at(second),
    type: "event_msg",
    payload: {
      type: "token_count",
      info: {
        total_token_usage: { total_tokens: total },
        last_token_usage: { input_tokens: input, cached_input_tokens: 10, output_tokens: 5 },
      },
    },
  });
  const codex = [
    codexItem(0, {
      type: "message",
      role: "user",
      content: [{ type: "input_text", text: "Weather in Oslo and Bergen?" }],
    }),
    codexItem(1, item("a", "get_weather", { city: "Oslo" })),
    codexItem(2, item("b", "get_weather", { city: "Bergen" })),
    count(3, 50, 55),
    codexItem(4, output("a", "12")),
    codexItem(5, output("b", "9")),
    // Limits changed: the same count again.
    count(5, 50, 55),
    codexItem(6, item("c", "get_time", { city: "Oslo" })),
    count(7, 60, 120),
    codexItem(8, output("c", "noon")),
    codexItem(9, { type: "message", role: "assistant", content: [{ type: "output_text", text: "Done." }] }),
    count(9, 70, 195),
  ];

  test("Codex: what stands between two counts is a turn", () => {
    const { format, sessions } = readSessions(lines(codex));
    assert.equal(format, "codex");
    assert.deepEqual(sessions.map(told), [EXPECTED]);
    assert.deepEqual(
      sessions[0]?.turns.map(({ inputTokens }) => inputTokens),
      [50, 60, 70],
    );
  });

  test("Codex: without counts a turn ends where results begin; other kinds of calls count, and exit codes", () => {
    const log = [
      ...codex.filter(({ type }) => type === "response_item").slice(0, 5),
      codexItem(6, { type: "custom_tool_call", call_id: "c", name: "apply_patch", input: "*** Begin Patch" }),
      codexItem(7, {
        type: "custom_tool_call_output",
        call_id: "c",
        output: "Process exited with code 2\nOutput:\n",
      }),
    ];
    const [session] = readSessions(lines(log)).sessions;
    assert.deepEqual(
      session?.turns.map(({ calls }) => calls.map(({ name, isError }) => [name, isError])),
      [
        [
          ["get_weather", false],
          ["get_weather", false],
        ],
        [["apply_patch", true]],
      ],
    );
  });
});

describe("OpenTelemetry spans", () => {
  const nano = (second: number) => `${1_700_000_000 + second}000000000`;
  const messages = JSON.stringify([
    { role: "user", parts: [{ type: "text", content: "Weather in Oslo and Bergen?" }] },
  ]);
  const call = (...[id, name, city, text]: [string, string, string, string]) => ({
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.call.id": id,
    "gen_ai.tool.name": name,
    "gen_ai.tool.call.arguments": JSON.stringify({ city }),
    "gen_ai.tool.call.result": text,
  });
  const chatOf = (tokens: number) => ({
    "gen_ai.operation.name": "chat",
    "gen_ai.usage.input_tokens": tokens,
    "gen_ai.input.messages": messages,
  });
  const spans = [
    [0, 2, { "gen_ai.operation.name": "invoke_agent" }],
    [0, 1, chatOf(50)],
    [2, 4, call("a", "get_weather", "Oslo", "12")],
    [2.5, 3, call("b", "get_weather", "Bergen", "9")],
    [5, 6, chatOf(60)],
    [6, 7, call("c", "get_time", "Oslo", "noon")],
    [8, 9, chatOf(70)],
    [9, 10, { "http.method": "GET" }],
  ] as const;
  const flat = spans.map(([start, end, attributes], i) => ({
    traceId: "t1",
    spanId: `s${i}`,
    parentSpanId: i === 0 ? "" : "s0",
    startTimeUnixNano: nano(Math.floor(start)).replace(/0{9}$/, String((start % 1) * 1e9).padStart(9, "0")),
    endTimeUnixNano: nano(end),
    attributes,
  }));
  const otlp = {
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: flat.map((span) => ({
              ...span,
              attributes: Object.entries(span.attributes).map(([key, value]) => ({
                key,
                value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value },
              })),
            })),
          },
        ],
      },
    ],
  };
  const console = flat.map(({ traceId, spanId, parentSpanId, ...span }) => ({
    name: "x",
    context: { trace_id: traceId, span_id: spanId },
    parent_id: parentSpanId,
    start_time: new Date(Number(span.startTimeUnixNano) / 1e6).toISOString(),
    end_time: new Date(Number(span.endTimeUnixNano) / 1e6).toISOString(),
    attributes: span.attributes,
  }));

  const texts = {
    "an OTLP export": JSON.stringify(otlp),
    "exports line by line": lines([otlp]),
    "a list of spans": JSON.stringify(flat.toReversed()),
    "a span per line": lines(flat),
    "spans as Python writes them": JSON.stringify(console),
  };
  for (const [title, text] of Object.entries(texts)) {
    test(title, () => {
      const { format, sessions } = readSessions(text);
      assert.equal(format, "otel-spans");
      assert.deepEqual(sessions.map(told), [EXPECTED]);
      const [first] = sessions[0]?.turns ?? [];
      assert.equal(first?.inputTokens, 50);
      assert.deepEqual([first?.startedAt, first?.endedAt], [1_700_000_000_000, 1_700_000_001_000]);
      assert.equal(first?.calls[1]?.startedAt, 1_700_000_002_500);
    });
  }

  test("calls whose content was not recorded are counted, and nothing is said of them", () => {
    const bare = flat.map(({ attributes, ...span }) => ({
      ...span,
      attributes: Object.fromEntries(
        Object.entries(attributes).filter(([key]) => !/arguments|result|messages/.test(key)),
      ),
    }));
    const [session] = readSessions(lines(bare)).sessions;
    assert.deepEqual(
      session?.turns.map(({ calls }) => calls.length),
      [2, 1, 0],
    );
    assert.equal(session?.turns[0]?.calls[0]?.input, undefined);
  });
});

describe("files that are not in order", () => {
  test("a last line that is cut off is left out, and that is said", () => {
    const { sessions, notes } = readSessions(`${lines(chat)}\n{"role":"assis`);
    assert.deepEqual(sessions.map(told), [EXPECTED]);
    assert.deepEqual(notes, ["the last line (8) is cut off, and was left out"]);
  });

  test("so are lines in the middle that are no JSON", () => {
    const { notes } = readSessions(`log begins\n${lines(chat)}`);
    assert.deepEqual(notes, ["lines that are no JSON were left out: 1"]);
  });

  const mistakes: readonly (readonly [string, RegExp])[] = [
    ["", /^TuttiError: log is empty$/],
    [" \n", /^TuttiError: log is empty$/],
    ["hello", /log is neither JSON nor JSONL; formats read: Claude Code session logs, Codex/],
    ["5", /log looks like a number, which is no history; formats read: /],
    ['{"a":1,"b":2}', /log looks like an object with a, b, which is no history/],
    ["[]", /log looks like an empty list/],
    ['{"a":1}\n{"a":2}', /log looks like 2 lines of JSON, the first an object with a/],
    ['[{"role":"user"},{"role":"robot"}]', /log looks like a list of an object with role/],
  ];
  for (const [text, message] of mistakes) {
    test(`${JSON.stringify(text)} is refused, with what it looks like`, () => {
      assert.throws(() => readSessions(text, { name: "log" }), message);
    });
  }

  test("a reader of one's own is asked like the others", () => {
    const own = {
      format: "own",
      describes: "own logs",
      read: ({ name }: { readonly name: string }) => [{ name, source: "own", turns: [] }],
    };
    assert.equal(readSessions('{"a":1}', { readers: [...SESSION_READERS, own] }).format, "own");
  });
});
