/** Field notes §3 A on every wire: a run goes on with whatever history it is given, and what a model said goes back as it was. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { image } from "../../src/results/image.ts";
import { verdicts } from "../support/agents.ts";
import { eachWay, startWireRun } from "../support/conformance.ts";
import { callsIn, resultsIn, WIRES } from "../support/wires.ts";

const call = (name: string, id: string) => ({ name, input: { id } });
const turns = [
  { thinking: "Hm.", text: "Let me look.", calls: [call("get", "a"), call("get", "b"), call("put", "c")] },
  { text: "All is well." },
  { text: "And still is." },
];

eachWay(WIRES, (wire, { stream, how }) => {
  for (const [lost, keep] of [
    ["its results", (messages: readonly unknown[]) => messages.slice(0, firstResult(messages))],
    ["its beginning", (messages: readonly unknown[]) => messages.slice(1)],
    [
      "the first message of its results",
      (messages: readonly unknown[]) => messages.filter((_, i) => i !== firstResult(messages)),
    ],
    ["its calls", (messages: readonly unknown[]) => messages.filter((_, i) => !isCallAt(messages, i))],
  ] as const) {
    test(`cases 9 to 12: a history that has lost ${lost} is repaired before it is sent (${how})`, async (context) => {
      const first = await startWireRun(wire, context, { turns, stream });
      const { messages } = await first.run.result;
      const kept = keep(messages);
      const { run, simulator } = await startWireRun(wire, context, {
        turns: [...turns.slice(1), { text: "Yes." }, { text: "Yes." }],
        stream,
        messages: kept,
        prompt: "Go on.",
        maxTurns: 1,
      });
      const result = await run.result;
      // A conversation that has come to its end has no turn left, which is no complaint about its history.
      const complaints = verdicts(simulator).complaints.filter((text) => !text.includes("has no turn"));
      assert.deepEqual(complaints, []);
      const calls = callsIn(wire, result.messages).flat().length;
      assert.equal(resultsIn(wire, result.messages).flat().length, calls);
    });
  }

  test(`case 8: what a model said goes back as it came, and a history in order is left alone (${how})`, async (context) => {
    const { run, simulator } = await startWireRun(wire, context, { turns, stream });
    const { messages } = await run.result;
    assert.equal(wire.wire.repair(messages), messages);
    const sent = simulator.requests.map(({ body }) => JSON.stringify(body));
    // Each request begins with what the one before it held: prompt caches hold.
    const field =
      wire.name === "gemini" ? "contents" : wire.name === "openai-responses" ? "input" : "messages";
    const histories = simulator.requests.map(({ body }) => (body as Record<string, unknown[]>)[field] ?? []);
    assert.equal(sent.length, 2);
    assert.deepEqual(histories[1]?.slice(0, histories[0]?.length), histories[0]);
  });

  test(`cases 4 to 7: results of every kind are taken: nothing, bytes, an image, a cycle, an error (${how})`, async (context) => {
    const png = Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
      "base64",
    );
    const cycle: Record<string, unknown> = { big: 12n };
    cycle["self"] = cycle;
    const values: Record<string, () => unknown> = {
      nothing: () => undefined,
      image: () => ["A dot:", image(png)],
      bytes: () => new Uint8Array(1000),
      cycle: () => cycle,
      error: () => {
        throw new Error("");
      },
    };
    const { run, simulator } = await startWireRun(wire, context, {
      turns: [{ calls: Object.keys(values).map((id) => call("get", id)) }, { text: "Done." }],
      stream,
      get: ({ id }) => values[id]?.(),
    });
    const { status, messages, error } = await run.result;
    assert.ifError(error);
    assert.equal(status, "done");
    assert.deepEqual(verdicts(simulator).complaints, []);
    const [results = []] = resultsIn(wire, messages);
    assert.equal(results.length, 5);
    assert.ok(results.every((text) => text !== ""));
  });

  test(`what is no message is told, and a run with it fails without rejecting (${how})`, async (context) => {
    const messages = [wire.wire.user("Hi."), null];
    assert.throws(() => wire.wire.repair(messages), {
      name: "TypeError",
      message: "entry 1 of the history must be a message, got null",
    });
    const { run } = await startWireRun(wire, context, { turns, stream, messages, prompt: undefined });
    const { status, error, messages: kept } = await run.result;
    assert.deepEqual([status, kept], ["failed", messages]);
    assert.match(error?.message ?? "", /entry 1 of the history must be a message/);
    assert.doesNotThrow(() => wire.wire.repair([{ role: "user" }]));
  });

  function firstResult(messages: readonly unknown[]): number {
    return messages.findIndex((message) => resultsIn(wire, [message]).length > 0);
  }

  function isCallAt(messages: readonly unknown[], index: number): boolean {
    return callsIn(wire, [messages[index]]).length > 0;
  }
});
