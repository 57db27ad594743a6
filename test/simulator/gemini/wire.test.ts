/** What the simulated Gemini says, whole and in chunks, is what Tutti's own wire and Google's client read. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { GoogleGenAI } from "@google/genai";
import { Hono } from "hono";
import { geminiProtocol } from "../../../src/simulator/gemini/protocol.ts";
import { cutInBlock, limitInBlock, planTurn } from "../../../src/simulator/pacing.ts";
import type { Quirk } from "../../../src/simulator/protocol.ts";
import { parseScenario } from "../../../src/simulator/scenario-file.ts";
import type { GeminiContent } from "../../../src/wire/gemini/protocol.ts";
import { gemini } from "../../../src/wire/gemini/wire.ts";
import { chunksOf, readStream, replyOf, wholeOf, type Speaker } from "../../support/gemini-replies.ts";
import { pathOf, refusalOf, request, user } from "../../support/gemini-request.ts";
import { readSse } from "../../support/sse.ts";

const NAMES = ["get_profile", "get_orders", "get_tickets"];
const { turns } = parseScenario({
  turns: [
    {
      thinking: "All three.",
      text: "Let me look.",
      calls: [
        { name: "get_profile", input: { id: "1234" } },
        { name: "get_orders", pauseMs: 50 },
        { name: "get_tickets", input: { open: true } },
      ],
    },
    { text: "All is well with customer 1234, and nothing is open." },
    { text: "Two.", serverCalls: [{ name: "code", input: { x: 1 }, result: { y: 2 } }] },
  ],
});
const [calls, text, server] = turns.map((turn) => planTurn(turn, 1));
assert.ok(calls && text && server);

const done = { isError: false, parts: [{ type: "text", text: "done" }] } as const;
const MODELS = ["gemini-3.6-flash", "gemini-2.5-flash", "something-else"];
/** Whoever speaks so is read, answered and asked again. */
const QUIRKS: readonly (readonly Quirk[])[] = [
  [],
  ["no-ids"],
  ["same-ids"],
  ["refuses-ids"],
  ["late-signature"],
];

/** The finish reasons of chunks, by their places. */
function reasonsOf(speaker: Speaker, timeline = calls): (string | number | undefined)[] {
  assert.ok(timeline);
  return chunksOf(timeline, speaker).map(({ candidates }) => candidates?.[0]?.finishReason);
}

describe("a turn of three calls", () => {
  for (const model of MODELS) {
    for (const quirks of QUIRKS) {
      test(`is read, answered and gone on with (${[model, ...quirks].join(", ")})`, () => {
        const speaker = { model, quirks };
        const read = {
          whole: gemini.read(wholeOf(calls, speaker)),
          streamed: readStream(calls, speaker).turn,
        };
        assert.deepEqual(read.streamed.messages, read.whole.messages);
        assert.deepEqual(read.streamed.usage, read.whole.usage);
        for (const turn of Object.values(read)) {
          assert.equal(turn.stop, "calls");
          assert.equal(turn.text, "Let me look.");
          assert.deepEqual(
            turn.calls.map(({ name, input }) => [name, input]),
            [
              ["get_profile", { id: "1234" }],
              ["get_orders", {}],
              ["get_tickets", { open: true }],
            ],
          );
          const history: GeminiContent[] = [
            gemini.user("Hi."),
            ...turn.messages,
            ...gemini.results(turn, [done, done, done]),
          ];
          assert.equal(refusalOf(request(history), speaker), undefined);
          const route = { path: pathOf(model), query: new URLSearchParams(), quirks: new Set<Quirk>(quirks) };
          const prompt = geminiProtocol.read(request(history), route);
          assert.deepEqual([prompt.model, prompt.turn, prompt.stream], [model, 1, false]);
          assert.deepEqual(
            prompt.made.map(({ name }) => name),
            NAMES,
          );
          const next = gemini.read(wholeOf(text, { ...speaker, turn: 1 }));
          const said = [...history, ...next.messages, gemini.user("Thanks.")];
          assert.equal(refusalOf(request(said), speaker), undefined);
        }
      });
    }
  }

  test("has ids and a signature on its first call, since Gemini 3", () => {
    const partsOf = (speaker: Speaker) =>
      (wholeOf(calls, speaker).candidates?.[0]?.content?.parts ?? []).filter((part) => part.functionCall);
    const seen = (speaker: Speaker) =>
      partsOf(speaker).map((part) => [
        part.functionCall?.id !== undefined,
        part.thoughtSignature !== undefined,
      ]);
    const signedFirst = [
      [true, true],
      [true, false],
      [true, false],
    ];
    assert.deepEqual(seen({}), signedFirst);
    assert.deepEqual(seen({ model: "something-else" }), signedFirst);
    assert.ok(seen({ model: "gemini-2.5-flash" }).every(([hasId, isSigned]) => !hasId && !isSigned));
    assert.deepEqual(
      seen({ quirks: ["refuses-ids"] }).map(([hasId]) => hasId),
      [false, false, false],
    );
    const ids = new Set(partsOf({ quirks: ["same-ids"] }).map((part) => part.functionCall?.id));
    assert.equal(ids.size, 1);
  });

  test("is refused without its signature, and with one that was altered", () => {
    const turn = gemini.read(wholeOf(calls));
    const history = [gemini.user("Hi."), ...turn.messages, ...gemini.results(turn, [done, done, done])];
    const replace = (change: (signature: string) => string) =>
      JSON.parse(
        JSON.stringify(history).replace(/"thoughtSignature":"([^"]*)"/, (_, signature: string) =>
          JSON.stringify({ thoughtSignature: change(signature) }).slice(1, -1),
        ),
      ) as unknown;
    assert.equal(refusalOf(request(replace((signature) => signature))), undefined);
    assert.match(refusalOf(request(replace(() => ""))) ?? "", /missing a thought_signature/);
    const altered = replace((signature) => signature.replace(/.(?===$)/, "-"));
    assert.equal(refusalOf(request(altered)), "Corrupted thought signature.");
  });

  test("case 47: comes twice through a proxy, and is read once", () => {
    const speaker: Speaker = { quirks: ["repeated-calls"] };
    assert.equal(wholeOf(calls, speaker).candidates?.[0]?.content?.parts?.filter(isCall).length, 6);
    for (const turn of [gemini.read(wholeOf(calls, speaker)), readStream(calls, speaker).turn]) {
      assert.deepEqual(
        turn.calls.map(({ name }) => name),
        NAMES,
      );
    }
  });
});

describe("the chunks of a turn", () => {
  test("hold one call each, whole, and the reason to stop comes last", () => {
    const perChunk = chunksOf(calls).map(({ candidates }) =>
      (candidates?.[0]?.content?.parts ?? []).filter(isCall).map(({ functionCall }) => functionCall?.name),
    );
    assert.deepEqual(
      perChunk.filter((names) => names.length > 0),
      NAMES.map((name) => [name]),
    );
    const reasons = reasonsOf({});
    assert.equal(reasons.pop(), "STOP");
    assert.ok(reasons.every((reason) => reason === undefined));
  });

  test("add up in their usage", () => {
    const { promptTokenCount, candidatesTokenCount, totalTokenCount } = (chunksOf(calls).at(-1)
      ?.usageMetadata ?? {}) as Record<string, number>;
    assert.deepEqual([promptTokenCount, candidatesTokenCount, totalTokenCount], [100, 50, 150]);
    assert.deepEqual(wholeOf(calls).usageMetadata, chunksOf(calls).at(-1)?.usageMetadata);
  });

  test("are framed with CRLF and read again as they were", () => {
    const chunks = chunksOf(calls);
    const bytes = new TextEncoder().encode(chunks.map(geminiFrame).join(""));
    assert.ok(chunks.every((chunk) => geminiFrame(chunk).endsWith("\r\n\r\n")));
    const read = [...readSse(Array.from(bytes, (byte) => Uint8Array.of(byte)))];
    assert.deepEqual(
      read.map((data) => JSON.parse(data) as unknown),
      chunks,
    );
  });

  test("G9: a call that the stream or the token limit cuts off never comes", () => {
    const broken = readStream(cutInBlock(calls, 4));
    assert.deepEqual(
      broken.commits.map(([name]) => name),
      ["get_profile"],
    );
    assert.equal(broken.turn.stop, "truncated");
    const limited = limitInBlock(calls, 3);
    for (const turn of [gemini.read(wholeOf(limited)), readStream(limited).turn]) {
      assert.equal(turn.stop, "truncated");
      assert.deepEqual(
        turn.calls.map(({ name, truncated }) => [name, truncated]),
        [["get_profile", true]],
      );
    }
    assert.equal(reasonsOf({}, limited).at(-1), "MAX_TOKENS");
    assert.equal(reasonsOf({ quirks: ["hidden-truncation"] }, limited).at(-1), "STOP");
  });
});

describe("a turn that is none", () => {
  for (const [quirk, says] of [
    ["malformed-call", /MALFORMED_FUNCTION_CALL/],
    ["too-many-calls", /TOO_MANY_TOOL_CALLS/],
    ["empty-stop", /said nothing, and stopped with STOP/],
  ] as const) {
    test(`says so, or looks like a success (G11, G12; ${quirk})`, () => {
      const speaker: Speaker = { quirks: [quirk] };
      assert.throws(() => gemini.read(wholeOf(calls, speaker)), says);
      const assembler = gemini.assemble();
      assert.throws(() => {
        for (const chunk of chunksOf(calls, speaker)) assembler.push(chunk);
        assert.equal(assembler.ended, false);
        gemini.read(chunksOf(calls, speaker).at(-1) ?? {});
      }, says);
      assert.equal(gemini.read(wholeOf(text, speaker)).stop, "end", "a turn without calls is as it was");
    });
  }
});

test("a late signature stays on its empty text (G9)", () => {
  const speaker: Speaker = { quirks: ["late-signature"] };
  const { messages, text: said } = readStream(text, speaker).turn;
  assert.deepEqual(messages, gemini.read(wholeOf(text, speaker)).messages);
  assert.equal(said, "All is well with customer 1234, and nothing is open.");
  const last = messages[0]?.parts.at(-1) as { readonly text?: string; readonly thoughtSignature?: string };
  assert.equal(last.text, "");
  assert.ok(last.thoughtSignature);
  assert.equal(refusalOf(request([user("Hi."), ...messages, user("Thanks.")])), undefined);
});

test("the provider's own tools are no calls, and their parts go back", () => {
  for (const turn of [gemini.read(wholeOf(server)), readStream(server).turn]) {
    assert.deepEqual([turn.calls, turn.text, turn.stop], [[], "Two.", "end"]);
    assert.match(JSON.stringify(turn.messages), /Two\..*executableCode.*codeExecutionResult/);
    assert.equal(refusalOf(request([user("Hi."), ...turn.messages, user("Thanks.")])), undefined);
  }
});

test("thoughts are asked for, once a turn", () => {
  const route = { path: pathOf("gemini-3.6-flash"), query: new URLSearchParams(), quirks: new Set<Quirk>() };
  const thinking = { generationConfig: { thinkingConfig: { includeThoughts: true } } };
  const turn = gemini.read(wholeOf(calls));
  const later = [gemini.user("Hi."), ...turn.messages, ...gemini.results(turn, [done, done, done])];
  assert.equal(geminiProtocol.read(request([user("Hi.")], thinking), route).thinkFirst, true);
  assert.equal(geminiProtocol.read(request(later, thinking), route).thinkFirst, false);
  assert.equal(geminiProtocol.read(request([user("Hi.")]), route).thinkFirst, false);
});

for (const [service, vertexai] of [
  ["Google AI", false],
  ["Vertex", true],
] as const) {
  test(`Google's client for ${service} finds its routes, is let in, and reads both kinds of answer`, async () => {
    const app = new Hono();
    const asked: string[] = [];
    for (const path of geminiProtocol.paths) {
      app.post(path, async ({ req }) => {
        assert.equal(geminiProtocol.authenticate(req.raw.headers), undefined);
        const route = { path: req.path, query: new URL(req.url).searchParams, quirks: new Set<Quirk>() };
        const body: unknown = await req.json();
        assert.equal(geminiProtocol.judge(body, route), undefined);
        const { model, stream } = geminiProtocol.read(body, route);
        asked.push(`${model}, ${stream ? "streamed" : "whole"}`);
        const reply = replyOf(calls, { model });
        return stream
          ? new Response(
              geminiProtocol
                .stream(reply)
                .map(({ event }) => geminiProtocol.frame(event))
                .join(""),
            )
          : Response.json(geminiProtocol.message(reply));
      });
    }
    const fetch = async (url: unknown, init?: RequestInit) => app.request(String(url), init);
    const { models } = new GoogleGenAI({
      apiKey: "x",
      vertexai,
      httpOptions: { baseUrl: "http://127.0.0.1", fetch, retryOptions: { attempts: 1 } },
    });
    const params = { model: "gemini-3.6-flash", contents: "Hi." };
    const whole = await models.generateContent(params);
    assert.deepEqual(
      whole.functionCalls?.map(({ name }) => name),
      NAMES,
    );
    const streamed: (string | undefined)[] = [];
    for await (const chunk of await models.generateContentStream(params)) {
      streamed.push(...(chunk.functionCalls ?? []).map(({ name }) => name));
    }
    assert.deepEqual(streamed, NAMES);
    assert.deepEqual(asked, ["gemini-3.6-flash, whole", "gemini-3.6-flash, streamed"]);
  });
}

function isCall(part: object): boolean {
  return "functionCall" in part;
}

function geminiFrame(chunk: object): string {
  return geminiProtocol.frame(chunk as Record<string, unknown>);
}
