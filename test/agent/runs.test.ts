import assert from "node:assert/strict";
import { test } from "node:test";
import { eventsOf, resultsIn, startRun, verdicts } from "../support/agents.ts";

const turns = [
  {
    text: "Let me look.",
    calls: [
      { name: "get", input: { id: "a" } },
      { name: "put", input: { id: "b" } },
      { name: "get", input: { id: "c" } },
    ],
  },
  { thinking: "Once more.", calls: [{ name: "get", input: { id: "d" } }] },
  { text: "All is well." },
];

for (const stream of [true, false]) {
  test(`a run goes on until the model is done, ${stream ? "streamed" : "whole"}`, async (context) => {
    const { run, simulator } = await startRun(context, { turns, model: { stream } });
    const events = await eventsOf(run);
    const result = await run.result;
    assert.deepEqual(verdicts(simulator), {
      kinds: ["0 answered", "1 answered", "2 answered"],
      complaints: [],
    });
    assert.equal(result.status, "done", result.error?.message);
    assert.equal(result.text, "All is well.");
    assert.deepEqual([result.turns, result.calls], [3, 4]);
    assert.deepEqual(resultsIn(result.messages), [["get a", "put b", "get c"], ["get d"]]);
    assert.deepEqual([events[0]?.type, events.at(-1)?.type], ["run.started", "run.ended"]);
  });
}
