/** Field notes §3 G on every wire: what was cut off is not run, what is wrong is answered in its place, and nothing is lost. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Quirk } from "../../src/simulator/protocol.ts";
import { toOtlp } from "../../src/otel.ts";
import { readTrace } from "../../src/trace/read-trace.ts";
import { verdicts } from "../support/agents.ts";
import { eachWay, startWireRun } from "../support/conformance.ts";
import { modelName } from "../../src/wire/model-name.ts";
import { resultsIn, WIRES } from "../support/wires.ts";

const call = (name: string, id: string) => ({ name, input: { id } });

test("a name of a model that is none is left out", () => {
  for (const said of [undefined, null, "", 5, {}]) assert.deepEqual(modelName(said), {});
  assert.deepEqual(modelName("m"), { model: "m" });
});

eachWay(WIRES, (wire, { stream, how }) => {
  for (const quirks of [[], ["hidden-truncation"]] as readonly (readonly Quirk[])[]) {
    const hidden = quirks.length > 0 ? "though the server hides it, " : "";
    test(`cases 55 to 57, G9: a call that the token limit cut off is not run, ${hidden}and the model is told (${how})`, async (context) => {
      const put = {
        name: "put",
        input: { id: "b", text: "a text that is long enough to be cut in its middle, I hope" },
      };
      const turns = [
        {
          text: "Now.",
          calls: [call("get", "a"), put],
          failures: [{ kind: "token-limit" as const, inBlock: 2 }],
        },
        { text: "Done." },
      ];
      let puts = 0;
      const { run, simulator } = await startWireRun(wire, context, {
        turns,
        stream,
        quirks,
        put: () => ++puts,
      });
      const { status, messages, error } = await run.result;
      assert.ifError(error);
      assert.equal(puts, 0);
      assert.deepEqual(verdicts(simulator).complaints, []);
      const [results = []] = resultsIn(wire, messages);
      // Gemini sends no call that is not whole: then there is nothing to be told of.
      if (wire.name !== "gemini") assert.match(results.at(-1) ?? "", /"code":"(truncated|invalid-json)"/);
      assert.equal(status, "done");
    });
  }

  test(`what the provider calls the model that answered is in the trace and in the spans (${how})`, async (context) => {
    const model = "a-model-2026";
    const { run } = await startWireRun(wire, context, {
      turns: [{ text: "Done." }],
      stream,
      model: { model },
    });
    const events = [];
    for await (const event of run) events.push(event);
    const trace = readTrace(events);
    assert.deepEqual(
      trace.turns.map(({ responseModel }) => responseModel),
      [model],
    );
    const told = JSON.stringify(toOtlp(trace));
    assert.ok(told.includes(`{"key":"gen_ai.response.model","value":{"stringValue":"${model}"}}`), told);
  });

  test(`cases 58, 59: an invalid and an unknown call are answered in their places, the others run (${how})`, async (context) => {
    const turns = [
      { calls: [call("get", "a"), { name: "get", input: { id: 7 } }, call("nobody", "c"), call("get", "d")] },
      { text: "Done." },
    ];
    const { run, simulator } = await startWireRun(wire, context, { turns, stream });
    const { messages, status } = await run.result;
    assert.equal(status, "done");
    assert.deepEqual(verdicts(simulator).complaints, []);
    const [results = []] = resultsIn(wire, messages);
    assert.deepEqual([results[0], results[3], results.length], ["get a", "get d", 4]);
    assert.match(results[1] ?? "", /"code":"invalid-input".*id/);
    assert.match(results[2] ?? "", /"code":"unknown-tool".*nobody.*get, put/);
  });

  test(`case 60: calls in a wrapper are run, and answered under its one id (${how})`, async (context) => {
    const tool_uses = ["a", "b"].map((id) => ({ recipient_name: "functions.get", parameters: { id } }));
    const wrapper = { name: "multi_tool_use.parallel", input: { tool_uses } };
    const turns = [{ calls: [wrapper, call("get", "c")] }, { text: "Done." }];
    const { run, simulator } = await startWireRun(wire, context, { turns, stream });
    const { messages, metrics, calls } = await run.result;
    assert.deepEqual(verdicts(simulator).complaints, []);
    const [results = []] = resultsIn(wire, messages);
    assert.match(results[0] ?? "", /get a.*get b/);
    assert.deepEqual([results[1], results.length, calls, metrics.widths], ["get c", 2, 2, { 3: 1 }]);
  });

  test(`case 61: three calls that come although only one is allowed are run one by one, and all are answered (${how})`, async (context) => {
    const turns = [{ calls: [call("get", "a"), call("put", "b"), call("get", "c")] }, { text: "Done." }];
    let running = 0;
    let most = 0;
    const order: string[] = [];
    const work = async ({ id }: { readonly id: string }) => {
      most = Math.max(most, ++running);
      order.push(id);
      await new Promise(setImmediate);
      running--;
      return `did ${id}`;
    };
    const { run, simulator } = await startWireRun(wire, context, {
      turns,
      stream,
      quirks: ["ignores-parallel-switch"],
      parallel: "one-at-a-time",
      get: work,
      put: work,
    });
    const { messages, status, metrics } = await run.result;
    assert.equal(status, "done");
    assert.deepEqual([order, most], [["a", "b", "c"], 1]);
    assert.deepEqual(resultsIn(wire, messages), [["did a", "did b", "did c"]]);
    assert.deepEqual([metrics.widths, metrics.maxOverlap], [{ 3: 1 }, 1]);
    assert.deepEqual(verdicts(simulator).complaints, []);
  });

  test(`case 64: calls that are cancelled, invalid and answered keep their places, and bytes do not depend on who ends first (G8; ${how})`, async (context) => {
    const calls = [
      call("get", "a"),
      { name: "get", input: {} },
      call("get", "b"),
      call("nobody", "c"),
      call("get", "d"),
    ];
    const bodies = new Set<string>();
    for (const order of ["abd", "dba", "bad"]) {
      const { run, simulator } = await startWireRun(wire, context, {
        turns: [{ calls }, { text: "Done." }],
        stream,
        get: async ({ id }) => {
          for (let i = 0; i <= order.indexOf(id); i++) await new Promise(setImmediate);
          return `got ${id}`;
        },
      });
      assert.equal((await run.result).status, "done");
      bodies.add(JSON.stringify(simulator.requests.map(({ body }) => body)));
    }
    assert.equal(bodies.size, 1);
  });

  test(`a refused turn leaves the history as it was (${how})`, async (context) => {
    const turns = [{ calls: [call("get", "a")] }, { text: "I had rather not.", stop: "refused" as const }];
    const { run } = await startWireRun(wire, context, { turns, stream });
    const { status, messages } = await run.result;
    assert.equal(status, "refused");
    assert.deepEqual(resultsIn(wire, messages), [["get a"]]);
  });
});

const gemini = WIRES.filter(({ name }) => name === "gemini");

eachWay(gemini, (wire, { stream, how }) => {
  for (const [quirk, says] of [
    ["malformed-call", /MALFORMED_FUNCTION_CALL/],
    ["too-many-calls", /TOO_MANY_TOOL_CALLS/],
    ["empty-stop", /said nothing|ended before the turn did/],
  ] as const) {
    test(`a response of Gemini's that is no turn (${quirk}) fails the run, with the history as it was (${how})`, async (context) => {
      const { run } = await startWireRun(wire, context, {
        turns: [{ calls: [call("get", "a")] }],
        stream,
        quirks: [quirk],
        streamRetries: 0,
      });
      const { status, error, messages } = await run.result;
      assert.equal(status, "failed");
      assert.match(error?.message ?? "", says);
      assert.equal(messages.length, 1);
    });
  }
});
