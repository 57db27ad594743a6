import assert from "node:assert/strict";
import { test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import { answered, ask, simulate } from "../support/simulators.ts";

const calls = [
  { name: "get_profile", input: { id: "1234" } },
  { name: "get_orders", input: { id: "1234" } },
];

test("a rate limit reaches the client with its time to wait, and ends after its times", async (context) => {
  const { client, simulator } = await simulate(context, [
    { text: "Hi.", failures: [{ kind: "status", status: 429, retryAfterSeconds: 2 }] },
  ]);
  await assert.rejects(client.messages.create(ask()), (error) => {
    assert.ok(error instanceof Anthropic.RateLimitError);
    assert.equal(error.headers.get("retry-after"), "2");
    assert.equal(error.headers.get("anthropic-ratelimit-requests-remaining"), "0");
    assert.match(error.message, /would exceed your account's rate limit/);
    assert.equal(error.requestID, simulator.requests[0]?.id);
    return true;
  });
  assert.equal((await client.messages.create(ask())).stop_reason, "end_turn");
  assert.deepEqual(
    simulator.requests.map(({ verdict }) => verdict),
    [{ kind: "failed", failure: "status" }, { kind: "answered" }],
  );
});

test("the client's own retries get through a busy provider", async (context) => {
  const { simulator } = await simulate(context, [
    {
      text: "Hi.",
      failures: [
        { kind: "status", status: 429, retryAfterSeconds: 0 },
        { kind: "status", status: 529, retryAfterSeconds: 0 },
      ],
    },
  ]);
  const client = new Anthropic({ baseURL: simulator.url, apiKey: "x", maxRetries: 2 });
  assert.equal((await client.messages.create(ask())).stop_reason, "end_turn");
  assert.equal(simulator.requests.length, 3);
});

test("an overload and an internal error have the provider's words", async (context) => {
  const { client } = await simulate(context, [
    {
      text: "Hi.",
      failures: [
        { kind: "status", status: 529 },
        { kind: "status", status: 500 },
        { kind: "status", status: 500, message: "Overloaded" },
      ],
    },
  ]);
  await assert.rejects(client.messages.create(ask()), { status: 529, type: "overloaded_error" });
  await assert.rejects(client.messages.create(ask()), { status: 500, apiMessage: "Internal server error" });
  await assert.rejects(client.messages.create(ask()), { status: 500, apiMessage: "Overloaded" });
});

for (const at of [{ afterEvents: 0 }, { afterEvents: 4 }, { inBlock: 1 }]) {
  test(`a stream cut at ${JSON.stringify(at)} raises in the client, and the next one is whole`, async (context) => {
    const { client, simulator } = await simulate(context, [{ calls, failures: [{ kind: "cut", ...at }] }]);
    await assert.rejects(client.messages.stream(ask()).finalMessage());
    const message = await client.messages.stream(ask()).finalMessage();
    assert.equal(message.content.length, 2);
    assert.deepEqual(simulator.requests[0]?.verdict, { kind: "failed", failure: "cut" });
  });
}

test("a stream is cut after exactly the events that the scenario says", async (context) => {
  const { client } = await simulate(context, [{ calls, failures: [{ kind: "cut", afterEvents: 4 }] }]);
  const seen: string[] = [];
  await assert.rejects(async () => {
    for await (const event of await client.messages.create({ ...ask(), stream: true })) seen.push(event.type);
  });
  // The client keeps the ping, the third event, to itself.
  assert.deepEqual(seen, ["message_start", "content_block_start", "content_block_delta"]);
});

test("a response that was to be whole is cut by hanging up", async (context) => {
  const { client } = await simulate(context, [{ text: "Hi.", failures: [{ kind: "cut" }] }]);
  await assert.rejects(client.messages.create(ask()), Anthropic.APIConnectionError);
  assert.equal((await client.messages.create(ask())).stop_reason, "end_turn");
});

test("an error inside a stream raises in the client", async (context) => {
  const { client } = await simulate(context, [{ calls, failures: [{ kind: "error-event", inBlock: 1 }] }]);
  await assert.rejects(client.messages.stream(ask()).finalMessage(), { type: "overloaded_error" });
  assert.equal((await client.messages.stream(ask()).finalMessage()).content.length, 2);
});

test("an error in place of a whole response is a plain refusal", async (context) => {
  const { client } = await simulate(context, [
    { text: "Hi.", failures: [{ kind: "error-event", status: 500 }] },
  ]);
  await assert.rejects(client.messages.create(ask()), { status: 500 });
});

test("G9: a token limit inside a call leaves it last, cut off, and the turn says so", async (context) => {
  const { client } = await simulate(context, [
    { text: "Let me look.", calls, failures: [{ kind: "token-limit", inBlock: 2, times: 2 }] },
  ]);
  let said = "";
  let stop: string | null = null;
  for await (const event of await client.messages.create({ ...ask(), stream: true })) {
    if (
      event.type === "content_block_delta" &&
      event.index === 2 &&
      event.delta.type === "input_json_delta"
    ) {
      said += event.delta.partial_json;
    }
    if (event.type === "message_delta") stop = event.delta.stop_reason;
  }
  assert.equal(stop, "max_tokens");
  assert.throws(() => JSON.parse(said));
  const whole = await client.messages.create(ask());
  assert.equal(whole.stop_reason, "max_tokens");
  assert.deepEqual(
    whole.content.map((block) => (block.type === "tool_use" ? block.input : block.type)),
    ["text", { id: "1234" }, {}],
  );
  assert.equal((await client.messages.create(ask())).stop_reason, "tool_use");
});

test("a failure belongs to its turn, not to the one before", async (context) => {
  const { client } = await simulate(context, [
    { calls },
    { text: "Done.", failures: [{ kind: "status", status: 529 }] },
  ]);
  const first = await client.messages.create(ask());
  await assert.rejects(client.messages.create(ask(...answered(first))), { status: 529 });
  assert.equal((await client.messages.create(ask(...answered(first)))).stop_reason, "end_turn");
});
