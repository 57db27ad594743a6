import assert from "node:assert/strict";
import { test } from "node:test";
import type { ScenarioInput } from "../../src/simulator/scenario-file.ts";
import { answered, ask, simulate } from "../support/simulators.ts";

const turns: ScenarioInput["turns"] = [
  {
    thinking: "The profile and the orders.",
    text: "Let me look.",
    calls: [{ name: "get_profile", input: { id: "1234", deep: { note: "ä😀" } } }, { name: "get_orders" }],
  },
  { text: "All is well." },
];

test("a conversation runs to its end, streamed", async (context) => {
  const { client, simulator } = await simulate(context, turns);
  const first = await client.messages.stream(ask()).finalMessage();
  assert.equal(first.stop_reason, "tool_use");
  assert.deepEqual(
    first.content.map((block) => (block.type === "tool_use" ? [block.name, block.input] : block.type)),
    ["thinking", "text", ["get_profile", { id: "1234", deep: { note: "ä😀" } }], ["get_orders", {}]],
  );
  const last = await client.messages.stream(ask(...answered(first))).finalMessage();
  assert.equal(last.stop_reason, "end_turn");
  assert.deepEqual(last.content, [{ type: "text", text: "All is well." }]);
  assert.deepEqual(
    simulator.requests.map(({ turn, verdict }) => [turn, verdict.kind]),
    [
      [0, "answered"],
      [1, "answered"],
    ],
  );
});

test("a response as a whole holds what its stream holds", async (context) => {
  const { client } = await simulate(context, turns);
  const streamed = await client.messages.stream(ask()).finalMessage();
  const whole = await client.messages.create(ask());
  assert.deepEqual(whole.content, streamed.content);
  assert.equal(whole.stop_reason, streamed.stop_reason);
  assert.deepEqual(whole.usage, streamed.usage);
});

test("a stream has the recorded order of events", async (context) => {
  const { client } = await simulate(context, [
    { text: "Hi.", calls: [{ name: "get_orders", input: { n: 1 } }] },
  ]);
  const kinds: string[] = [];
  let arguments_ = "";
  for await (const event of await client.messages.create({ ...ask(), stream: true })) {
    if (event.type === "content_block_delta" && event.delta.type === "input_json_delta") {
      if (kinds.at(-1) === "content_block_start") assert.equal(event.delta.partial_json, "");
      arguments_ += event.delta.partial_json;
    }
    if (kinds.at(-1) !== event.type) kinds.push(event.type);
  }
  assert.equal(arguments_, '{"n":1}');
  assert.deepEqual(kinds, [
    "message_start",
    "content_block_start",
    "content_block_delta",
    "content_block_stop",
    "content_block_start",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "message_stop",
  ]);
});

test("events are named, and a ping follows the first block's start", async (context) => {
  const { simulator } = await simulate(context, [{ text: "Hi." }]);
  const response = await fetch(`${simulator.url}/v1/messages`, {
    method: "POST",
    headers: { "x-api-key": "x", "anthropic-version": "2023-06-01" },
    body: JSON.stringify({ ...ask(), stream: true }),
  });
  assert.match(response.headers.get("content-type") ?? "", /^text\/event-stream/);
  const frames = (await response.text()).trimEnd().split("\n\n");
  assert.match(frames[2] ?? "", /^event: ping\ndata: {"type":"ping"}$/);
  for (const frame of frames) assert.match(frame, /^event: (\w+)\ndata: {"type":"\1"/);
});

test("usage grows with the history, or is what the scenario says", async (context) => {
  const { client } = await simulate(context, [
    turns[0] ?? {},
    { text: "Done.", usage: { inputTokens: 9, outputTokens: 7 } },
  ]);
  const first = await client.messages.create(ask());
  const longer = await client.messages.create(ask({ role: "user", content: "And be quick about it." }));
  assert.ok(first.usage.output_tokens > 0);
  assert.ok(longer.usage.input_tokens > first.usage.input_tokens);
  const { usage } = await client.messages.create(ask(...answered(first)));
  assert.deepEqual([usage.input_tokens, usage.output_tokens], [9, 7]);
});

test("conversations side by side do not disturb each other", async (context) => {
  const { client } = await simulate(context, turns);
  const firsts = await Promise.all(Array.from({ length: 8 }, () => client.messages.create(ask())));
  const lasts = await Promise.all(firsts.map((first) => client.messages.create(ask(...answered(first)))));
  assert.deepEqual(new Set(lasts.map(({ stop_reason }) => stop_reason)), new Set(["end_turn"]));
});

test("with one call per turn each call takes a response of its own", async (context) => {
  const { client, simulator } = await simulate(context, turns, { callsPerTurn: "one" });
  const history: ReturnType<typeof answered> = [];
  const called: string[] = [];
  for (;;) {
    const message = await client.messages.create(ask(...history));
    if (message.stop_reason !== "tool_use") break;
    for (const block of message.content) if (block.type === "tool_use") called.push(block.name);
    history.push(...answered(message));
  }
  assert.deepEqual(called, ["get_profile", "get_orders"]);
  assert.equal(simulator.requests.length, 3);
});

test("a client that turns parallel calls off gets one call per turn", async (context) => {
  const { client } = await simulate(context, turns);
  const message = await client.messages.create({
    ...ask(),
    tool_choice: { type: "auto", disable_parallel_tool_use: true },
  });
  assert.equal(message.content.filter((block) => block.type === "tool_use").length, 1);
});

test("thinking that is turned on comes first and goes back unaltered", async (context) => {
  const { client } = await simulate(context, [{ calls: [{ name: "get_orders" }] }, { text: "Done." }]);
  const thinking = { thinking: { type: "enabled", budget_tokens: 1024 }, max_tokens: 4096 } as const;
  const first = await client.messages.stream({ ...ask(), ...thinking }).finalMessage();
  assert.equal(first.content[0]?.type, "thinking");
  const last = await client.messages.create({ ...ask(...answered(first)), ...thinking });
  assert.deepEqual(
    last.content.map(({ type }) => type),
    ["text"],
  );
});

test("a server tool's result comes whole, and the conversation goes on", async (context) => {
  const { client } = await simulate(context, [
    {
      serverCalls: [{ name: "web_search", input: { query: "tutti" }, result: [] }],
      calls: [{ name: "get_orders" }],
    },
    { text: "Done." },
  ]);
  const first = await client.messages.stream(ask()).finalMessage();
  assert.deepEqual(
    first.content.map(({ type }) => type),
    ["server_tool_use", "web_search_tool_result", "tool_use"],
  );
  const last = await client.messages.create(ask(...answered(first)));
  assert.equal(last.stop_reason, "end_turn");
});

test("a conversation that outlives its scenario is told so", async (context) => {
  const { client } = await simulate(context, [{ text: "Hi." }]);
  const further = ask({ role: "assistant", content: "Hi." }, { role: "user", content: "And now?" });
  await assert.rejects(client.messages.create(further), /has no turn 2/);
});

test("whoever watches is told of each request when it is over", async (context) => {
  const seen: string[] = [];
  const { client, simulator } = await simulate(context, [{ text: "Hi." }], {
    onRequest: ({ verdict, endedMs }) => seen.push(`${verdict.kind} ${endedMs !== undefined}`),
  });
  await client.messages.create(ask());
  await assert.rejects(client.messages.create({ ...ask(), max_tokens: -1 }));
  await simulator.close();
  assert.deepEqual(seen, ["answered true", "refused true"]);
});
