/** Histories that the Responses API would refuse, put right. The referee says what it would refuse. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { judge } from "../../../src/simulator/openai-responses/referee.ts";
import { responsesHistory } from "../../../src/wire/openai-responses/history.ts";
import type { ResponsesMessage } from "../../../src/wire/openai-responses/protocol.ts";
import { repairHistory, type RepairOptions } from "../../../src/wire/repair.ts";
import type { Json } from "../../support/broken-histories.ts";
import { testRepair } from "../../support/repair-properties.ts";

const repair = (history: readonly Json[], options?: RepairOptions) =>
  repairHistory(
    responsesHistory,
    history as unknown as readonly ResponsesMessage[],
    options,
  ) as unknown as readonly Json[];

function refusalOf(input: readonly Json[]): string | undefined {
  const refusal = judge({ model: "gpt-5.5", input });
  return (refusal?.body["error"] as { message: string } | undefined)?.message;
}

const user = (content: string): Json => ({ role: "user", content });
const said = (n: number): Json => ({
  id: `msg_${n}`,
  type: "message",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text: "Let me look.", annotations: [] }],
});
const reasoning = (n: number): Json => ({ id: `rs_${n}`, type: "reasoning", summary: [] });
const call = (id: string, name = "get", args = "{}"): Json => ({
  id: `fc_${id}`,
  type: "function_call",
  call_id: id,
  name,
  arguments: args,
});
const custom = (id: string, name = "sql"): Json => ({
  id: `ctc_${id}`,
  type: "custom_tool_call",
  call_id: id,
  name,
  input: "SELECT 1",
});
const result = (id: string, output = "done"): Json => ({ type: "function_call_output", call_id: id, output });
const customResult = (id: string, output = "done"): Json => ({
  ...result(id, output),
  type: "custom_tool_call_output",
});
const isCall = ({ type }: Json) => type === "function_call" || type === "custom_tool_call";

testRepair("openai-responses", {
  repair,
  histories: fc
    .array(
      fc.record({
        says: fc.constantFrom("nothing", "reasoning", "text", "reasoning and text"),
        calls: fc.array(fc.boolean(), { maxLength: 4 }),
        late: fc.boolean(),
        after: fc.boolean(),
      }),
      { minLength: 1, maxLength: 6 },
    )
    .map((turns) => {
      let n = 0;
      const history = [user("Hi.")];
      for (const { says, calls, late, after } of turns) {
        const text = says.includes("text") || calls.length === 0;
        if (says.includes("reasoning")) history.push(reasoning(++n));
        if (text) history.push(said(++n));
        const ids = calls.map((isCustom) => ({ id: `call_${++n}`, isCustom }));
        history.push(
          ...ids.map(({ id, isCustom }) => (isCustom ? custom(id, `tool_${id}`) : call(id, `tool_${id}`))),
        );
        const results = ids.map(({ id, isCustom }) =>
          (isCustom ? customResult : result)(id, `result of ${id}`),
        );
        // An output may stand anywhere behind its call.
        history.push(...(late ? [user("Wait."), ...results] : results));
        if (calls.length === 0 || after) history.push(user("Go on."));
      }
      return history;
    }),
  parts: { pieces: "none", ids: ["call_id"], own: /^call_/, user: user("Wait.") },
  refusalOf,
  callsOf: (history) => history.filter(isCall).map(({ name }) => String(name)),
  resultsOf: (history) =>
    history.filter(({ type }) => String(type).endsWith("_output")).map(({ output }) => String(output)),
});

const failed = (id: string, error: Json) =>
  result(id, JSON.stringify({ error: { code: "cancelled", ...error } }));
const unknown = {
  message: "no result of this call was kept: it may have run, or not; look before you make it again",
  retryable: false,
  mayHaveTakenEffect: true,
};
const notRun = {
  message: "not executed: the conversation went on before this call was run",
  retryable: true,
  mayHaveTakenEffect: false,
};
const hi = user("Hi.");
const [a, b] = [call("a"), call("b")];

const cases: Record<string, readonly [before: Json[], after: Json[], options?: RepairOptions]> = {
  "case 9: a call without an output gets one that does not know whether it ran": [
    [hi, a, b, result("a"), user("Go on.")],
    [hi, a, b, result("a"), failed("b", unknown), user("Go on.")],
  ],
  "case 9: an output without a call goes": [
    [hi, said(1), result("a"), user("Go on.")],
    [hi, said(1), user("Go on.")],
  ],
  "case 10: a compaction that cut through a batch drops the outputs whose calls it dropped": [
    [user("Before: we looked."), result("a"), result("b"), user("Go on.")],
    [user("Before: we looked."), user("Go on.")],
  ],
  "case 12: a process killed in the middle of a turn leaves calls that are answered before the first request":
    [
      [hi, reasoning(1), a, b],
      [hi, reasoning(1), a, b, failed("a", notRun), failed("b", unknown)],
      { neverRan: ({ id }) => id === "a" },
    ],
  "an output in front of its call goes behind it": [
    [hi, result("a"), a, user("Go on.")],
    [hi, a, result("a"), user("Go on.")],
  ],
  "reasoning that led to nothing goes": [
    [hi, reasoning(1), user("Go on.")],
    [hi, user("Go on.")],
  ],
  "a custom tool's call has an output of its own kind": [
    [hi, custom("a"), user("Go on.")],
    [hi, custom("a"), { ...failed("a", unknown), type: "custom_tool_call_output" }, user("Go on.")],
  ],
  "a call that was cut off has not run": [
    [hi, call("a", "get", '{"INVALID_JSON":"{\\"path\\": \\"/e"}')],
    [hi, call("a", "get", '{"INVALID_JSON":"{\\"path\\": \\"/e"}'), failed("a", notRun)],
  ],
};

for (const [title, [before, after, options]] of Object.entries(cases)) {
  test(title, () => {
    assert.notEqual(refusalOf(before), undefined);
    assert.deepEqual(repair(before, options), after);
    assert.equal(refusalOf(after), undefined);
  });
}

test("reasoning whose id was too long for the server that gave it stays with its message, which has none either", () => {
  const thought = { type: "reasoning", summary: [], encrypted_content: "gAAAA" };
  const { id: _, ...text } = said(1);
  const history = [hi, thought, text, a, result("a")];
  assert.equal(repair(history), history);
});

test("what is stored twice is there once: an item that is known by its id loses it, reasoning goes", () => {
  const before = [hi, reasoning(1), a, reasoning(1), a, result("a"), result("a")];
  const after = repair(before);
  assert.equal(refusalOf(after), undefined);
  const ids = after.flatMap(({ id }) => (id === undefined ? [] : [id]));
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(after.filter(isCall).length, 2);
});
