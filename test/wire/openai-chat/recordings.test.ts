/** What servers of Chat Completions really sent, whole and cut everywhere, and what they really took back. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CallRequest } from "../../../src/core/call-request.ts";
import type { EncodedResult } from "../../../src/core/result.ts";
import type { ChatChunk, ChatMessage, ChatResponse } from "../../../src/wire/openai-chat/protocol.ts";
import { chatServer } from "../../../src/wire/openai-chat/servers.ts";
import { openaiChat, openaiChatWire } from "../../../src/wire/openai-chat/wire.ts";
import type { Turn } from "../../../src/wire/wire.ts";
import { events, json, missingRecordings, recordings, type Recording } from "../../support/recordings.ts";

type Json = Record<string, unknown>;

/** Its client lost the first fragment of the reasoning. */
const LOST = "openai-chat/openrouter-glm-5-turbo-multi-tool-streaming.sse";
const REASONING = ["reasoning_content", "reasoning", "reasoning_details"];

const all = recordings("openai-chat");
const streams = all.filter(({ kind }) => kind === "sse");

describe("recordings of Chat Completions", { skip: missingRecordings }, () => {
  test("there are recordings", () => {
    assert.ok(all.length > 30 && streams.length > 20);
  });

  for (const recording of all) {
    test(`${recording.file} is read to its calls`, () => {
      const turn = read(recording);
      assert.deepEqual(turn.calls.map(parsed), recording.calls.map(expected));
      assert.equal(turn.stop, isCut(recording) ? "truncated" : "calls");
      assert.equal(turn.calls.at(-1)?.truncated === true, isCut(recording) && recording.calls.length > 0);
      assertTakenBack(turn);
      assert.ok(turn.usage.outputTokens >= 0 && turn.usage.inputTokens >= turn.usage.cachedInputTokens);
    });
  }

  for (const recording of streams) {
    test(`G9: ${recording.file} cut after any event lets no call out early`, () => {
      const stream = events(recording) as ChatChunk[];
      const calls = recording.calls.map(expected);
      for (let cut = 0; cut <= stream.length; cut += 1) {
        const { committed, turn, kept } = assemble(stream.slice(0, cut));
        // What is out is whole, in order, and as final as at the end of the stream.
        assert.deepEqual(committed.map(parsed), calls.slice(0, committed.length));
        assert.deepEqual(turn.calls.slice(0, committed.length), committed);
        assert.ok(turn.calls.slice(committed.length).every(({ truncated }) => truncated === true));
        assert.deepEqual(kept.calls, committed);

        const ended = stream.slice(0, cut).some(isEnd);
        if (!ended) assert.equal(turn.stop, "truncated");
        else if (!isCut(recording)) assert.equal(committed.length, calls.length);
        assertTakenBack(turn);
        assertTakenBack(kept);
      }
    });
  }

  for (const recording of all.filter(({ nextRequest }) => nextRequest !== undefined)) {
    test(`${recording.file} is answered as the accepted request answered it`, () => {
      const server = serverOf(recording);
      const wire = openaiChatWire(server);
      const turn = read(recording, wire);
      const { assistant, results } = accepted(recording);
      assert.deepEqual(turn.messages.map(normalise), [normalise(assistant)]);
      const ours = wire.results(turn, results.map(encoded));
      assert.deepEqual(ours.map(normalise), results.map(normalise));

      const [said] = turn.messages as readonly object[] as readonly Json[];
      const kept = REASONING.filter((field) => field in assistant);
      // Some clients sent it in other fields than it had come in, or in more.
      if (kept.length > 0) assert.ok(REASONING.some((field) => said !== undefined && field in said));
      for (const field of server.reasoning) {
        const sent = said?.[field];
        if (sent === undefined || assistant[field] === undefined || recording.file === LOST) continue;
        assert.deepEqual(sent, assistant[field]);
      }
    });
  }
});

function serverOf(recording: Recording) {
  const { provider } = recording as Recording & { readonly provider: string };
  const [name = ""] = provider.toLowerCase().split(" ");
  return chatServer(name.includes(".") ? `https://${name}/v1` : name);
}

function read(recording: Recording, wire = openaiChat): Turn<ChatMessage> {
  if (recording.kind === "sse") return assemble(events(recording) as ChatChunk[], wire).turn;
  return wire.read(json(recording.file) as ChatResponse);
}

function assemble(stream: readonly ChatChunk[], wire = openaiChat) {
  const assembler = wire.assemble();
  const committed = stream.flatMap((event) => [...assembler.push(event).committed]);
  return { committed, turn: assembler.finish(), kept: assembler.committed() };
}

/** Whether the token limit cut the answer, or a stream has no finish reason. */
function isCut({ stop, kind }: Recording): boolean {
  return stop === "length" || (kind === "sse" && stop === null);
}

function isEnd({ choices }: ChatChunk): boolean {
  return choices?.some(({ index, finish_reason }) => index === 0 && (finish_reason ?? "") !== "") ?? false;
}

/** Groq writes `null` where a tool takes nothing. */
function expected({ id, name, input, rawInput }: Recording["calls"][number]) {
  return { id, name, input: rawInput === "null" ? {} : (input ?? rawInput) };
}

function parsed({ id, name, input, inputText }: CallRequest) {
  return { id: id ?? null, name, input: inputText === undefined ? input : parse(inputText) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** What servers refuse in an assistant's message must not be there, however the stream was cut. */
function assertTakenBack({ messages, calls }: Turn<ChatMessage>): void {
  const ids: string[] = [];
  for (const message of messages) {
    assert.ok(message.role === "assistant");
    if (message.content === null) assert.ok((message.tool_calls ?? []).length > 0);
    for (const call of message.tool_calls ?? []) {
      ids.push(call.id);
      assert.ok(call.type === "function" && call.id !== "" && call.function.name !== "");
      assert.equal(Object.prototype.toString.call(JSON.parse(call.function.arguments)), "[object Object]");
    }
  }
  assert.equal(new Set(ids).size, calls.length);
}

/** The assistant's message with the calls, and the results behind it. */
function accepted(recording: Recording): { readonly assistant: Json; readonly results: readonly Json[] } {
  const { messages } = json(recording.nextRequest?.file ?? "") as { readonly messages: readonly Json[] };
  const id = recording.calls[0]?.id;
  const at = messages.findIndex(({ tool_calls: calls }) =>
    ((calls ?? []) as readonly Json[]).some((call) => call["id"] === id),
  );
  const results = messages.slice(at + 1, at + 1 + recording.calls.length);
  return { assistant: messages[at] ?? {}, results };
}

function encoded(result: Json): EncodedResult {
  return { isError: false, parts: [{ type: "text", text: normalise(result)["content"] as string }] };
}

/**
 * What does not matter to servers: content that is empty, `null` or absent; a string in place of one text part; spaces in
 * arguments, and `null` where there are none; an index of a call; the tool's name in its result. Reasoning is looked at
 * apart: servers take it in several fields.
 */
function normalise(message: object): Json {
  const { content, tool_calls: calls, name: _, ...rest } = message as Json;
  for (const field of REASONING) delete rest[field];
  const parts = Array.isArray(content) ? (content as { text: string }[]) : [];
  return {
    ...rest,
    content: Array.isArray(content) ? parts.map(({ text }) => text).join("") : (content ?? ""),
    ...(calls !== undefined && { tool_calls: (calls as Json[]).map(normaliseCall) }),
  };
}

function normaliseCall({ function: called, ...call }: Json): Json {
  delete call["index"];
  const { name, arguments: args } = called as { readonly name: string; readonly arguments: string };
  return { ...call, function: { name, arguments: (JSON.parse(args) as unknown) ?? {} } };
}
