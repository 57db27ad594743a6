import assert from "node:assert/strict";
import { test } from "node:test";
import type { Content } from "@google/genai";
import { TuttiError } from "../../src/core/errors.ts";
import { geminiModel, type GeminiClient, type GeminiModelOptions } from "../../src/model/gemini-model.ts";
import type { ModelResponse } from "../../src/model/model.ts";
import { encodeOutcome } from "../../src/results/encode.ts";
import { image } from "../../src/results/image.ts";
import { twoTools } from "../support/agents.ts";
import { call, chunk, finish } from "../support/gemini-chunks.ts";
import { geminiClient, json, sse } from "../support/gemini-client.ts";
import { ok } from "../support/outcomes.ts";

const messages: Content[] = [{ role: "user", parts: [{ text: "Go." }] }];
const signal = new AbortController().signal;
const tools = twoTools();
const usageMetadata = { promptTokenCount: 7, candidatesTokenCount: 3 };
const get = call("get", { id: "a" }, { id: "call_1", sign: "c2lnbmVk" });
const put = call("put", { id: "b" }, { id: "call_2" });
const said = { text: "Let me look." };
const answers = {
  streamed: sse(chunk(said), chunk(get), chunk(put), { ...finish("STOP", { text: "" }), usageMetadata }),
  whole: json({ ...finish("STOP", said, get, put), usageMetadata }),
};

/** What a response told: the text, and the names of the calls it committed. */
async function read<Message>(response: ModelResponse<Message>) {
  let text = "";
  const calls: string[] = [];
  for await (const progress of response) {
    text += progress.text ?? "";
    calls.push(...progress.committed.map(({ name }) => name));
  }
  return { text, calls, turn: response.turn() };
}

for (const stream of [true, false]) {
  const kind = stream ? "streamed" : "whole";

  test(`a response is progress and then a turn, ${kind}`, async () => {
    const { client, requests } = geminiClient([answers[kind]]);
    const model = geminiModel(client, { model: "m", stream });
    const { text, calls, turn } = await read(model.request({ messages, tools, signal }));
    assert.deepEqual([text, calls], ["Let me look.", ["get", "put"]]);
    assert.deepEqual([turn.text, turn.stop], ["Let me look.", "calls"]);
    assert.deepEqual(turn.usage, { inputTokens: 7, outputTokens: 3, cachedInputTokens: 0 });
    assert.deepEqual(turn.messages, [{ role: "model", parts: [said, get, put] }]);
    assert.match(
      requests[0]?.url ?? "",
      stream ? /\/models\/m:streamGenerateContent\?alt=sse$/ : /\/models\/m:generateContent$/,
    );
  });

  // The client's own message is the body as JSON.
  test(`an error of the provider is one clear line, ${kind}`, async () => {
    const error = {
      code: 429,
      status: "RESOURCE_EXHAUSTED",
      message: "Resource exhausted.\nTry again later.",
    };
    const { client } = geminiClient([json({ error }, 429)]);
    const model = geminiModel(client, { model: "m", stream });
    await assert.rejects(read(model.request({ messages, tools, signal })), (thrown) => {
      assert.ok(thrown instanceof TuttiError);
      assert.equal(thrown.code, "model-failed");
      assert.equal(thrown.message, "429 RESOURCE_EXHAUSTED: Resource exhausted. Try again later.");
      assert.equal((thrown.cause as { status?: unknown }).status, 429);
      return true;
    });
  });

  test(`a turn that the provider threw away is a failure, ${kind}`, async () => {
    const thrownAway = { candidates: [{ finishReason: "MALFORMED_FUNCTION_CALL", index: 0 }] };
    const { client } = geminiClient([stream ? sse(thrownAway) : json(thrownAway)]);
    const model = geminiModel(client, { model: "m", stream });
    await assert.rejects(read(model.request({ messages, tools, signal })), {
      name: "TuttiError",
      code: "model-failed",
      message: "MALFORMED_FUNCTION_CALL",
    });
  });

  test(`an empty answer that looks like success is a failure, ${kind}`, async () => {
    const { client } = geminiClient([stream ? sse(finish("STOP")) : json(finish("STOP"))]);
    const model = geminiModel(client, { model: "m", stream });
    await assert.rejects(read(model.request({ messages, tools, signal })), { code: "model-failed" });
  });
}

test("an error inside a stream is the same clear line", async () => {
  const error = { code: 503, status: "UNAVAILABLE", message: "The model is overloaded." };
  const { client } = geminiClient([sse(chunk(said), { error })]);
  const response = geminiModel(client, { model: "m" }).request({ messages, tools, signal });
  await assert.rejects(read(response), (thrown) => {
    assert.ok(thrown instanceof TuttiError && thrown.code === "model-failed");
    assert.equal(thrown.message, "503 UNAVAILABLE: The model is overloaded.");
    return true;
  });
  assert.equal(response.turn().text, "Let me look.");
});

test("a stream that ends before the turn does has failed, and the turn is as far as it came", async () => {
  const { client } = geminiClient([sse(chunk(said), chunk(get))]);
  const response = geminiModel(client, { model: "m" }).request({ messages, tools, signal });
  await assert.rejects(read(response), {
    code: "model-failed",
    message: "the stream ended before the turn did",
  });
  assert.deepEqual(
    response.turn().calls.map(({ truncated }) => truncated),
    [true],
  );
  assert.deepEqual(response.committed().messages, [{ role: "model", parts: [said] }]);
});

test("nothing is sent before a response is iterated, and what is sent has the signal", async () => {
  const { client, requests } = geminiClient([answers.streamed]);
  const controller = new AbortController();
  const request = { messages, tools, signal: controller.signal };
  const response = geminiModel(client, { model: "m" }).request(request);
  assert.equal(requests.length, 0);
  await read(response);
  assert.equal(requests.length, 1);
  assert.equal(requests[0]?.signal?.aborted, false);
  controller.abort();
  assert.equal(requests[0]?.signal?.aborted, true);
});

test("the system's text, the limit, more fields and the caller's tools go where Google wants them", async () => {
  const params = { temperature: 0, tools: [{ googleSearch: {} }] };
  const body = await bodyOf({ params, maxTokens: 100 }, { system: "Be brief." });
  const { tools: sent, ...rest } = body;
  assert.deepEqual(rest, {
    contents: messages,
    systemInstruction: { role: "user", parts: [{ text: "Be brief." }] },
    generationConfig: { temperature: 0, maxOutputTokens: 100 },
  });
  const [own, ...others] = sent as { readonly functionDeclarations: readonly Record<string, unknown>[] }[];
  assert.deepEqual(
    own?.functionDeclarations.map(({ name }) => name),
    ["get", "put"],
  );
  assert.deepEqual(own?.functionDeclarations[0]?.["parametersJsonSchema"], {
    ...tools[0]?.inputSchema,
    type: "object",
  });
  assert.deepEqual(others, [{ googleSearch: {} }]);
});

test("without tools the request has none, and without a limit none is sent", async () => {
  const body = await bodyOf({ stream: false }, { tools: [] });
  assert.deepEqual(body["contents"], messages);
  assert.deepEqual([body["tools"], body["systemInstruction"]], [undefined, undefined]);
  assert.deepEqual(body["generationConfig"] ?? {}, {});
});

test("what a part has that Tutti does not know goes back through the client", async () => {
  const own = { executableCode: { language: "PYTHON", code: "1 + 1" }, thoughtSignature: "b3du" };
  const { client, requests } = geminiClient([json(finish("STOP", own as object, get)), answers.whole]);
  const model = geminiModel(client, { model: "m", stream: false });
  const { turn } = await read(model.request({ messages, tools, signal }));
  const results = model.wire.results(turn, [encodeOutcome(ok("done"))]);
  await read(model.request({ messages: [...messages, ...turn.messages, ...results], tools, signal }));
  assert.deepEqual(requests[1]?.body["contents"], [
    ...messages,
    { role: "model", parts: [own, get] },
    {
      role: "user",
      parts: [{ functionResponse: { id: "call_1", name: "get", response: { output: "done" } } }],
    },
  ]);
});

test("the model's name decides whether images go into results", async () => {
  const png = image(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]));
  const hasImage = async (name: string) => {
    const { client } = geminiClient([json(finish("STOP", get))]);
    const model = geminiModel(client, { model: name, stream: false });
    const { turn } = await read(model.request({ messages, tools, signal }));
    return JSON.stringify(model.wire.results(turn, [encodeOutcome(ok(png))])).includes(png.data);
  };
  assert.equal(await hasImage("gemini-3.6-flash"), true);
  assert.equal(await hasImage("gemini-2.5-flash"), false);
});

test("misuse throws at once, and names the option", () => {
  const { client } = geminiClient([]);
  const make = (options: object) => () =>
    geminiModel(client, { model: "m", ...options } as GeminiModelOptions);
  assert.throws(make({ model: "" }), { name: "TypeError", message: /`model` must be a non-empty string/ });
  assert.throws(make({ maxTokens: 0 }), {
    name: "TypeError",
    message: /`maxTokens` must be a positive integer/,
  });
  assert.throws(make({ temperature: 0 }), { name: "TypeError", message: /has no option `temperature`/ });
  assert.throws(() => geminiModel({} as GeminiClient, { model: "m" }), {
    name: "TypeError",
    message: "`client` must be a client of @google/genai, got an object",
  });
});

/** The body of the one request that a model makes. */
async function bodyOf(options: Partial<GeminiModelOptions>, request: object = {}) {
  const { client, requests } = geminiClient([options.stream === false ? answers.whole : answers.streamed]);
  const model = geminiModel(client, { model: "m", ...options });
  await read(model.request({ messages, tools, signal, ...request }));
  return requests[0]?.body ?? {};
}
