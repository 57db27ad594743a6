/** Field notes §3 A, B and H on every wire: one result per call, in call order, in the place where the provider wants it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { verdicts } from "../support/agents.ts";
import { eachWay, startWireRun } from "../support/conformance.ts";
import { callsIn, resultsIn, WIRES } from "../support/wires.ts";

const call = (name: string, id: string) => ({ name, input: { id } });

eachWay(WIRES, (wire, { stream, how }) => {
  test(`G1: three calls get three results, in call order, and the next turns are accepted (case 1; ${how})`, async (context) => {
    const turns = [
      { text: "Let me look.", calls: [call("get", "a"), call("put", "b"), call("get", "c")] },
      { calls: [call("get", "d")] },
      { text: "All is well." },
    ];
    const { run, simulator } = await startWireRun(wire, context, { turns, stream });
    const result = await run.result;
    assert.ifError(result.error);
    assert.deepEqual(verdicts(simulator), {
      kinds: ["0 answered", "1 answered", "2 answered"],
      complaints: [],
    });
    assert.deepEqual(
      [result.status, result.text, result.turns, result.calls],
      ["done", "All is well.", 3, 4],
    );
    assert.deepEqual(resultsIn(wire, result.messages), [["get a", "put b", "get c"], ["get d"]]);
    assert.deepEqual(
      callsIn(wire, result.messages).map((calls) => calls.map(({ name, input }) => [name, input])),
      [
        [
          ["get", { id: "a" }],
          ["put", { id: "b" }],
          ["get", { id: "c" }],
        ],
        [["get", { id: "d" }]],
      ],
    );
    assert.ok(result.usage.inputTokens > 0 && result.usage.outputTokens > 0);
    assert.deepEqual(result.metrics.widths, { 1: 1, 3: 1 });
  });
});
