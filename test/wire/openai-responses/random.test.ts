/** Random responses, streamed in any server's way. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Quirk } from "../../../src/simulator/protocol.ts";
import { openaiResponsesProtocol } from "../../../src/simulator/openai-responses/protocol.ts";
import { planTurn } from "../../../src/simulator/pacing.ts";
import { parseScenario } from "../../../src/simulator/scenario-file.ts";
import type { ResponsesEvent, ResponsesResponse } from "../../../src/wire/openai-responses/protocol.ts";
import { openaiResponses } from "../../../src/wire/openai-responses/wire.ts";

const turns = fc.record(
  {
    thinking: fc.constant("Hm."),
    text: fc.constantFrom("Let me look.", "Grüße 東京"),
    calls: fc.array(
      fc.record({
        name: fc.constantFrom("get", "put"),
        input: fc.dictionary(fc.constantFrom("a", "b"), fc.string()),
      }),
      { minLength: 1, maxLength: 5 },
    ),
  },
  { requiredKeys: ["calls"] },
);
const quirks = fc.subarray<Quirk>([
  "whole-calls",
  "shared-index",
  "changing-item-ids",
  "no-ids",
  "double-encoding",
]);

/** The response of a scenario's turn, whole and as events. */
function spoken(turn: { calls: { name: string; input: Record<string, string> }[] }, odd: readonly Quirk[]) {
  const [planned] = parseScenario({ turns: [turn as never] }).turns;
  assert.ok(planned);
  const reply = {
    token: "random",
    turn: 0,
    quirks: new Set(odd),
    model: "gpt-5.5",
    timeline: planTurn(planned, 1),
    usage: { inputTokens: 1, outputTokens: 1 },
  };
  return {
    events: openaiResponsesProtocol.stream(reply).map(({ event }) => event as unknown as ResponsesEvent),
    whole: openaiResponsesProtocol.message(reply) as ResponsesResponse,
  };
}

test("G8: random responses read the same streamed, in any server's way, as whole", () => {
  fc.assert(
    fc.property(turns, quirks, (turn, odd) => {
      const { events, whole } = spoken(turn, odd);
      const assembler = openaiResponses.assemble();
      const committed = events.flatMap((event) => [...assembler.push(event).committed]);
      const read = openaiResponses.read(whole);
      const streamed = assembler.finish();
      assert.deepEqual(committed, read.calls);
      assert.deepEqual([streamed.calls, streamed.text, streamed.stop], [read.calls, read.text, read.stop]);
      // An item whose id changes goes back with its last.
      if (!odd.includes("changing-item-ids")) assert.deepEqual(streamed.messages, read.messages);
    }),
    { numRuns: 1_000 },
  );
});

test("G9: random streams that break off anywhere commit a prefix of the calls", () => {
  fc.assert(
    fc.property(turns, fc.tuple(quirks, fc.nat()), (turn, [odd, cut]) => {
      const { events, whole } = spoken(turn, odd);
      const assembler = openaiResponses.assemble();
      const out = events
        .slice(0, cut % events.length)
        .flatMap((event) => [...assembler.push(event).committed]);
      const { calls, stop } = assembler.finish();
      assert.equal(stop, "truncated");
      assert.deepEqual(calls.slice(0, out.length), out);
      assert.ok(calls.slice(out.length).every(({ truncated }) => truncated === true));
      assert.deepEqual(assembler.committed().calls, out);
      assert.deepEqual(out, openaiResponses.read(whole).calls.slice(0, out.length));
    }),
    { numRuns: 1_000 },
  );
});
