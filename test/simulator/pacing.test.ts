import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  commitTimes,
  cutInBlock,
  endOf,
  limitInBlock,
  outputTokens,
  planTurn,
  saidOf,
} from "../../src/simulator/pacing.ts";
import { parseScenario, type ScenarioInput } from "../../src/simulator/scenario-file.ts";
import type { ScenarioTurn } from "../../src/simulator/scenario.ts";

function turnOf(turn: ScenarioInput["turns"][number], seed = 1): ScenarioTurn {
  const [built] = parseScenario({ turns: [turn], timeToFirstTokenMs: 500, tokensPerSecond: 100, seed }).turns;
  assert.ok(built);
  return built;
}

const reads = turnOf({
  text: "Let me look at all of it, one moment please.",
  calls: [
    { name: "get_profile", input: { id: "1234" } },
    { name: "get_orders", input: { id: "1234" } },
  ],
});

test("the first block begins at the time to the first token", () => {
  assert.equal(planTurn(reads, 1).beats[0]?.atMs, 500);
});

test("tokens come evenly, so a turn's length is its tokens over the speed", () => {
  const timeline = planTurn(turnOf({ text: "x".repeat(400) }), 1);
  assert.equal(outputTokens(timeline), 100);
  assert.ok(Math.abs(endOf(timeline) - 1500) < 1e-6);
});

test("a block's pause delays it and all that follows", () => {
  const calls = [{ name: "a" }, { name: "b", pauseMs: 250 }, { name: "c" }];
  const [hasty, slow] = [
    turnOf({ calls: [{ name: "a" }, { name: "b" }, { name: "c" }] }),
    turnOf({ calls }),
  ].map((turn) => commitTimes(planTurn(turn, 1)).map(({ atMs }) => atMs));
  assert.deepEqual(
    slow?.map((atMs, i) => Math.round(atMs - (hasty?.[i] ?? 0))),
    [250, 250, 250],
  );
});

test("infinite speed says all at once", () => {
  const timeline = planTurn(turnOf({ text: "All at once.", tokensPerSecond: Infinity }), 1);
  assert.equal(endOf(timeline), 500);
});

test("a call is committed when the next block begins, the last one when the stop reason comes", () => {
  const timeline = planTurn(reads, 1);
  const starts = timeline.beats.filter((beat) => beat.kind === "block-start").map(({ atMs }) => atMs);
  assert.deepEqual(
    commitTimes(timeline).map(({ call, atMs }) => [call.name, atMs]),
    [
      ["get_profile", starts[2]],
      ["get_orders", endOf(timeline)],
    ],
  );
});

test("the seed decides how a stream is cut into pieces, and nothing else", () => {
  const [a, again, b] = [1, 1, 2].map((seed) => planTurn(reads, seed));
  assert.deepEqual(a, again);
  assert.notDeepEqual(a, b);
  assert.ok(a && b);
  assert.ok(Math.abs(endOf(a) - endOf(b)) < 1e-6);
});

test("G9: a call in which the stream breaks, or the token limit falls, is never committed", () => {
  const timeline = planTurn(reads, 1);
  for (const cutOff of [cutInBlock(timeline, 2), limitInBlock(timeline, 2)]) {
    assert.deepEqual(
      commitTimes(cutOff).map(({ call }) => call.name),
      ["get_profile"],
    );
  }
});

test("a token limit ends its block, and then the turn", () => {
  const { beats } = limitInBlock(planTurn(reads, 1), 1);
  assert.deepEqual(
    beats.slice(-2).map(({ kind }) => kind),
    ["block-end", "stop"],
  );
});

test("what was cut off in a call never parses", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), fc.integer(), (input, seed) => {
      const timeline = cutInBlock(planTurn(turnOf({ calls: [{ name: "a", input }] }), seed), 0);
      assert.throws(() => JSON.parse(saidOf(timeline, 0)));
    }),
  );
});

test("pieces put together are the text, and no piece splits a character", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1 }), fc.integer(), (text, seed) => {
      const timeline = planTurn(turnOf({ text }), seed);
      assert.equal(saidOf(timeline, 0), text);
      for (const beat of timeline.beats) if (beat.kind === "piece") assert.ok(beat.text.isWellFormed());
    }),
  );
});

test("time never goes back in a turn", () => {
  const turn = fc.record({
    text: fc.string({ minLength: 1 }),
    calls: fc.array(fc.record({ name: fc.constant("a"), input: fc.object(), pauseMs: fc.nat(1000) }), {
      maxLength: 4,
    }),
  });
  fc.assert(
    fc.property(turn, fc.integer(), (input, seed) => {
      const times = planTurn(turnOf(input), seed).beats.map(({ atMs }) => atMs);
      assert.deepEqual(
        times,
        times.toSorted((a, b) => a - b),
      );
    }),
  );
});
