/** Field notes §3 E on every wire: what servers make of a stream is read to the calls that the model meant, each once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { QUIRKS, type Quirk } from "../../src/simulator/protocol.ts";
import { verdicts } from "../support/agents.ts";
import { eachWay, startWireRun } from "../support/conformance.ts";
import { callsIn, resultsIn, WIRES } from "../support/wires.ts";

const call = (name: string, id: string) => ({ name, input: { id } });

/** Calls of one tool and of two, alike and different, with text that is no ASCII; then another turn with the same again. */
const turns = [
  {
    text: "Grüße — 東京 👩‍👩‍👧.",
    calls: [call("get", 'ä\n"東京" 🎌'), call("put", "b"), call("get", "c"), call("get", "c")],
  },
  { calls: [call("get", 'ä\n"東京" 🎌'), call("get", "c")] },
  { text: "All is well." },
];

/** What each quirk is about, in the cases of the field notes; the rest are told apart elsewhere. */
const CASES: Readonly<Partial<Record<Quirk, string>>> = {
  "no-index": "case 40",
  "zero-index": "case 41",
  "no-ids": "case 44",
  "same-ids": "case 44",
  "counted-ids": "case 44",
  "nine-character-ids": "case 51",
  "blank-repeats": "case 43",
  "whole-calls": "case 39",
  snapshots: "case 42",
  "double-encoding": "case 46",
  "shared-index": "case 39",
  "changing-item-ids": "case 53",
  "refuses-ids": "case 52",
  "late-signature": "case 39",
};

eachWay(WIRES, (wire, { stream, how }) => {
  test(`case 49: what is no ASCII arrives as it was said (${how})`, async (context) => {
    const { run, simulator } = await startWireRun(wire, context, { turns, stream });
    const { messages, error } = await run.result;
    assert.ifError(error);
    assert.deepEqual(resultsIn(wire, messages), [
      ['get ä\n"東京" 🎌', "put b", "get c", "get c"],
      ['get ä\n"東京" 🎌', "get c"],
    ]);
    assert.deepEqual(verdicts(simulator).complaints, []);
  });

  for (const [quirk, which] of Object.entries(CASES) as [Quirk, string][]) {
    test(`${which}: a server with ${quirk} is read, answered and asked again (${how})`, async (context) => {
      const quirks = [quirk];
      // A server that takes only its own ids is told by its name; behind an unknown address it cannot be.
      if (quirk === "nine-character-ids" && wire.name !== "openai-chat") return;
      const model = quirk === "nine-character-ids" ? { server: "mistral" as const } : {};
      const { run, simulator } = await startWireRun(wire, context, { turns, stream, quirks, model });
      const { messages, status, error } = await run.result;
      assert.ifError(error);
      assert.equal(status, "done");
      // Two calls that are alike in all, ids included, cannot be told from one that a proxy has sent twice (case 47).
      const isOne = quirk === "same-ids";
      assert.deepEqual(resultsIn(wire, messages), [
        ['get ä\n"東京" 🎌', "put b", "get c", ...(isOne ? [] : ["get c"])],
        ['get ä\n"東京" 🎌', "get c"],
      ]);
      assert.deepEqual(verdicts(simulator).complaints, []);
      // Case 44: whatever the ids were, those of a history are each a call's own.
      if (wire.name === "gemini") return;
      const ids = callsIn(wire, messages).flatMap((calls) => calls.map(({ id }) => id));
      assert.ok(ids.every((id) => typeof id === "string" && id !== ""));
      assert.equal(new Set(ids).size, ids.length);
    });
  }

  test(`case 45: a call without arguments has an input without fields (${how})`, async (context) => {
    const bare = [{ calls: [{ name: "get", input: {} }, call("get", "b")] }, { text: "Done." }];
    const { run } = await startWireRun(wire, context, { turns: bare, stream });
    const { messages } = await run.result;
    assert.match(resultsIn(wire, messages)[0]?.[0] ?? "", /"code":"invalid-input"/);
    assert.equal(resultsIn(wire, messages)[0]?.[1], "get b");
  });

  test(`case 47: the same call made twice is two, and one that a proxy repeats is one (${how})`, async (context) => {
    const twice = [{ calls: [call("get", "a"), call("get", "a")] }, { text: "Done." }];
    for (const quirks of [[], ["repeated-calls"]] as const) {
      const { run } = await startWireRun(wire, context, { turns: twice, stream, quirks });
      const { messages, calls } = await run.result;
      assert.deepEqual([resultsIn(wire, messages), calls], [[["get a", "get a"]], 2]);
    }
  });

  test(`cases 48, G9: a stream that breaks off in its last call runs that call once, when it has come whole (${how})`, async (context) => {
    let puts = 0;
    const broken = [
      {
        text: "Now.",
        calls: [call("get", "a"), call("put", "b")],
        failures: [{ kind: "cut" as const, inBlock: 2 }],
      },
      { text: "Done." },
    ];
    const { run, simulator } = await startWireRun(wire, context, {
      turns: broken,
      stream,
      put: () => ++puts,
      executor: { eager: "all" },
    });
    const result = await run.result;
    if (!stream) {
      // A whole response that never came is a request that failed: the client's own to send again.
      assert.equal(result.status, "failed");
      return;
    }
    assert.deepEqual([result.status, puts], ["done", 1]);
    assert.deepEqual(resultsIn(wire, result.messages), [["get a", "1"]]);
    assert.deepEqual(verdicts(simulator).complaints, []);
  });
});

test("every quirk is one that a test is about", () => {
  const elsewhere: Quirk[] = [
    "hidden-truncation",
    "ignores-parallel-switch",
    "adjacent-results",
    "repeated-calls",
    "malformed-call",
    "too-many-calls",
    "empty-stop",
  ];
  assert.deepEqual([...Object.keys(CASES), ...elsewhere].toSorted(), QUIRKS.toSorted());
});
