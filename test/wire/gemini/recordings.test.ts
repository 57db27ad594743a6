/** What Google really sent, whole and cut everywhere, and what it really took back. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { CallRequest } from "../../../src/core/call-request.ts";
import type { EncodedResult } from "../../../src/core/result.ts";
import type { GeminiContent, GeminiResponse } from "../../../src/wire/gemini/protocol.ts";
import { gemini } from "../../../src/wire/gemini/wire.ts";
import type { Turn } from "../../../src/wire/wire.ts";
import { events, json, missingRecordings, recordings, type Recording } from "../../support/recordings.ts";

type Json = Record<string, unknown>;
type Part = Json & { readonly functionCall?: Json; readonly functionResponse?: Json };
interface Normal {
  readonly role: string;
  readonly parts: Part[];
}

/** Its client put the signature of the first call on the second as well. */
const DOUBLED = "gemini/vertex-gemini-2-5-flash-function-calling-2-5-flash-can-handle-t1.json";

const all = recordings("gemini");
const streams = all.filter(({ kind }) => kind !== "json");

describe("recordings of Gemini", { skip: missingRecordings }, () => {
  test("there are recordings", () => {
    assert.ok(all.length > 15 && streams.length > 10);
  });

  for (const recording of all) {
    test(`${recording.file} is read to its calls`, () => {
      const turn = read(recording);
      assert.deepEqual(turn.calls.map(parsed), recording.calls.map(expected));
      assert.equal(turn.stop, isCut(recording) ? "truncated" : "calls");
      assert.ok(turn.calls.every(({ truncated }) => truncated !== true));
      assertTakenBack(turn);
      assert.ok(turn.usage.outputTokens >= 0 && turn.usage.inputTokens >= turn.usage.cachedInputTokens);
    });
  }

  for (const recording of all.filter(({ kind }) => kind === "json")) {
    test(`G8: ${recording.file} goes back as it came`, () => {
      const { candidates } = json(recording.file) as { candidates: { content: { parts: Json[] } }[] };
      const parts = candidates[0]?.content.parts ?? [];
      const [message] = read(recording).messages;
      if (parts.every(({ thought }) => thought === true)) assert.equal(message, undefined);
      else assert.equal(JSON.stringify(message), JSON.stringify({ role: "model", parts }));
    });
  }

  for (const recording of streams) {
    test(`G9: ${recording.file} cut after any chunk lets no call out early`, () => {
      const stream = events(recording) as GeminiResponse[];
      const calls = recording.calls.map(expected);
      for (let cut = 0; cut <= stream.length; cut += 1) {
        const { committed, turn, kept } = assemble(stream.slice(0, cut));
        // What is out is whole, in order, and as final as at the end of the stream.
        assert.deepEqual(committed.map(parsed), calls.slice(0, committed.length));
        assert.deepEqual(turn.calls.slice(0, committed.length), committed);
        assert.ok(turn.calls.slice(committed.length).every(({ truncated }) => truncated === true));
        assert.deepEqual(kept.calls, committed);

        if (cut < stream.length) assert.equal(turn.stop, "truncated");
        else assert.equal(committed.length, calls.length);
        assertTakenBack(turn);
        assertTakenBack(kept);
      }
    });
  }

  for (const recording of all.filter(({ nextRequest }) => nextRequest !== undefined)) {
    test(`${recording.file} is answered as the accepted request answered it`, () => {
      const turn = read(recording);
      const { model, results } = accepted(recording);
      assert.deepEqual(turn.messages.map(normalise), [model]);
      const ours = gemini.results(turn, results.parts.map(encoded));
      assert.deepEqual(ours.map(normalise), [results]);
    });
  }
});

function read(recording: Recording): Turn<GeminiContent> {
  if (recording.kind !== "json") return assemble(events(recording) as GeminiResponse[]).turn;
  return gemini.read(json(recording.file) as GeminiResponse);
}

function assemble(stream: readonly GeminiResponse[]) {
  const assembler = gemini.assemble();
  const committed = stream.flatMap((event) => [...assembler.push(event).committed]);
  return { committed, turn: assembler.finish(), kept: assembler.committed() };
}

function isCut({ stop }: Recording): boolean {
  return stop === "MAX_TOKENS";
}

function expected({ id, name, input }: Recording["calls"][number]) {
  return { id, name, input };
}

function parsed({ id, name, input }: CallRequest) {
  return { id: id ?? null, name, input };
}

/** What Google refuses in a model's content must not be there, however the stream was cut. */
function assertTakenBack({ messages }: Turn<GeminiContent>): void {
  for (const { parts } of messages as unknown as readonly { readonly parts: readonly Json[] }[]) {
    assert.ok(parts.length > 0);
    for (const part of parts) {
      if ("text" in part) assert.ok(part["text"] !== "" || "thoughtSignature" in part);
      const { name, args = {}, ...call } = (part["functionCall"] ?? { name: "none" }) as Json;
      assert.ok(name !== "" && !("partialArgs" in call) && !("willContinue" in call));
      assert.equal(Object.prototype.toString.call(args), "[object Object]");
    }
  }
}

/** The content with the calls, and the one behind it. */
function accepted(recording: Recording) {
  const { contents } = json(recording.nextRequest?.file ?? "") as { readonly contents: readonly Json[] };
  const at = contents.findIndex(({ role }) => role === "model");
  const [model, results] = contents.slice(at, at + 2).map(normalise) as [Normal, Normal];
  if (recording.calls.every(({ id }) => id === null)) {
    // Some clients made ids up for calls that have none.
    for (const part of [...model.parts, ...results.parts]) {
      delete part.functionCall?.["id"];
      delete part.functionResponse?.["id"];
    }
  }
  if (recording.file === DOUBLED) delete model.parts[1]?.["thoughtSignature"];
  return { model, results };
}

function encoded({ functionResponse: result }: Part): EncodedResult {
  return { isError: false, parts: [{ type: "text", text: result?.["response"] as string }] };
}

/**
 * What does not matter to Google: how fields are spelt; no arguments, or an empty object of them; in which field of a response the
 * result stands; the alphabet of base64; an empty text beside a call; thoughts that are not signed, of which the clients in
 * question kept none.
 */
function normalise(content: object): Normal {
  const { role, parts } = content as { readonly role: string; readonly parts: readonly Json[] };
  const normal = parts.map((raw): Part => {
    const {
      functionCall: call,
      functionResponse: result,
      thoughtSignature: signature,
      ...part
    } = Object.fromEntries(Object.entries(raw).map(([field, value]) => [camelCase(field), value]));
    return {
      ...part,
      ...(call !== undefined && { functionCall: { args: {}, ...(call as Json) } }),
      ...(result !== undefined && {
        functionResponse: { ...(result as Json), response: textOf((result as { response: Json }).response) },
      }),
      ...(signature !== undefined && {
        thoughtSignature: (signature as string).replaceAll("-", "+").replaceAll("_", "/"),
      }),
    };
  });
  const matters = ({ text, thought, thoughtSignature: signature }: Part) =>
    signature !== undefined || (text !== "" && thought !== true);
  return { role, parts: normal.filter(matters) };
}

function camelCase(field: string): string {
  return field.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function textOf(response: Json): string {
  const value = Object.values(response).at(-1);
  return typeof value === "string" ? value : JSON.stringify(value);
}
