import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { test } from "node:test";
import type { Call, Outcome } from "../../src/index.ts";
import { errorOf, brief } from "../support/stage.ts";
import { act, isolating } from "../support/threads.ts";

test("input and output are cloned: maps, dates, bytes and rings cross", async (t) => {
  const value: Record<string, unknown> = {
    map: new Map([["a", new Date(0)]]),
    bytes: new Uint8Array([1, 2]),
    big: 2n ** 70n,
  };
  value["self"] = value;
  const [outcome] = await isolating(t).run([act({ value })]);
  assert.deepEqual(outcome?.output, value);
  assert.notEqual(outcome?.output, value);
});

test("what cannot be cloned fails the call with a message that says what and where", async (t) => {
  const executor = isolating(t);
  const outcomes = await executor.run([
    act({ value: { callback: () => {} } }),
    act({ ending: "returnFunction" }),
    act({ ending: "reportFunction" }),
  ]);
  const messages = outcomes.map((outcome) => errorOf(outcome).message);
  assert.match(messages[0] ?? "", /^the input cannot enter a thread: .*could not be cloned/);
  assert.match(messages[1] ?? "", /^what `execute` returned cannot leave its thread: .*could not be cloned/);
  assert.match(
    messages[2] ?? "",
    /^what `progress` was given cannot leave its thread: .*could not be cloned/,
  );
  assert.deepEqual(brief(await executor.run([act({ value: 1 })])), [1]);
});

test("an error keeps its name, message, cause and own fields", async (t) => {
  const [outcome] = await isolating(t).run([act({ ending: "throwError" })]);
  const { message, cause } = errorOf(outcome);
  assert.equal(message, "come back later");
  assert.ok(cause instanceof Error);
  const { name, status, code, retryable, retryAfterMs, body } = cause as Error & Record<string, unknown>;
  assert.deepEqual(
    { name, status, code, retryable, retryAfterMs, body },
    {
      name: "Overloaded",
      status: 529,
      code: "overloaded",
      retryable: true,
      retryAfterMs: 30,
      body: { detail: ["busy"] },
    },
  );
  assert.match(cause.stack ?? "", /act\.ts/);
  assert.ok(!("retry" in cause), "a function was left");
  assert.ok(cause.cause instanceof Error);
  assert.deepEqual(
    [cause.cause.name, cause.cause.message, cause.cause.cause],
    ["RangeError", "too many", "people"],
  );
});

test("anything may be thrown", async (t) => {
  const [value, oddity] = await isolating(t).run([
    act({ ending: "throwValue" }),
    act({ ending: "throwOddity" }),
  ]);
  assert.deepEqual(errorOf(value).cause, { reason: "a value" });
  assert.equal(errorOf(oddity).message, "a function");
});

test("a thread is given the call, its key and progress, and no value of the asynchronous context (case J84)", async (t) => {
  const storage = new AsyncLocalStorage<string>();
  const executor = isolating(t);
  const request = { id: "toolu_1", name: "act", input: { ending: "describeContext" } };
  const [outcome] = await storage.run("span", () => executor.run([request]));
  const { call, ...rest } = (outcome as Outcome).output as { call: Call; idempotencyKey: string };
  assert.deepEqual(call, outcome?.call);
  assert.match(rest.idempotencyKey, /toolu_1/);
  assert.deepEqual(
    { ...rest, idempotencyKey: "" },
    {
      keys: ["call", "idempotencyKey", "progress"],
      idempotencyKey: "",
      store: undefined,
    },
  );
});

test("events of a call in a thread are heard in the asynchronous context of its own turn (case 82)", async (t) => {
  const storage = new AsyncLocalStorage<string>();
  const heard: string[] = [];
  const executor = isolating(t, {
    onEvent: ({ type }) => {
      if (type === "call.progress" || type === "call.settled") heard.push(`${type} ${storage.getStore()}`);
    },
  });
  const turnOf = (name: string) => storage.run(name, () => executor.run([act({ progress: name })]));
  // The second turn uses the thread that the first one has started.
  await turnOf("1st");
  await turnOf("2nd");
  assert.deepEqual(heard, ["call.progress 1st", "call.settled 1st", "call.progress 2nd", "call.settled 2nd"]);
});
