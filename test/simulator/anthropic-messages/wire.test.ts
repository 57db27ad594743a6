import assert from "node:assert/strict";
import { test } from "node:test";
import { anthropicProtocol } from "../../../src/simulator/anthropic-messages/protocol.ts";
import {
  commitTimes,
  cutInBlock,
  limitInBlock,
  planTurn,
  type Timeline,
} from "../../../src/simulator/pacing.ts";
import { parseScenario } from "../../../src/simulator/scenario-file.ts";
import { anthropicMessages } from "../../../src/wire/anthropic-messages/wire.ts";
import type { AnthropicEvent, AnthropicResponse } from "../../../src/wire/anthropic-messages/protocol.ts";

const [turn] = parseScenario({
  turns: [
    {
      thinking: "All three.",
      text: "Let me look.",
      calls: [
        { name: "get_profile", input: { id: "1234" } },
        { name: "get_orders", pauseMs: 50 },
        { name: "get_tickets", input: { open: true } },
      ],
    },
  ],
}).turns;
assert.ok(turn);
const whole = planTurn(turn, 1);

function replyOf(timeline: Timeline) {
  return {
    token: "1",
    turn: 0,
    quirks: new Set<never>(),
    model: "m",
    timeline,
    usage: { inputTokens: 1, outputTokens: 1 },
  };
}

/** Reads a timeline's stream with Tutti's own wire: the turn, and when it committed which call. */
function readStream(timeline: Timeline) {
  const assembler = anthropicMessages.assemble();
  const commits: (readonly [name: string, atMs: number])[] = [];
  for (const { atMs, event } of anthropicProtocol.stream(replyOf(timeline))) {
    const { committed } = assembler.push(event as unknown as AnthropicEvent);
    commits.push(...committed.map(({ name }) => [name, atMs] as const));
  }
  return { commits, turn: assembler.finish() };
}

const timelines = {
  "a whole turn": whole,
  "a turn whose stream breaks in its last call": cutInBlock(whole, 4),
  "a turn whose token limit falls in its second call": limitInBlock(whole, 3),
};

for (const [name, timeline] of Object.entries(timelines)) {
  test(`the wire commits the calls of ${name} when commitTimes says`, () => {
    assert.deepEqual(
      readStream(timeline).commits,
      commitTimes(timeline).map(({ call, atMs }) => [call.name, atMs]),
    );
  });
}

test("the wire reads the same from a response as a whole and as a stream", () => {
  const response = anthropicProtocol.message(replyOf(whole)) as AnthropicResponse;
  const { messages, calls, stop } = anthropicMessages.read(response);
  const streamed = readStream(whole).turn;
  assert.deepEqual(messages, streamed.messages);
  assert.deepEqual(
    calls.map(({ id, name }) => [id, name]),
    streamed.calls.map(({ id, name }) => [id, name]),
  );
  assert.equal(stop, streamed.stop);
});
