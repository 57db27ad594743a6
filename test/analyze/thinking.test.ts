/** What a model thought is read in every format that records it, and a call that it reasons for is not missed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { analyzeSessions } from "../../src/analyze/analysis.ts";
import { readSessions } from "../../src/analyze/read-sessions.ts";

const PROMPT = "Weather in Lund and Visby";
const THOUGHT = "Since Lund has only 5 degrees, I want Visby, too.";
const lines = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join("\n");

/** A history whose second turn thinks something. */
const formats: Readonly<Record<string, (thought: string) => string>> = {
  "anthropic-messages": (thought) => {
    const use = (id: string, city: string) => ({
      type: "tool_use",
      id,
      name: "get_weather",
      input: { city },
    });
    const result = (id: string) => ({
      role: "user",
      content: [{ type: "tool_result", tool_use_id: id, content: "5" }],
    });
    const thinking = { type: "thinking", thinking: thought, signature: "x" };
    return JSON.stringify([
      { role: "user", content: PROMPT },
      { role: "assistant", content: [use("a", "Lund")] },
      result("a"),
      { role: "assistant", content: [thinking, use("b", "Visby")] },
      result("b"),
    ]);
  },
  "openai-chat": (thought) => {
    const call = (id: string, city: string) => ({
      role: "assistant",
      content: "",
      tool_calls: [
        { id, type: "function", function: { name: "get_weather", arguments: JSON.stringify({ city }) } },
      ],
    });
    return JSON.stringify([
      { role: "user", content: PROMPT },
      call("a", "Lund"),
      { role: "tool", tool_call_id: "a", content: "5" },
      { ...call("b", "Visby"), reasoning_content: thought },
      { role: "tool", tool_call_id: "b", content: "6" },
    ]);
  },
  "openai-responses": (thought) => {
    const call = (id: string, city: string) => ({
      type: "function_call",
      call_id: id,
      name: "get_weather",
      arguments: JSON.stringify({ city }),
    });
    return JSON.stringify([
      { role: "user", content: PROMPT },
      call("a", "Lund"),
      { type: "function_call_output", call_id: "a", output: "5" },
      { type: "reasoning", id: "r", summary: [{ type: "summary_text", text: thought }] },
      call("b", "Visby"),
      { type: "function_call_output", call_id: "b", output: "6" },
    ]);
  },
  gemini: (thought) => {
    const call = (city: string) => ({ functionCall: { name: "get_weather", args: { city } } });
    const response = (output: string) => ({
      role: "user",
      parts: [{ functionResponse: { name: "get_weather", response: { output } } }],
    });
    return JSON.stringify([
      { role: "user", parts: [{ text: PROMPT }] },
      { role: "model", parts: [call("Lund")] },
      response("5"),
      { role: "model", parts: [{ text: thought, thought: true }, call("Visby")] },
      response("6"),
    ]);
  },
  "claude-code": (thought) => {
    const of = (type: string, content: unknown, id = "") => ({
      sessionId: "11111111",
      uuid: `u${id}`,
      type,
      message: { role: type, content, ...(id !== "" && { id }) },
    });
    const use = (id: string, city: string) => ({
      type: "tool_use",
      id,
      name: "get_weather",
      input: { city },
    });
    const result = (id: string) => of("user", [{ type: "tool_result", tool_use_id: id, content: "5" }]);
    return lines([
      of("user", PROMPT),
      of("assistant", [use("a", "Lund")], "m1"),
      result("a"),
      of("assistant", [{ type: "thinking", thinking: thought }], "m2"),
      of("assistant", [use("b", "Visby")], "m2"),
      result("b"),
    ]);
  },
  codex: (thought) => {
    const item = (payload: object) => ({ type: "response_item", payload });
    const call = (id: string, city: string) =>
      item({
        type: "function_call",
        call_id: id,
        name: "get_weather",
        arguments: JSON.stringify({ city }),
      });
    return lines([
      item({ type: "message", role: "user", content: [{ type: "input_text", text: PROMPT }] }),
      call("a", "Lund"),
      item({ type: "function_call_output", call_id: "a", output: "5" }),
      item({ type: "reasoning", summary: [{ type: "summary_text", text: thought }] }),
      call("b", "Visby"),
      item({ type: "function_call_output", call_id: "b", output: "6" }),
    ]);
  },
  "otel-spans": (thought) => {
    const span = (start: number, attributes: object) => ({
      traceId: "t",
      spanId: `s${start}`,
      startTimeUnixNano: `${1_700_000_000 + start}000000000`,
      endTimeUnixNano: `${1_700_000_001 + start}000000000`,
      attributes,
    });
    const said = JSON.stringify([{ role: "user", parts: [{ type: "text", content: PROMPT }] }]);
    const chat = (start: number, content: string) =>
      span(start, {
        "gen_ai.operation.name": "chat",
        "gen_ai.input.messages": said,
        "gen_ai.output.messages": JSON.stringify([
          { role: "assistant", parts: [{ type: "reasoning", content }] },
        ]),
      });
    const call = (start: number, city: string) =>
      span(start, {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "get_weather",
        "gen_ai.tool.call.arguments": JSON.stringify({ city }),
        "gen_ai.tool.call.result": "5",
      });
    return lines([chat(0, ""), call(2, "Lund"), chat(4, thought), call(6, "Visby")]);
  },
};

for (const [format, write] of Object.entries(formats)) {
  test(`a thought that reasons is one of a call's reasons (${format})`, () => {
    const idle = readSessions(write("Visby next."));
    assert.equal(idle.format, format);
    assert.equal(idle.sessions[0]?.turns[1]?.thinking, "Visby next.");
    assert.deepEqual(
      analyzeSessions(idle.sessions).missed.map(({ certainty }) => certainty),
      ["certain"],
    );
    assert.deepEqual(analyzeSessions(readSessions(write(THOUGHT)).sessions).missed, []);
  });
}
