/** Words that have a model make its calls together: where they stand, and that what was said once is never rewritten. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NUDGES, nudgeText, type Nudge } from "../../src/agent/nudge.ts";
import { runAgent } from "../../src/agent/run-agent.ts";
import { createExecutor } from "../../src/executor/create-executor.ts";
import { scriptedModel } from "../../src/testing/scripted-model.ts";
import { eventsOf, twoTools, verdicts } from "../support/agents.ts";
import { eachWay, startWireRun } from "../support/conformance.ts";
import { resultsIn, WIRES } from "../support/wires.ts";

const get = { name: "get", input: { id: "a" } };
const turns = [{ calls: [get, get] }, { calls: [get] }, { text: "Done." }];

/** A run of a scripted model, and what it was asked with. */
async function scripted(nudge: Nudge | undefined, system?: string) {
  const model = scriptedModel([{ steps: [get, get] }, { steps: [get] }, { steps: ["Done."] }]);
  const executor = createExecutor({ tools: twoTools() });
  const run = runAgent({ model, executor, prompt: "Go.", nudge, ...(system !== undefined && { system }) });
  return { events: await eventsOf(run), result: await run.result, requests: model.requests };
}

test("without a nudge nothing is added", async () => {
  const { requests, events } = await scripted(undefined);
  assert.deepEqual(
    requests.map(({ system }) => system),
    [undefined, undefined, undefined],
  );
  assert.deepEqual(Object.keys(events[0] ?? {}), ["type", "at", "run"]);
});

for (const nudge of ["mild", "strong"] as const) {
  test(`a ${nudge} nudge stands behind the system prompt, the same in each request`, async () => {
    const { requests, events } = await scripted(nudge, "Be brief.");
    const { id, text } = nudgeText("scripted", nudge);
    assert.deepEqual([...new Set(requests.map(({ system }) => system))], [`Be brief.\n\n${text}`]);
    assert.deepEqual([...new Set((await scripted(nudge)).requests.map(({ system }) => system))], [text]);
    const [started] = events;
    assert.ok(started?.type === "run.started" && started.nudge === id);
  });
}

test("a nudge per turn stands behind the results of each turn, and earlier ones stay where they are", async () => {
  const { requests, result } = await scripted("per-turn");
  const { text } = nudgeText("scripted", "per-turn");
  const kinds = (messages: readonly object[]) => messages.map((message) => Object.keys(message)[0]);
  assert.deepEqual(
    requests.map(({ messages }) => kinds(messages)),
    [
      ["user"],
      ["user", "text", "results", "user"],
      ["user", "text", "results", "user", "text", "results", "user"],
    ],
  );
  assert.deepEqual(requests[1]?.messages.at(-1), { user: text });
  // G8, for prompt caches: each request begins with what the one before it held.
  assert.deepEqual(requests[2]?.messages.slice(0, 4), requests[1]?.messages);
  assert.deepEqual(result.messages.slice(0, -1), requests[2]?.messages);
});

eachWay(WIRES, (wire, { stream, how }) => {
  for (const nudge of NUDGES) {
    test(`a nudge (${nudge}) is accepted by the provider (${how})`, async (context) => {
      const { run, simulator } = await startWireRun(wire, context, {
        turns,
        stream,
        nudge,
        system: "Be brief.",
      });
      const { status, messages, error } = await run.result;
      assert.ifError(error);
      assert.equal(status, "done");
      assert.deepEqual(verdicts(simulator).complaints, []);
      assert.deepEqual(resultsIn(wire, messages), [["get a", "get a"], ["get a"]]);
      const said = JSON.stringify(nudgeText(wire.name, nudge).text).slice(1, -1);
      const times = simulator.requests.map(({ body }) => JSON.stringify(body).split(said).length - 1);
      assert.deepEqual(times, nudge === "per-turn" ? [0, 1, 2] : [1, 1, 1]);
    });
  }
});

test("a nudge per turn is left out while a tool of the provider's own is pending: only results may follow it", async (context) => {
  const [anthropic] = WIRES;
  assert.ok(anthropic);
  const { run, simulator } = await startWireRun(anthropic, context, {
    turns: [{ serverCalls: [{ name: "web_search" }], calls: [get] }, { text: "Done." }],
    stream: true,
    nudge: "per-turn",
  });
  assert.equal((await run.result).status, "done");
  assert.deepEqual(verdicts(simulator).complaints, []);
  assert.equal(JSON.stringify(simulator.requests[1]?.body).includes("First list for yourself"), false);
});

test("each text has a name with its version, warns of guesses where it is long, and is never two texts of one name", () => {
  const wires = [...WIRES.map(({ name }) => name), "scripted"];
  const texts = wires.flatMap((wire) => NUDGES.map((nudge) => nudgeText(wire, nudge)));
  for (const { id } of texts) assert.match(id, /^[a-z-]+\/(mild|strong|per-turn)\/\d+$/);
  assert.equal(new Set(texts.map(({ id }) => id)).size, new Set(texts.map(({ text }) => text)).size);
  for (const wire of wires) assert.match(nudgeText(wire, "strong").text, /[Nn]ever guess a parameter/);
});

test("a nudge and one call at a time contradict each other, which is told at once", () => {
  const options = { model: scriptedModel([]), executor: createExecutor({ tools: [] }), prompt: "Go." };
  assert.throws(() => runAgent({ ...options, nudge: "mild", parallel: "one-at-a-time" }), {
    name: "TypeError",
    message: /`nudge` asks for several calls in a turn/,
  });
  assert.throws(() => runAgent({ ...options, nudge: "hard" as never }), {
    message: /`nudge` must be .*got "hard"/,
  });
  assert.throws(() => runAgent({ ...options, parallel: "no" as never }), {
    message: /`parallel` must be .*got "no"/,
  });
});
