/** What missed turns cost, what was asked again, and the tables. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { analyzeSessions } from "../../src/analyze/analysis.ts";
import type { Session, SessionCall } from "../../src/analyze/session.ts";
import { estimateTokens } from "../../src/results/tokens.ts";
import { session } from "../support/told-sessions.ts";

const call = (city: string, startedAt: number, endedAt: number): SessionCall => ({
  id: city,
  name: "get_weather",
  input: { city },
  result: "fine",
  images: 0,
  isError: false,
  startedAt,
  endedAt,
});

const timed: Session = {
  name: "timed",
  source: "told",
  turns: [
    {
      said: [{ by: "user", text: "Oslo, Bergen, Molde" }],
      text: "",
      calls: [call("Oslo", 1_000, 4_000)],
      inputTokens: 100,
      startedAt: 0,
      endedAt: 1_000,
    },
    {
      said: [],
      text: "",
      calls: [call("Bergen", 5_000, 7_000)],
      inputTokens: 150,
      cachedInputTokens: 90,
      startedAt: 4_000,
      endedAt: 5_000,
    },
    {
      said: [],
      text: "",
      calls: [call("Molde", 8_500, 9_000)],
      inputTokens: 200,
      startedAt: 7_000,
      endedAt: 8_500,
    },
  ],
};

test("a chain costs the tokens and the time of its later turns, and the tools that would have run beside the longest", () => {
  const { saved, reachable, callsPerTurn } = analyzeSessions([timed]);
  assert.deepEqual(saved.certain, saved.all);
  assert.deepEqual(saved.all, {
    roundTrips: 2,
    inputTokens: 350,
    cachedInputTokens: 90,
    estimatedInputTokens: 0,
    // The model's 1,000 and 1,500 ms, and the tools' 2,000 and 500 beside 3,000.
    ms: 2_500 + 2_500,
  });
  assert.deepEqual([callsPerTurn, reachable.certain, reachable.likely], [1, 3, 3]);
});

test("tokens that were not recorded are estimated from all that was said before, and that is told", () => {
  const told = session("Oslo, Bergen", [
    [["get_weather", { city: "Oslo" }, "rain ".repeat(100)]],
    [["get_weather", { city: "Bergen" }, "sun"]],
  ]);
  const { inputTokens, estimatedInputTokens, ms } = analyzeSessions([told]).saved.all;
  const texts = ["Oslo, Bergen", "", "get_weather", "city", "Oslo", "rain ".repeat(100)];
  assert.equal(
    inputTokens,
    texts.reduce((sum, text) => sum + estimateTokens(text), 0),
  );
  assert.equal(estimatedInputTokens, inputTokens);
  assert.equal(ms, undefined);
});

test("likely turns are apart from certain ones", () => {
  const told = session("The weather in Oslo, Bergen and Molde, please", [
    [["get_weather", { city: "Oslo" }]],
    [["get_weather", { city: "Bergen" }, "As warm as Molde"]],
    [["get_weather", { city: "Molde" }]],
  ]);
  const { saved, missed, reachable } = analyzeSessions([told]);
  assert.deepEqual([saved.certain.roundTrips, saved.all.roundTrips], [1, 2]);
  assert.deepEqual([reachable.certain, reachable.likely], [1.5, 3]);
  assert.equal(missed[0]?.certainty, "likely");
  assert.deepEqual(
    missed[0]?.turns.map(({ certainty }) => certainty),
    [undefined, "certain", "likely"],
  );
});

test("the same read again is a duplicate, unless something was written in between", () => {
  const read = (path: string, result: string) => ["read_file", { path }, result] as const;
  const told = session("a", [
    [read("a", "one"), read("b", "x")],
    [read("a", "one")],
    [read("a", "two")],
    [["write_file", { path: "a" }]],
    [read("a", "three"), read("b", "x")],
  ]);
  assert.deepEqual(analyzeSessions([told]).duplicates, [
    { session: "told", call: { name: "read_file", input: { path: "a" } }, turns: [1, 2, 3], sameResults: 1 },
  ]);
});

test("tools, widths and the biggest results are counted", () => {
  const told = session("a", [
    [
      ["read_file", { path: "a" }, "word ".repeat(1_000)],
      ["bash", { command: "ls" }],
    ],
    [["bash", { command: "make" }, "no", { isError: true }]],
    [],
  ]);
  const analysis = analyzeSessions([told, timed]);
  assert.deepEqual([analysis.turns, analysis.toolTurns, analysis.calls, analysis.unknownCalls], [6, 5, 6, 0]);
  assert.deepEqual(analysis.widths, [
    { width: 1, turns: 4 },
    { width: 2, turns: 1 },
  ]);
  assert.deepEqual(
    analysis.tools.map(({ name, calls, reads, errors, averageMs }) => [
      name,
      calls,
      reads,
      errors,
      averageMs,
    ]),
    [
      ["get_weather", 3, 3, 0, 5_500 / 3],
      ["bash", 2, 1, 1, undefined],
      ["read_file", 1, 1, 0, undefined],
    ],
  );
  assert.deepEqual(
    analysis.biggest.map(({ turn, tokens }) => [turn, tokens]),
    [[1, estimateTokens("word ".repeat(1_000))]],
  );
  assert.deepEqual(
    analysis.sessions.map(({ name, inputTokens }) => [name, inputTokens]),
    [
      ["told", undefined],
      ["timed", 450],
    ],
  );
});

test("nothing at all is an analysis, too", () => {
  const { callsPerTurn, reachable, missed, version } = analyzeSessions([]);
  assert.deepEqual(
    { callsPerTurn, reachable, missed, version },
    {
      callsPerTurn: 0,
      reachable: { certain: 0, likely: 0 },
      missed: [],
      version: 1,
    },
  );
});
