import assert from "node:assert/strict";
import { setImmediate as tick } from "node:timers/promises";
import { test, type TestContext } from "node:test";
import { runAgent } from "../../src/agent/run-agent.ts";
import type { Eager } from "../../src/core/batch.ts";
import { createExecutor } from "../../src/executor/create-executor.ts";
import { anthropicModel } from "../../src/model/anthropic-model.ts";
import { anthropicTools } from "../../src/model/anthropic-turn.ts";
import { deferred } from "../../src/testing/deferred.ts";
import { scriptedModel } from "../../src/testing/scripted-model.ts";
import { anthropicMessages } from "../../src/wire/anthropic-messages/wire.ts";
import { eventsOf, twoTools, verdicts } from "../support/agents.ts";
import { simulate } from "../support/simulators.ts";

const get = { name: "get", input: { id: "a" } };
const put = { name: "put", input: { id: "b" } };

/** All that a run may meet; the last turn is for the prompt that follows it. A whole response cannot break off. */
const turnsOf = (stream: boolean) => [
  { thinking: "Hm.", text: "Let me look.", calls: [get, put, get, put] },
  { text: "Searching.", serverCalls: [{ name: "web_search" }], stop: "paused" as const },
  { serverCalls: [{ name: "web_search" }], calls: [put, get] },
  { calls: [get, put], failures: stream ? [{ kind: "cut" as const, inBlock: 1 }] : [] },
  { calls: [get, put], failures: [{ kind: "token-limit" as const, inBlock: 1 }] },
  { text: "All is well." },
  { text: "Here I am." },
];

/** Takes a few turns of the event loop, so that events come while it runs; it may be told to stop meanwhile. */
async function work({ id }: { readonly id: string }, signal: AbortSignal) {
  for (let i = 0; i < 3; i++) {
    signal.throwIfAborted();
    await tick();
  }
  return id;
}

for (const eager of ["reads", "all", "off"] satisfies Eager[]) {
  for (const stream of [true, false]) {
    const how = `eager "${eager}", ${stream ? "streamed" : "whole"}`;
    test(`G1, G6: a run aborted at any of its events leaves a history that the provider accepts (${how})`, async (context) => {
      const unaborted = await abortedAt(Infinity, { context, eager, stream });
      assert.ifError(unaborted.result.error);
      assert.equal(unaborted.result.status, "done");
      for (let k = 1; k <= unaborted.events; k++) await abortedAt(k, { context, eager, stream });
    });
  }
}

/** Runs until the k-th event aborts it, then has the history, with a further prompt, judged. */
async function abortedAt(k: number, options: { context: TestContext; eager: Eager; stream: boolean }) {
  const { context, eager, stream } = options;
  const { client, simulator } = await simulate(context, turnsOf(stream));
  const executor = createExecutor({ tools: twoTools(work, work) });
  const model = anthropicModel(client, { model: "m", maxTokens: 1024, stream });
  const controller = new AbortController();
  const { signal } = controller;
  let events = 0;
  const onEvent = () => ++events === k && controller.abort();
  const result = await runAgent({ model, executor, prompt: "Go.", eager, onEvent, signal }).result;

  const where = `aborted at event ${k}, ${result.status}`;
  assert.ifError(result.error);
  if (result.status === "done") assert.equal(result.text, "All is well.", where);
  else assert.equal(result.status, "aborted", where);
  assert.deepEqual(executor.stats, { running: 0, abandoned: 0, batches: 0, pools: {} }, where);

  const messages = [...result.messages, anthropicMessages.user("Are you there?")];
  const tools = anthropicTools(executor);
  // Where the scenario has this request fail, it was accepted all the same.
  await client.messages.create({ model: "m", max_tokens: 1024, tools, messages }).catch(() => {});
  const { complaints } = verdicts(simulator);
  assert.deepEqual(complaints, [], where);
  return { events, result };
}

test("G6: an abort during the calls is answered in the history: finished, cut off, never started", async () => {
  const controller = new AbortController();
  const started = deferred();
  const model = scriptedModel([{ steps: [get, put, put] }]);
  const executor = createExecutor({
    tools: twoTools(undefined, (_, signal) => {
      started.resolve();
      return new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason as Error)),
      );
    }),
  });
  const run = runAgent({ model, executor, prompt: "Go.", signal: controller.signal });
  await started.promise;
  controller.abort();
  const { status, messages } = await run.result;
  assert.equal(status, "aborted");
  const [answer] = messages.slice(-1);
  assert.ok(answer !== undefined && "results" in answer);
  const texts = answer.results.flatMap(({ parts }) =>
    parts.map((part) => (part.type === "text" ? part.text : "")),
  );
  assert.equal(texts[0], "get a");
  assert.match(texts[1] ?? "", /"code":"cancelled".*"mayHaveTakenEffect":true/);
  assert.match(texts[2] ?? "", /"code":"cancelled".*"mayHaveTakenEffect":false/);
});

test("G6: an abort ends a run whose model does not heed it", async () => {
  const controller = new AbortController();
  const model = scriptedModel([{ steps: ["Hm.", new Promise(() => {})] }]);
  const executor = createExecutor({ tools: twoTools() });
  const run = runAgent({ model, executor, prompt: "Go.", signal: controller.signal });
  for await (const event of run) if (event.type === "turn.text") controller.abort();
  const { status, messages } = await run.result;
  assert.deepEqual([status, messages], ["aborted", [{ user: "Go." }]]);
});

test("a run whose signal has aborted asks nothing", async () => {
  const model = scriptedModel([{ steps: ["Hm."] }]);
  const executor = createExecutor({ tools: twoTools() });
  const run = runAgent({ model, executor, prompt: "Go.", signal: AbortSignal.abort() });
  assert.deepEqual(
    (await eventsOf(run)).map(({ type }) => type),
    ["run.started", "run.ended"],
  );
  assert.equal((await run.result).status, "aborted");
  assert.equal(model.requests.length, 0);
});

test("G7: an abort while the model writes keeps what has written, and answers it", async () => {
  const controller = new AbortController();
  const model = scriptedModel([{ steps: [put, get, new Promise(() => {})] }]);
  const executor = createExecutor({
    tools: twoTools(undefined, (_, signal) => {
      queueMicrotask(() => controller.abort());
      return new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason as Error)),
      );
    }),
  });
  const run = runAgent({ model, executor, prompt: "Go.", eager: "all", signal: controller.signal });
  const { status, messages } = await run.result;
  assert.equal(status, "aborted");
  const [said, answer] = messages.slice(-2);
  assert.ok(said !== undefined && "calls" in said && answer !== undefined && "results" in answer);
  assert.equal(answer.results.length, said.calls.length);
  assert.match(JSON.stringify(answer.results[0]), /mayHaveTakenEffect\\":true/);
});

test("G10: a run leaves no listener on its signal", async () => {
  const { signal } = new AbortController();
  const listeners = countListeners(signal);
  const model = scriptedModel([{ steps: [get, put] }, { steps: [get] }, { steps: ["Done."] }]);
  const executor = createExecutor({ tools: twoTools() });
  await runAgent({ model, executor, prompt: "Go.", signal }).result;
  assert.equal(listeners.left, 0);
});

/** Counts the listeners of a signal. */
function countListeners(signal: AbortSignal): { left: number } {
  const count = { left: 0 };
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    count.left++;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    count.left--;
    remove(...args);
  };
  return count;
}
