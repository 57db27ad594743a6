/** Histories that a server of Chat Completions would refuse, put right. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { judge } from "../../../src/simulator/openai-chat/referee.ts";
import type { Quirk } from "../../../src/simulator/protocol.ts";
import { chatHistory } from "../../../src/wire/openai-chat/history.ts";
import type { ChatMessage } from "../../../src/wire/openai-chat/protocol.ts";
import { chatServer } from "../../../src/wire/openai-chat/servers.ts";
import { openaiChat } from "../../../src/wire/openai-chat/wire.ts";
import { repairHistory, type RepairOptions } from "../../../src/wire/repair.ts";
import { ANY_ID, NINE_ID } from "../../../src/wire/wire-id.ts";
import type { Json } from "../../support/broken-histories.ts";
import { testRepair } from "../../support/repair-properties.ts";

const repair = (history: readonly Json[], options?: RepairOptions, ids = ANY_ID) =>
  repairHistory(
    chatHistory(ids),
    history as unknown as readonly ChatMessage[],
    options,
  ) as unknown as readonly Json[];

const user = (content: string): Json => ({ role: "user", content });
const call = (id: string, name = "get", args = "{}"): Json => ({
  id,
  type: "function",
  function: { name, arguments: args },
});
const assistant = (content: string | null, ...calls: Json[]): Json => ({
  role: "assistant",
  content,
  ...(calls.length > 0 && { tool_calls: calls }),
});
const result = (id: string, content = "done"): Json => ({ role: "tool", tool_call_id: id, content });
const callsOf = (message: Json | undefined) => (message?.["tool_calls"] ?? []) as readonly Json[];

/** What OpenAI, or Mistral, says of a history. */
function refusalOf(messages: readonly Json[], quirks: readonly Quirk[] = []): string | undefined {
  if (messages.length === 0) return undefined;
  const { error, message } = judge({ model: "m", messages }, { quirks: new Set(quirks) })?.body ?? {};
  return ((error as Json | undefined)?.["message"] ?? message) as string | undefined;
}

const histories = (idOf: (n: number) => string) =>
  fc
    .array(fc.record({ calls: fc.nat(4), after: fc.boolean() }), { minLength: 1, maxLength: 6 })
    .map((turns) => {
      let n = 0;
      const history = [user("Hi.")];
      for (const { calls, after } of turns) {
        const ids = Array.from({ length: calls }, () => idOf(++n));
        history.push(assistant("Let me look.", ...ids.map((id) => call(id, `tool_${id}`))));
        history.push(...ids.map((id) => result(id, `result of ${id}`)));
        if (calls === 0 || after) history.push(user("Go on."));
      }
      return history;
    });

for (const [server, idOf, own, ids, quirks] of [
  ["openai", (n: number) => `call_${n}`, /^call_/, chatServer("openai").ids, []],
  ["mistral", (n: number) => `call${String(n).padStart(5, "0")}`, /^call/, NINE_ID, ["nine-character-ids"]],
] as const) {
  testRepair(`openai-chat (${server})`, {
    repair: (history, options) => repair(history, options, ids),
    histories: histories(idOf),
    parts: { pieces: "tool_calls", ids: ["id", "tool_call_id"], own, user: user("Wait.") },
    refusalOf: (history) => refusalOf(history, quirks),
    callsOf: (history) => history.flatMap(callsOf).map((one) => String((one["function"] as Json)["name"])),
    resultsOf: (history) =>
      history.filter(({ role }) => role === "tool").map(({ content }) => String(content)),
  });
}

const failed = (id: string, code: Json) =>
  result(id, JSON.stringify({ error: { code: "cancelled", ...code } }));
const unknown = (id: string) =>
  failed(id, {
    message: "no result of this call was kept: it may have run, or not; look before you make it again",
    retryable: false,
    mayHaveTakenEffect: true,
  });
const notRun = (id: string) =>
  failed(id, {
    message: "not executed: the conversation went on before this call was run",
    retryable: true,
    mayHaveTakenEffect: false,
  });
const hi = user("Hi.");
const two = assistant("Let me look.", call("a"), call("b"));

const cases: Record<string, readonly [before: Json[], after: Json[]]> = {
  "case 9: a call without a result gets one that does not know whether it ran": [
    [hi, two, result("a"), user("Go on.")],
    [hi, two, result("a"), unknown("b"), user("Go on.")],
  ],
  "case 9: a result without a call goes": [
    [hi, assistant("Hello."), result("a"), user("Go on.")],
    [hi, assistant("Hello."), user("Go on.")],
  ],
  "case 10: a compaction that cut through a batch drops the results whose calls it dropped": [
    [user("Before: we looked."), result("a"), result("b"), user("Go on.")],
    [user("Before: we looked."), user("Go on.")],
  ],
  "results behind a later word come back to their calls": [
    [hi, two, user("Wait."), result("b"), result("a")],
    [hi, two, result("a"), result("b"), user("Wait.")],
  ],
  "a call that was cut off has not run": [
    [hi, assistant(null, call("a", "get", '{"INVALID_JSON":"{\\"path\\": \\"/e"}'))],
    [hi, assistant(null, call("a", "get", '{"INVALID_JSON":"{\\"path\\": \\"/e"}')), notRun("a")],
  ],
  "an id that is used again becomes another, with its result": [
    [hi, assistant(null, call("a")), result("a"), assistant(null, call("a")), result("a", "later")],
    [
      hi,
      assistant(null, call("a")),
      result("a"),
      assistant(null, call("NXfG7bD02")),
      result("NXfG7bD02", "later"),
    ],
  ],
};

for (const [name, [before, after]] of Object.entries(cases)) {
  test(name, () => {
    assert.notEqual(refusalOf(before), undefined);
    assert.deepEqual(repair(before), after);
    assert.equal(refusalOf(after), undefined);
  });
}

test("case 54: a history of another server's becomes one with ids that the server takes", () => {
  const history = [hi, two, result("a"), result("b")];
  const ids = repair(history, {}, NINE_ID)
    .flatMap(callsOf)
    .map(({ id }) => String(id));
  assert.equal(ids.length, 2);
  assert.ok(ids.every((id) => NINE_ID.test(id)));
});

test("a custom tool's call is one as well", () => {
  const custom = { id: "a", type: "custom", custom: { name: "sql", input: "SELECT 1" } };
  assert.deepEqual(repair([hi, assistant(null, custom)]), [hi, assistant(null, custom), unknown("a")]);
});

test("a user may speak once the calls before are answered", () => {
  const ready = openaiChat.repair([hi, two] as unknown as ChatMessage[], { next: "user" });
  assert.deepEqual(ready, [hi, two, unknown("a"), unknown("b")]);
});
