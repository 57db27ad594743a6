/** G6 and G1 on every wire: a run that is aborted anywhere leaves a history that its provider accepts. */
import assert from "node:assert/strict";
import { setImmediate as tick } from "node:timers/promises";
import { test, type TestContext } from "node:test";
import { runAgent } from "../../src/agent/run-agent.ts";
import { createExecutor } from "../../src/executor/create-executor.ts";
import { twoTools, verdicts } from "../support/agents.ts";
import { eachWay } from "../support/conformance.ts";
import { simulateFor } from "../support/simulators.ts";
import { WIRES, type WireUnderTest } from "../support/wires.ts";

const get = { name: "get", input: { id: "a" } };
const put = { name: "put", input: { id: "b" } };
const turnsOf = (stream: boolean) => [
  { thinking: "Hm.", text: "Let me look.", calls: [get, put, get, put] },
  { calls: [get, put], failures: stream ? [{ kind: "cut" as const, inBlock: 1 }] : [] },
  { text: "Now.", calls: [get, put], failures: [{ kind: "token-limit" as const, inBlock: 2 }] },
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

eachWay(WIRES, (wire, { stream, how }) => {
  for (const eager of ["reads", "all"] as const) {
    test(`G1, G6: a run aborted at any of its events leaves a history that the provider accepts (${how}, eager "${eager}")`, async (context) => {
      const unaborted = await abortedAt(Infinity, { wire, context, stream, eager });
      assert.ifError(unaborted.error);
      assert.equal(unaborted.status, "done");
      for (let k = 1; k <= unaborted.events; k++) await abortedAt(k, { wire, context, stream, eager });
    });
  }
});

/** Runs until the k-th event aborts it, then has the history, with a further prompt, judged. */
async function abortedAt(
  k: number,
  options: {
    readonly wire: WireUnderTest;
    readonly context: TestContext;
    readonly stream: boolean;
    readonly eager: "reads" | "all";
  },
) {
  const { wire, context, stream, eager } = options;
  const simulator = await simulateFor(context, turnsOf(stream));
  const executor = createExecutor({ tools: twoTools(work, work) });
  const model = wire.model(simulator.url, { stream });
  const controller = new AbortController();
  const { signal } = controller;
  let events = 0;
  const onEvent = () => ++events === k && controller.abort();
  const result = await runAgent({ model, executor, prompt: "Go.", eager, onEvent, signal }).result;
  const where = `aborted at event ${k}, ${result.status}`;
  assert.ifError(result.error);
  assert.ok(result.status === "aborted" || result.text === "All is well.", where);
  assert.deepEqual(executor.stats, { running: 0, abandoned: 0, batches: 0, pools: {} }, where);

  const messages = [...result.messages, wire.wire.user("Are you there?")];
  assert.equal(wire.wire.repair(messages), messages, where);
  const request = { messages, tools: executor.tools, signal: new AbortController().signal };
  try {
    for await (const _ of model.request(request));
  } catch {
    // Where the scenario has this request fail, it was accepted all the same.
  }
  await simulator.close();
  assert.deepEqual(verdicts(simulator).complaints, [], where);
  return { events, status: result.status, error: result.error };
}
