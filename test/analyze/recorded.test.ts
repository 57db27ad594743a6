/** Real histories: the sessions and recordings beside the repository. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { analyzeSessions } from "../../src/analyze/analysis.ts";
import { readSessions } from "../../src/analyze/read-sessions.ts";
import type { Session } from "../../src/analyze/session.ts";
import { json, missingRecordings, recordings } from "../support/recordings.ts";

const folder = new URL("../../../shared/sessions/", import.meta.url);
const skip = existsSync(folder)
  ? false
  : "the sessions are not here: expected ../shared/sessions beside the repository";

function sessionIn(file: string): Session {
  const { sessions } = readSessions(readFileSync(new URL(file, folder), "utf8"), { name: file });
  assert.equal(sessions.length, 1);
  return sessions[0] as Session;
}

const widths = ({ turns }: Session) => turns.map(({ calls }) => calls.length);

describe("session logs that agents wrote", { skip }, () => {
  test("a session of Claude Code", () => {
    const session = sessionIn("claude-code.jsonl");
    // By hand: `ls` and a search; a search; a file written; run; the answer. Then the user's second request: a search; a fetch;
    // the file again; run; the answer.
    assert.deepEqual(widths(session), [2, 1, 1, 1, 0, 1, 1, 1, 1, 0]);
    assert.deepEqual(
      session.turns.map(({ inputTokens }) => inputTokens),
      [32_272, 35_740, 38_592, 41_131, 41_589, 42_876, 44_901, 45_279, 47_508, 48_305],
    );
    const analysis = analyzeSessions([session]);
    // By hand: the prompt asks for GPUs and for Llama3-8B, and the first turn's text announces both; the search of turn 2 has
    // nothing of the first search's results. It is the model's own words, hence likely. Of the rest nothing: turn 3 and 8 write
    // what was read, 4 and 9 run what was written, and 7 fetches an address that the search of turn 6 gave.
    assert.deepEqual(
      analysis.missed.map(({ certainty, turns }) => [certainty, turns.map(({ turn }) => turn)]),
      [["likely", [1, 2]]],
    );
    // Asked at 05:40:50.938, when the last result was there, and answered at 05:41:04.862: 13,924 ms. The tools took 20,102 ms
    // and 12,688 ms, of which the shorter would have been hidden.
    assert.deepEqual(analysis.saved.all, {
      roundTrips: 1,
      inputTokens: 35_740,
      cachedInputTokens: 29_380,
      estimatedInputTokens: 0,
      ms: 13_924 + 12_688,
    });
    assert.equal(analysis.callsPerTurn, 9 / 8);
    assert.equal(analysis.reachable.likely, 9 / 7);
    assert.deepEqual(analysis.duplicates, []);
  });

  test("a session of Codex", () => {
    const session = sessionIn("codex.jsonl");
    // By hand: pwd, rg and find; the find is waited for, and broken off; two finds; the answer. `ls` twice; the answer. `mv`.
    assert.deepEqual(widths(session), [3, 1, 1, 2, 0, 2, 0, 1, 0]);
    assert.deepEqual(
      session.turns.map(({ inputTokens }) => inputTokens),
      [9_324, 9_917, 10_058, 10_152, 10_472, 10_436, 11_636, 11_727, 12_097],
    );
    const calls = session.turns.flatMap((turn) => turn.calls);
    assert.ok(calls.every(({ result }) => result !== undefined));
    const analysis = analyzeSessions([session]);
    // By hand: turns 2 and 3 have the id of the process from turn 1, and turn 4 is there because they did not work.
    assert.deepEqual(analysis.missed, []);
    assert.equal(analysis.callsPerTurn, 10 / 6);
  });
});

describe("requests that clients sent", { skip: missingRecordings }, () => {
  const wires = ["anthropic-messages", "openai-chat", "openai-responses", "gemini"];
  for (const wire of wires) {
    test(`all calls of them are read (${wire})`, () => {
      let read = 0;
      for (const { nextRequest } of recordings(wire)) {
        if (nextRequest === undefined) continue;
        const request = json(nextRequest.file);
        const text = JSON.stringify(request);
        const { format, sessions } = readSessions(text, { name: nextRequest.file });
        assert.equal(format, wire, nextRequest.file);
        assert.equal(sessions.length, 1, nextRequest.file);
        const calls = sessions.flatMap(({ turns }) => turns.flatMap((turn) => turn.calls));
        assert.equal(calls.length, callsIn(text), nextRequest.file);
        assert.ok(
          calls.every(({ name, result }) => name !== "" && result !== undefined),
          nextRequest.file,
        );
        read += calls.length;
      }
      assert.ok(read > 10, `only ${read}`);
    });
  }

  test("nothing in them is said to have been missed: these models had been told to, or needed what they read", () => {
    const missed = wires.flatMap(recordings).flatMap(({ nextRequest }) => {
      if (nextRequest === undefined) return [];
      const { sessions } = readSessions(JSON.stringify(json(nextRequest.file)));
      return analyzeSessions(sessions).missed.map(() => nextRequest.file);
    });
    assert.deepEqual(missed, []);
  });
});

/** Calls in a request, counted without reading it. */
function callsIn(text: string): number {
  let count = 0;
  JSON.parse(text, (key, value: unknown) => {
    if (key === "functionCall" || key === "function_call") count += typeof value === "object" ? 1 : 0;
    if (key === "type" && (value === "tool_use" || value === "function_call" || value === "custom_tool_call"))
      count++;
    if (key === "tool_calls" && Array.isArray(value)) count += value.length;
    return value;
  });
  return count;
}
