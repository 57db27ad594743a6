/** Logs as they are found: unfinished, cleared, in pieces, of older clients, with content taken out. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { analyzeSessions } from "../../src/analyze/analysis.ts";
import { readSessions } from "../../src/analyze/read-sessions.ts";

const PROMPT = { role: "user", content: "Weather in Lund, Visby and Kiruna" };
const CITIES = ["Lund", "Visby", "Kiruna"];
const lines = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join("\n");
const use = (city: string) => ({
  role: "assistant",
  content: [{ type: "tool_use", id: city, name: "get_weather", input: { city } }],
});
const result = (city: string, content: string) => ({
  role: "user",
  content: [{ type: "tool_result", tool_use_id: city, content }],
});

function results(text: string) {
  return readSessions(text).sessions.map(({ turns }) =>
    turns.flatMap(({ calls }) => calls.map((call) => (call.isError ? "failed" : call.result))),
  );
}

function missed(text: string): number[][] {
  return analyzeSessions(readSessions(text).sessions).missed.map(({ turns }) =>
    turns.map(({ turn }) => turn),
  );
}

describe("results", () => {
  test("a call that was never answered has none, and has not failed", () => {
    const last = [{ role: "user", content: "Go on" }, use("Kiruna")];
    const history = [PROMPT, use("Lund"), result("Lund", "5"), use("Visby"), ...last];
    assert.deepEqual(results(JSON.stringify(history)), [["5", undefined, undefined]]);
    assert.equal(analyzeSessions(readSessions(JSON.stringify(history)).sessions).unknownCalls, 2);
  });

  test("one that a later request has cleared is as it was read", () => {
    const clear = [PROMPT, use("Lund"), result("Lund", "[cleared]"), use("Visby"), result("Visby", "6")];
    const log = lines([{ messages: [PROMPT, use("Lund"), result("Lund", "5")] }, { messages: clear }]);
    assert.deepEqual(results(log), [["5", "6"]]);
  });

  test("one that is cleared everywhere ends a chain", () => {
    const read = CITIES.flatMap((city) => [use(city), result(city, "[Old tool result content cleared]")]);
    assert.deepEqual(missed(JSON.stringify([PROMPT, ...read])), []);
  });

  test("what a trace has removed or hashed is not known", () => {
    const span = (start: number, attributes: object) => ({
      traceId: "t",
      spanId: `s${start}`,
      startTimeUnixNano: `${1_700_000_000 + start}000000000`,
      endTimeUnixNano: `${1_700_000_001 + start}000000000`,
      attributes,
    });
    const call = (start: number, content: string) =>
      span(start, {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "get_weather",
        "gen_ai.tool.call.arguments": content,
        "gen_ai.tool.call.result": content,
      });
    const chat = (start: number) => span(start, { "gen_ai.operation.name": "chat" });
    for (const content of ["[removed]", "[sha256 0123456789abcdef]"]) {
      const { sessions } = readSessions(lines([chat(0), call(2, content), chat(4), call(6, content)]));
      const { duplicates, missed: chains, unknownCalls } = analyzeSessions(sessions);
      assert.deepEqual([duplicates, chains, unknownCalls], [[], [], 2]);
    }
  });
});

describe("what people said", () => {
  test("is heard again when it is the same again (spans)", () => {
    const said = (times: number) =>
      JSON.stringify(Array.from({ length: times }, () => ({ role: "user", parts: [{ content: "go on" }] })));
    const chat = (start: number, times: number) => ({
      traceId: "t",
      spanId: `s${start}`,
      startTimeUnixNano: `${1_700_000_000 + start}000000000`,
      attributes: { "gen_ai.operation.name": "chat", "gen_ai.input.messages": said(times) },
    });
    const { sessions } = readSessions(lines([chat(0, 1), chat(2, 1), chat(4, 2)]));
    assert.deepEqual(
      sessions[0]?.turns.map((turn) => turn.said.length),
      [1, 0, 1],
    );
  });

  test("is heard when it was typed while the model was at work (Claude Code)", () => {
    const record = { sessionId: "11111111", uuid: "u" };
    const log = lines([
      { ...record, type: "user", message: PROMPT },
      { ...record, type: "assistant", message: { id: "m1", ...use("Lund") } },
      { ...record, type: "user", message: result("Lund", "5") },
      { ...record, type: "attachment", attachment: { type: "queued_command", prompt: "Visby, too" } },
      { ...record, type: "assistant", message: { id: "m2", ...use("Visby") } },
      { ...record, type: "user", message: result("Visby", "6") },
    ]);
    const [session] = readSessions(log).sessions;
    assert.deepEqual(session?.turns[1]?.said, [{ by: "user", text: "Visby, too" }]);
    assert.deepEqual(missed(log), []);
  });
});

describe("shapes", () => {
  test("requests that go on from a response by its id are one session", () => {
    const log = CITIES.map((city, i) => ({
      request: {
        ...(i > 0 && { previous_response_id: `r${i - 1}` }),
        input:
          i === 0 ? [PROMPT] : [{ type: "function_call_output", call_id: `c${i - 1}`, output: `${i + 4}` }],
      },
      response: {
        id: `r${i}`,
        output: [
          {
            type: "function_call",
            call_id: `c${i}`,
            name: "get_weather",
            arguments: JSON.stringify({ city }),
          },
        ],
        usage: { input_tokens: 100 + i, output_tokens: 5, total_tokens: 105 + i },
      },
    }));
    assert.deepEqual(results(lines(log)), [["5", "6", undefined]]);
    assert.deepEqual(missed(lines(log)), [[1, 2, 3]]);
    assert.deepEqual(
      readSessions(lines(log)).sessions[0]?.turns.map(({ inputTokens }) => inputTokens),
      [100, 101, 102],
    );
  });

  test("calls of older clients, which have no ids", () => {
    const calls = CITIES.flatMap((city, i) => [
      {
        role: "assistant",
        content: null,
        function_call: { name: "get_weather", arguments: JSON.stringify({ city }) },
      },
      { role: "function", name: "get_weather", content: `${i + 5}` },
    ]);
    assert.deepEqual(results(JSON.stringify([PROMPT, ...calls])), [["5", "6", "7"]]);
  });

  test("lines that are no part of the history are left out by their numbers", () => {
    const history = [PROMPT, use("Lund"), result("Lund", "5"), use("Visby"), result("Visby", "6")];
    const { notes, sessions } = readSessions(lines([{ id: "x", at: 1 }, ...history]));
    assert.deepEqual(notes, ["lines that are no part of a history were left out: 1"]);
    assert.equal(sessions[0]?.turns.length, 2);
  });

  test("a last line that is a log's is not cut off, and of many lines some are named", () => {
    const history = [PROMPT, use("Lund"), result("Lund", "5"), use("Visby"), result("Visby", "6"), use("a")];
    const log = history.map((message) => `${JSON.stringify(message)}\nINFO asked`).join("\n");
    assert.deepEqual(readSessions(log).notes, [
      "lines that are no JSON were left out: 2, 4, 6, 8, 10 and 1 more",
    ]);
  });

  test("a history without a message is said to have none", () => {
    assert.throws(
      () => readSessions('{"messages":[]}', { name: "log" }),
      /^TuttiError: log has no message in it$/,
    );
  });
});
