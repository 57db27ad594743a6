/** What servers of the Responses API really sent, whole and cut everywhere, and what they really took back. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CallRequest } from "../../../src/core/call-request.ts";
import type { EncodedResult } from "../../../src/core/result.ts";
import { judge } from "../../../src/simulator/openai-responses/referee.ts";
import type {
  ResponsesEvent,
  ResponsesMessage,
  ResponsesResponse,
} from "../../../src/wire/openai-responses/protocol.ts";
import { openaiResponses } from "../../../src/wire/openai-responses/wire.ts";
import type { Turn } from "../../../src/wire/wire.ts";
import { events, json, missingRecordings, recordings, type Recording } from "../../support/recordings.ts";

type Json = Record<string, unknown>;

const all = recordings("openai-responses");
const streams = all.filter(({ kind }) => kind === "sse");

describe("recordings of the Responses API", { skip: missingRecordings }, () => {
  test("there are recordings", () => {
    assert.ok(all.length > 20 && streams.length > 12);
  });

  for (const recording of all) {
    test(`${recording.file} is read to its calls`, () => {
      const turn = read(recording);
      assert.deepEqual(turn.calls.map(comparable), recording.calls.map(expected));
      // One has no last event: its only call is not final (G9).
      const isCut = recording.stop === null;
      assert.equal(turn.stop, isCut ? "truncated" : recording.calls.length > 0 ? "calls" : "end");
      assert.equal(turn.calls.at(-1)?.truncated === true, isCut);
      assertTakenBack(turn);
      assert.ok(turn.usage.outputTokens >= 0 && turn.usage.inputTokens >= turn.usage.cachedInputTokens);
    });
  }

  for (const recording of streams) {
    test(`G9: ${recording.file} cut after any event lets no call out early`, () => {
      const stream = events(recording) as ResponsesEvent[];
      const calls = recording.calls.map(expected);
      for (let cut = 0; cut <= stream.length; cut += 1) {
        const { committed, turn, kept } = assemble(stream.slice(0, cut));
        // What is out is whole, in order, and as final as at the end of the stream.
        assert.deepEqual(committed.map(comparable), calls.slice(0, committed.length));
        assert.deepEqual(turn.calls.slice(0, committed.length), committed);
        assert.ok(turn.calls.slice(committed.length).every(({ truncated }) => truncated === true));
        assert.deepEqual(kept.calls, committed);
        const ended = stream.slice(0, cut).some(({ type }) => type === "response.completed");
        if (ended) assert.equal(committed.length, calls.length);
        else assert.equal(turn.stop, "truncated");
        assertTakenBack(turn);
        assertTakenBack(kept);
      }
    });
  }

  for (const recording of all.filter(({ nextRequest }) => nextRequest !== undefined)) {
    test(`${recording.file} is answered as the accepted request answered it`, () => {
      const turn = read(recording);
      const items = accepted(recording);
      const ids = new Set(recording.calls.map(({ id }) => id));
      const results = items.filter(isOutput).filter(({ call_id: id }) => ids.has(id as string));
      assert.equal(results.length, recording.calls.length);
      const ours = openaiResponses.results(turn, results.map(encoded)) as unknown as Json[];
      assert.deepEqual(ours.map(normalise), results.map(normalise));

      const at = items.findIndex((item) => isCall(item) && ids.has(item["call_id"] as string));
      // Clients that let the server keep the history send the results alone.
      if (at === -1) return;
      const calls = turn.messages.filter(isCall as never) as unknown as Json[];
      const sent = items.filter((item) => isCall(item) && ids.has(item["call_id"] as string));
      assert.deepEqual(calls.map(normalise), sent.map(normalise));
      // What led to the calls goes back as it came, wherever the client sent it back at all.
      const reasoning = items.slice(0, at).filter(({ type }) => type === "reasoning");
      const own = turn.messages.filter(({ type }) => (type as string) === "reasoning") as unknown as Json[];
      for (const item of reasoning.slice(-own.length || reasoning.length)) {
        const same = own.find(({ encrypted_content: content }) => content === item["encrypted_content"]);
        assert.ok(same !== undefined, JSON.stringify(item).slice(0, 200));
      }
    });
  }
});

function read(recording: Recording): Turn<ResponsesMessage> {
  if (recording.kind === "sse") return assemble(events(recording) as ResponsesEvent[]).turn;
  return openaiResponses.read(json(recording.file) as ResponsesResponse);
}

function assemble(stream: readonly ResponsesEvent[]) {
  const assembler = openaiResponses.assemble();
  const committed = stream.flatMap((event) => [...assembler.push(event).committed]);
  return { committed, turn: assembler.finish(), kept: assembler.committed() };
}

function expected({ id, name, input, rawInput }: Recording["calls"][number]) {
  return { id, name, input: input ?? rawInput };
}

function comparable({ id, name, input, inputText }: CallRequest) {
  return {
    id: id ?? null,
    name,
    input: inputText === undefined ? input : (JSON.parse(inputText) as unknown),
  };
}

/** However a stream was cut, what is kept of it is taken back once its calls are answered. Other servers have ids of other forms. */
function assertTakenBack(turn: Turn<ResponsesMessage>): void {
  if (turn.messages.length === 0) return;
  const results = turn.calls.map((): EncodedResult => ({
    isError: false,
    parts: [{ type: "text", text: "done" }],
  }));
  const input = [openaiResponses.user("Go."), ...turn.messages, ...openaiResponses.results(turn, results)];
  const refusal = judge({ model: "gpt-5.5", input });
  const { message } = (refusal?.body["error"] ?? { message: "" }) as { readonly message: string };
  if (/Expected an ID that begins with|Missing required parameter: 'input\[\d+\]\.id'/.test(message)) return;
  assert.equal(message, "");
}

function accepted(recording: Recording): Json[] {
  const { input } = json(recording.nextRequest?.file ?? "") as { readonly input: Json[] };
  return input;
}

function isCall({ type }: Json): boolean {
  return type === "function_call" || type === "custom_tool_call";
}

function isOutput({ type }: Json): boolean {
  return type === "function_call_output" || type === "custom_tool_call_output";
}

function encoded({ output }: Json): EncodedResult {
  return { isError: false, parts: [{ type: "text", text: textOf(output) }] };
}

/** What does not matter to servers: ids and states of items, a list with one text in place of it, spaces in arguments. */
function normalise(item: Json): Json {
  const { type, call_id, name, arguments: args, input, output } = item;
  return {
    type,
    call_id,
    ...(name !== undefined && { name }),
    ...(args !== undefined && { arguments: JSON.parse(args as string) as unknown }),
    ...(input !== undefined && { input }),
    ...(output !== undefined && { output: textOf(output) }),
  };
}

function textOf(output: unknown): string {
  return Array.isArray(output)
    ? output.map(({ text }: { readonly text?: string }) => text ?? "").join("")
    : String(output);
}
