import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { GoogleGenAI, type Content } from "@google/genai";
import { createExecutor } from "../../src/executor/create-executor.ts";
import { answerCalls, gemini, geminiTools, runTurn, type AnsweredTurn } from "../../src/gemini.ts";
import { image } from "../../src/results/image.ts";
import type { ScenarioInput } from "../../src/simulator/scenario-file.ts";
import { deferred } from "../../src/testing/deferred.ts";
import { twoTools, verdicts } from "../support/agents.ts";
import { simulateFor } from "../support/simulators.ts";
import { call, chunk, finish } from "../support/gemini-chunks.ts";
import { geminiClient, json, sse } from "../support/gemini-client.ts";
import { ok } from "../support/outcomes.ts";

const model = "gemini-3.6-flash";
const go: Content = { role: "user", parts: [{ text: "Go." }] };
const get = { name: "get", input: { id: "a" } };
const put = { name: "put", input: { id: "b" } };
const turns: ScenarioInput["turns"] = [
  { text: "Let me look.", calls: [get, put, get] },
  { calls: [get] },
  { text: "All is well." },
];

/** What the results of a history say. */
function resultsIn(contents: readonly Content[]): unknown[] {
  return contents.flatMap(({ parts = [] }) =>
    parts.flatMap(({ functionResponse: result }) => (result === undefined ? [] : [result.response])),
  );
}

async function simulated(context: TestContext) {
  const simulator = await simulateFor(context, turns);
  const httpOptions = { baseUrl: simulator.url, retryOptions: { attempts: 1 } };
  return { simulator, client: new GoogleGenAI({ apiKey: "x", vertexai: false, httpOptions }) };
}

for (const method of ["generateContent", "generateContentStream"] as const) {
  test(`a loop of one's own runs its calls with five lines around ${method}`, async (context) => {
    const { client, simulator } = await simulated(context);
    const executor = createExecutor({ tools: twoTools() });
    const contents: Content[] = [go];

    const config = { tools: geminiTools(executor) };
    let turn: AnsweredTurn<Content>;
    do {
      const response = await client.models[method]({ model, contents, config });
      turn = await runTurn(executor, response, { model });
      contents.push(...turn.messages);
    } while (!turn.done);

    assert.equal(turn.text, "All is well.");
    assert.deepEqual(
      resultsIn(contents),
      ["get a", "put b", "get a", "get a"].map((output) => ({ output })),
    );
    assert.deepEqual(verdicts(simulator), {
      kinds: ["0 answered", "1 answered", "2 answered"],
      complaints: [],
    });
  });
}

test("who runs the calls alone answers them with answerCalls", async (context) => {
  const { client } = await simulated(context);
  const executor = createExecutor({ tools: twoTools() });
  const config = { tools: geminiTools(executor) };
  const turn = gemini.read(await client.models.generateContent({ model, contents: [go], config }));
  const outcomes = await executor.run(turn.calls);
  const contents: Content[] = [go, ...turn.messages, ...answerCalls(turn, outcomes)];
  assert.deepEqual(
    resultsIn(contents),
    ["get a", "put b", "get a"].map((output) => ({ output })),
  );
});

test("who runs the calls alone says the model, if it is one that takes no images in results", async () => {
  const { client } = geminiClient([json(finish("STOP", call("get", get.input)))]);
  const turn = gemini.read(await client.models.generateContent({ model, contents: [go] }));
  const png = image(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]));
  const fields = (options?: { readonly model: string }) =>
    answerCalls(turn, [ok(png)], options).flatMap(({ parts }) =>
      parts.flatMap((part) => ("functionResponse" in part ? Object.keys(part.functionResponse) : [])),
    );
  assert.deepEqual(fields(), ["name", "response", "parts"]);
  assert.deepEqual(fields({ model: "gemini-2.5-pro" }), ["name", "response"]);
});

test("a stream that breaks off rejects, and has run nothing that writes", async () => {
  const { client } = geminiClient([sse(chunk(call("put", put.input)), chunk(call("get", get.input)))]);
  const executor = createExecutor({ tools: twoTools(undefined, () => assert.fail("ran")) });
  const stream = await client.models.generateContentStream({ model, contents: [go] });
  await assert.rejects(runTurn(executor, stream), { code: "model-failed" });
  assert.deepEqual(executor.stats, { running: 0, abandoned: 0, batches: 0, pools: {} });
});

test("case 55: a turn that was cut off has its last call answered and not run, and is not done", async () => {
  const { client } = geminiClient([
    json(finish("MAX_TOKENS", call("get", get.input), call("put", put.input))),
  ]);
  const executor = createExecutor({ tools: twoTools(undefined, () => assert.fail("ran")) });
  const turn = await runTurn(executor, await client.models.generateContent({ model, contents: [go] }));
  assert.deepEqual([turn.done, turn.stop], [false, "truncated"]);
  assert.deepEqual(
    turn.outcomes.map(({ error, status }) => error?.code ?? status),
    ["ok", "truncated"],
  );
  assert.deepEqual(
    turn.messages.map(({ role, parts }) => [role, parts?.length]),
    [
      ["model", 2],
      ["user", 2],
    ],
  );
});

test("a refused turn is done, and leaves nothing for the history", async () => {
  const blocked = { promptFeedback: { blockReason: "SAFETY" } };
  const { client } = geminiClient([json(blocked)]);
  const executor = createExecutor({ tools: twoTools() });
  const turn = await runTurn(executor, await client.models.generateContent({ model, contents: [go] }));
  assert.deepEqual([turn.done, turn.stop, turn.messages], [true, "refused", []]);
});

test("a call that reads runs while the stream goes on", async () => {
  const started = deferred();
  const executor = createExecutor({ tools: twoTools(() => started.resolve()) });
  const turn = await runTurn(
    executor,
    (async function* () {
      yield chunk(call("get", get.input));
      yield chunk(call("put", put.input));
      await started.promise;
      yield finish("STOP");
    })() as AsyncGenerator<never>,
  );
  assert.equal(turn.outcomes.length, 2);
});
