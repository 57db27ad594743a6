/** Histories that Anthropic would refuse, put right. The referee says what it would refuse. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { anthropicHistory } from "../../../src/wire/anthropic-messages/history.ts";
import type { AnthropicMessage } from "../../../src/wire/anthropic-messages/protocol.ts";
import { repairHistory, type RepairOptions } from "../../../src/wire/repair.ts";
import type { Json } from "../../support/broken-histories.ts";
import { assistant, call, refusalOf, request, result, user } from "../../support/messages-request.ts";
import { testRepair } from "../../support/repair-properties.ts";

const thinking = { type: "thinking", thinking: "Hm.", signature: "c2lnbmVk" };
const search = (n: number) => ({
  type: "server_tool_use",
  id: `srvtoolu_${n}`,
  name: "web_search",
  input: {},
});
const found = (n: number) => ({ type: "web_search_tool_result", tool_use_id: `srvtoolu_${n}`, content: [] });

const repair = (history: readonly Json[], options?: RepairOptions) =>
  repairHistory(
    anthropicHistory,
    history as unknown as readonly AnthropicMessage[],
    options,
  ) as unknown as readonly Json[];
const blocksOf = (history: readonly Json[]) => history.flatMap(({ content }) => content as Json[]);

/** A turn of the model, and what the user says behind it. */
const turn = fc.record({
  said: fc.array(fc.constantFrom("thinking", "text", "search", "pending"), { maxLength: 3 }),
  calls: fc.nat(4),
  after: fc.constantFrom("nothing", "a word in the same message", "a message"),
});

testRepair("anthropic-messages", {
  repair,
  histories: fc.array(turn, { minLength: 1, maxLength: 6 }).map((turns) => {
    let n = 0;
    const messages: Json[] = [user("Hi.")];
    for (const { said, calls, after } of turns) {
      // Only results may follow a server call that is pending.
      const mayPend = calls > 0 && after === "nothing";
      const blocks = said.flatMap((what): Json[] => {
        if (what === "thinking") return [thinking];
        if (what === "text") return [{ type: "text", text: "Let me look." }];
        n++;
        if (what === "search") return [search(n), found(n)];
        return mayPend ? [search(n)] : [];
      });
      const ids = Array.from({ length: calls }, () => `toolu_${++n}`);
      const content = [...blocks, ...ids.map((id) => call(id, `tool_${id}`))];
      messages.push(assistant(...(content.length > 0 ? content : ["Done."])));
      const word = after === "a word in the same message" ? ["And?"] : [];
      if (calls > 0) messages.push(user(...ids.map((id) => result(id, `result of ${id}`)), ...word));
      if (calls === 0 || after === "a message") messages.push(user("Go on."));
    }
    return messages;
  }),
  parts: { pieces: "content", ids: ["id", "tool_use_id"], own: /^toolu/, user: user("Wait.") },
  refusalOf: (history) => refusalOf(request(history)),
  callsOf: (history) =>
    blocksOf(history).flatMap(({ type, name }) => (type === "tool_use" ? [String(name)] : [])),
  resultsOf: (history) =>
    blocksOf(history).flatMap(({ type, content }) => (type === "tool_result" ? [String(content)] : [])),
});

const unknown = JSON.stringify({
  error: {
    code: "cancelled",
    message: "no result of this call was kept: it may have run, or not; look before you make it again",
    retryable: false,
    mayHaveTakenEffect: true,
  },
});
const notRun = JSON.stringify({
  error: {
    code: "cancelled",
    message: "not executed: the conversation went on before this call was run",
    retryable: true,
    mayHaveTakenEffect: false,
  },
});
const failed = (id: string, content: string) => ({ ...result(id, content), is_error: true });
const hi = user("Hi.");
const two = assistant("Let me look.", call("a"), call("b"));

const cases: Record<string, readonly [before: Json[], after: Json[], options?: RepairOptions]> = {
  "case 9: a call without a result gets one that does not know whether it ran": [
    [hi, two, user(result("a")), user("Go on.")],
    [hi, two, user(result("a"), failed("b", unknown)), user("Go on.")],
  ],
  "case 9: a result without a call goes, and its message with it": [
    [hi, assistant("Hello."), user(result("a")), user("Go on.")],
    [hi, assistant("Hello."), user("Go on.")],
  ],
  "case 10: a compaction that cut through a batch drops the results whose calls it dropped": [
    [user("Before: we looked."), user(result("a"), result("b"), "Go on.")],
    [user("Before: we looked."), user("Go on.")],
  ],
  "case 10: a compaction that kept the calls only has them answered": [
    [two, user("Go on.")],
    [
      { role: "user", content: "(The beginning of this conversation is missing.)" },
      two,
      user(failed("a", unknown), failed("b", unknown)),
      user("Go on."),
    ],
  ],
  "case 12: a process killed in the middle of a turn leaves calls that are answered before the first request":
    [
      [hi, two],
      [hi, two, user(failed("a", notRun), failed("b", unknown))],
      { neverRan: ({ id }) => id === "a" },
    ],
  "a call that was cut off has not run": [
    [hi, assistant({ ...call("a"), input: { INVALID_JSON: '{"path": "/e' } })],
    [hi, assistant({ ...call("a"), input: { INVALID_JSON: '{"path": "/e' } }), user(failed("a", notRun))],
  ],
  "results behind a later word come back to their calls, in the calls' order": [
    [hi, two, user("Wait."), user("Well?", result("b"), result("a"))],
    [hi, two, user(result("a"), result("b")), user("Wait."), user("Well?")],
  ],
  "text behind a call goes in front of it": [
    [hi, assistant(call("a"), "I look."), user(result("a"))],
    [hi, assistant("I look.", call("a")), user(result("a"))],
  ],
  "an id that is used again, and one that is illegal, become others, with their results": [
    [
      hi,
      assistant(call("a"), call("x|y")),
      user(result("a"), result("x|y")),
      assistant(call("a")),
      user(result("a", "later")),
    ],
    [
      hi,
      assistant(call("a"), call("x99InLvTF")),
      user(result("a"), result("x99InLvTF")),
      assistant(call("NXfG7bD02")),
      user(result("NXfG7bD02", "later")),
    ],
  ],
  "a user may not speak behind a server call that is pending, nor behind its results": [
    [hi, assistant("I search.", search(1), call("a")), user(result("a"))],
    [hi, assistant("I search.", call("a")), user(result("a"))],
    { next: "user" },
  ],
  "a server's result whose call is gone goes": [
    [hi, assistant(found(1), "Found."), user("Thanks.")],
    [hi, assistant("Found."), user("Thanks.")],
  ],
};

for (const [name, [before, after, options]] of Object.entries(cases)) {
  test(name, () => {
    assert.deepEqual(repair(before, options), after);
    assert.equal(refusalOf(request(after)), undefined);
    assert.notEqual(
      refusalOf(request(options?.next === "user" ? [...before, user("And?")] : before)),
      undefined,
    );
  });
}

test("messages that need no change stay the same objects", () => {
  const before = [hi, two, user(result("a"), result("b")), assistant(call("c")), user("Stop.")];
  const after = repair(before);
  assert.deepEqual(
    [0, 1, 2, 3].filter((i) => after[i] !== before[i]),
    [],
  );
  assert.equal(after.at(-1), before.at(-1));
});

test("text behind a call that is answered is left, unless the provider refuses it", () => {
  const withThinking = [hi, assistant(thinking, "One.", call("a")), user(result("a"))];
  assert.equal(repair(withThinking), withThinking);
});
