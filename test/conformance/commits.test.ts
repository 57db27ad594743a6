/** When a call is committed on each wire: at the first event that says that the model has moved on from it, and not later. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { commitTimes, planTurn } from "../../src/simulator/pacing.ts";
import { parseScenario } from "../../src/simulator/scenario-file.ts";
import { WIRES } from "../support/wires.ts";

const [turn] = parseScenario({
  timeToFirstTokenMs: 400,
  tokensPerSecond: 50,
  turns: [
    {
      thinking: "Hm.",
      text: "Let me look at all of it.",
      calls: ["a", "b", "c", "d"].map((id) => ({ name: "get", input: { id, note: "some more to say" } })),
    },
  ],
}).turns;

for (const { name, wire, protocol } of WIRES) {
  test(`a call is committed with the first event that tells that the model has moved on (${name})`, () => {
    assert.ok(turn);
    const timeline = planTurn(turn, 1);
    const reply = {
      token: "commits",
      turn: 0,
      quirks: new Set<never>(),
      model: "newest",
      timeline,
      usage: { inputTokens: 1, outputTokens: 1 },
    };
    const assembler = wire.assemble();
    const committedAt: number[] = [];
    for (const { atMs, event } of protocol.stream(reply)) {
      if (typeof event === "string") continue;
      for (const _ of assembler.push(event).committed) committedAt.push(atMs);
    }
    // Gemini sends nothing of a call before all of it: that the next one has begun is known when it has come.
    const ends = timeline.beats.flatMap((beat) =>
      beat.kind === "block-end" && timeline.blocks[beat.block]?.kind === "call" ? [beat.atMs] : [],
    );
    const stopMs = timeline.beats.at(-1)?.atMs ?? 0;
    const expected =
      name === "gemini" ? [...ends.slice(1), stopMs] : commitTimes(timeline).map(({ atMs }) => atMs);
    assert.deepEqual(committedAt, expected);
  });
}
