/** Histories that Gemini would refuse, put right. The referee says what it would refuse. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { judge } from "../../../src/simulator/gemini/referee.ts";
import { geminiHistory, historyOptions } from "../../../src/wire/gemini/history.ts";
import type { GeminiContent } from "../../../src/wire/gemini/protocol.ts";
import { repairHistory, type RepairOptions } from "../../../src/wire/repair.ts";
import type { Json } from "../../support/broken-histories.ts";
import { testRepair } from "../../support/repair-properties.ts";

const NEW = "gemini-3.6-flash";
const OLD = "gemini-2.5-flash";
const dummy = "skip_thought_signature_validator";

/** Repairs a history for a model, and says what the provider says of one. */
function subject(model: string) {
  const shape = geminiHistory(historyOptions(model));
  return {
    repair: (history: readonly Json[], options?: RepairOptions) =>
      repairHistory(
        shape,
        history as unknown as readonly GeminiContent[],
        options,
      ) as unknown as readonly Json[],
    refusalOf: (contents: readonly Json[]) => {
      const refusal = judge({ contents }, { path: `/v1/models/${model}:generateContent` });
      return (refusal?.body["error"] as { message: string } | undefined)?.message;
    },
  };
}

const part = (text: string): Json => ({ text });
const user = (...parts: Json[]): Json => ({ role: "user", parts });
const model = (...parts: Json[]): Json => ({ role: "model", parts });
const call = (id: string | undefined, { name = "get", sign = "" } = {}): Json => ({
  functionCall: { ...(id !== undefined && { id }), name, args: {} },
  ...(sign !== "" && { thoughtSignature: sign }),
});
const result = (id: string | undefined, { name = "get", output = "done" as unknown } = {}): Json => ({
  functionResponse: { ...(id !== undefined && { id }), name, response: { output } },
});
const partsOf = (history: readonly Json[]) => history.flatMap(({ parts }) => parts as Json[]);

for (const [name, ids] of [
  [NEW, "ids"],
  [NEW, "no ids"],
  [OLD, "no ids"],
] as const) {
  testRepair(`gemini (${name}, ${ids})`, {
    ...subject(name),
    histories: fc
      .array(fc.record({ calls: fc.nat(4), after: fc.boolean(), thinks: fc.boolean() }), {
        minLength: 1,
        maxLength: 6,
      })
      .map((turns) => {
        let n = 0;
        const history = [user(part("Hi."))];
        for (const { calls, after, thinks } of turns) {
          const own = Array.from({ length: calls }, () => `id_${++n}`);
          const made = own.map((id, i) =>
            call(ids === "ids" ? id : undefined, { name: `get_${id}`, sign: i === 0 ? "c2lnbmVk" : "" }),
          );
          history.push(model(...(thinks || calls === 0 ? [part("Let me look.")] : []), ...made));
          const results = own.map((id) =>
            result(ids === "ids" ? id : undefined, { name: `get_${id}`, output: `result of ${id}` }),
          );
          if (calls > 0) history.push(user(...results));
          if (calls === 0 || after) history.push(user(part("Go on.")));
        }
        return history;
      }),
    parts: { pieces: "parts", ids: ["id"], own: /^id_/, user: user(part("Wait.")) },
    callsOf: (history) =>
      partsOf(history).flatMap((one) => {
        const made = one["functionCall"] as Json | undefined;
        return made === undefined ? [] : [String(made["name"])];
      }),
    resultsOf: (history) =>
      partsOf(history).flatMap((one) => {
        const answer = one["functionResponse"] as Json | undefined;
        return answer === undefined ? [] : [JSON.stringify(answer["response"])];
      }),
  });
}

const failed = (id: string | undefined, error: Json, name = "get"): Json => ({
  functionResponse: {
    ...(id !== undefined && { id }),
    name,
    response: { error: { code: "cancelled", ...error } },
  },
});
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
const hi = user(part("Hi."));
const two = model(call("a", { sign: "c2ln" }), call("b"));

const cases: Record<string, readonly [before: Json[], after: Json[], options?: RepairOptions]> = {
  "case 9: a call without a result gets one that does not know whether it ran": [
    [hi, two, user(result("a")), user(part("Go on."))],
    [hi, two, user(result("a"), failed("b", unknown)), user(part("Go on."))],
  ],
  "case 9: a result without a call goes, and with it a content of nothing else": [
    [hi, model(part("Hello.")), user(result("a")), user(part("Go on."))],
    [hi, model(part("Hello.")), user(part("Go on."))],
  ],
  "case 10: a compaction that cut through a batch drops the results whose calls it dropped": [
    [user(part("Before: we looked.")), user(result("a"), result("b")), user(part("Go on."))],
    [user(part("Before: we looked.")), user(part("Go on."))],
  ],
  "case 10: a compaction that kept the calls only has them answered": [
    [two, user(part("Go on."))],
    [
      user(part("(The beginning of this conversation is missing.)")),
      two,
      user(failed("a", unknown), failed("b", unknown)),
      user(part("Go on.")),
    ],
  ],
  "case 12: a process killed in the middle of a turn leaves calls that are answered before the first request":
    [
      [hi, two],
      [hi, two, user(failed("a", notRun), failed("b", unknown))],
      { neverRan: ({ id }) => id === "a" },
    ],
  "results of one turn in two contents come together (case 5)": [
    [hi, two, user(result("a")), user(result("b"))],
    [hi, two, user(result("a"), result("b"))],
  ],
  "what a user says beside results goes behind them (case 5)": [
    [hi, two, user(part("Look:"), result("b"), result("a"), part("And?"))],
    [hi, two, user(result("a"), result("b")), user(part("Look:"), part("And?"))],
  ],
  "calls that were split over two contents come together, signatures on their parts": [
    [hi, model(call("a", { sign: "c2ln" })), model(call("b")), user(result("a"), result("b"))],
    [hi, model(call("a", { sign: "c2ln" }), call("b")), user(result("a"), result("b"))],
  ],
  "a call that has lost its signature gets the one that skips the check, and its siblings get none": [
    [hi, model(call("a"), call("b")), user(result("a"), result("b"))],
    [hi, model(call("a", { sign: dummy }), call("b")), user(result("a"), result("b"))],
  ],
  "calls without ids are paired by name and place": [
    [
      hi,
      model(call(undefined, { sign: "c2ln" }), call(undefined)),
      user(result(undefined, { output: "first" })),
      user(result(undefined, { output: "second" })),
    ],
    [
      hi,
      model(call(undefined, { sign: "c2ln" }), call(undefined)),
      user(result(undefined, { output: "first" }), result(undefined, { output: "second" })),
    ],
  ],
  "a result that lost its id gets its call's, and keeps what it says": [
    [hi, two, user(result(undefined, { output: "first" }), result("b"))],
    [hi, two, user(result("a", { output: "first" }), result("b"))],
  ],
  "a result whose call lost its id loses it as well": [
    [hi, model(call(undefined, { sign: "c2ln" }), call("b")), user(result("b"), result("a"))],
    [hi, model(call(undefined, { sign: "c2ln" }), call("b")), user(result(undefined), result("b"))],
  ],
  "a result with an id that no call has goes, though a call of its name is unanswered (case 11)": [
    [hi, two, user(result("x"), result("b"))],
    [hi, two, user(failed("a", unknown), result("b"))],
  ],
  "a result that lost its id answers no call of an earlier turn": [
    [hi, two, user(result("b")), model(call("c", { name: "put", sign: "c2ln" })), user(result(undefined))],
    [
      hi,
      two,
      user(failed("a", unknown), result("b")),
      model(call("c", { name: "put", sign: "c2ln" })),
      user(failed("c", unknown, "put")),
    ],
  ],
  "calls that come together once a result between them is gone are one step, with one signature": [
    [
      hi,
      model(call("a", { sign: "c2ln" })),
      user(result("x")),
      model(call("b")),
      user(result("a"), result("b")),
    ],
    [hi, model(call("a", { sign: "c2ln" }), call("b")), user(result("a"), result("b"))],
  ],
  "an empty answer that a client stored goes": [
    [hi, model(), user(part("Go on."))],
    [hi, user(part("Go on."))],
  ],
};

for (const [title, [before, after, options]] of Object.entries(cases)) {
  test(title, () => {
    const { repair, refusalOf } = subject(NEW);
    assert.notEqual(refusalOf(before), undefined);
    assert.deepEqual(repair(before, options), after);
    assert.equal(refusalOf(after), undefined);
  });
}

test("what came before the user's last word needs no signature, and models before Gemini 3 need none at all", () => {
  const before = [hi, model(call("a")), user(result("a")), user(part("Go on."))];
  assert.equal(subject(NEW).repair(before), before);
  const last = before.slice(0, 3);
  assert.equal(subject(OLD).repair(last), last);
});

test("before a user's word no signature is missed", () => {
  const before = [hi, model(call("a")), user(result("a"))];
  assert.equal(subject(NEW).repair(before, { next: "user" }), before);
  assert.deepEqual(subject(NEW).repair(before), [hi, model(call("a", { sign: dummy })), user(result("a"))]);
});

test("a content without a list of parts, as the client's type allows, is an empty one", () => {
  assert.deepEqual(subject(NEW).repair([hi, { role: "model" }, user(part("Go on."))]), [
    hi,
    user(part("Go on.")),
  ]);
});

test("a call without an id is asked about with an empty one", () => {
  const asked: string[] = [];
  subject(NEW).repair([hi, model(call(undefined, { sign: "c2ln" }), call("b"))], {
    neverRan: ({ id, name }) => asked.push(`${name} ${id}`) < 0,
  });
  assert.deepEqual(asked, ["get ", "get b"]);
});

test("ids that were lost on one side cost no result", () => {
  const names = fc.array(fc.constantFrom("get", "put"), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(fc.tuple(names, fc.constantFrom("calls", "results", "nothing"))), (turns) => {
      const { repair, refusalOf } = subject(NEW);
      const history = turns.flatMap(([made, lost], n) => {
        const ids = made.map((_, i) => `id_${n}_${i}`);
        const calls = made.map((name, i) =>
          call(lost === "calls" ? undefined : ids[i], { name, sign: i === 0 ? "c2ln" : "" }),
        );
        const results = made.map((name, i) =>
          result(lost === "results" ? undefined : ids[i], { name, output: ids[i] }),
        );
        return [model(...calls), user(...results)];
      });
      const after = repair([hi, ...history]);
      assert.equal(refusalOf(after), undefined);
      const outputs = (some: readonly Json[]) =>
        partsOf(some).map((one) => (one["functionResponse"] as Json | undefined)?.["response"]);
      assert.deepEqual(outputs(after), outputs([hi, ...history]));
    }),
    { numRuns: 1_000 },
  );
});
