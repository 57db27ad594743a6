import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunEvent } from "../../src/agent/run-event.ts";
import { toText } from "../../src/results/text.ts";
import { toTraceLine } from "../../src/trace/trace-line.ts";
import { TuttiError } from "../../src/core/errors.ts";
import type { CallError } from "../../src/core/outcome.ts";

const call = { key: "b1.1", id: "x", name: "get", input: { id: 1 }, index: 0 };

function settled(output: unknown): RunEvent {
  const outcome = { call, status: "ok", output, attempts: 1, queuedMs: 0, runningMs: 1 } as const;
  return { type: "call.settled", at: 5, call: "b1.1", outcome, turn: 1 };
}

function failed(cause: unknown): RunEvent {
  const error: CallError = {
    code: "tool-error",
    message: "no",
    retryable: false,
    mayHaveTakenEffect: false,
    cause,
  };
  const outcome = { call, status: "failed", error, attempts: 1, queuedMs: 0, runningMs: 1 } as const;
  return { type: "call.settled", at: 5, call: "b1.1", outcome, turn: 1 };
}

/** The line, read again. */
function read(event: RunEvent) {
  const line = toTraceLine(event);
  assert.doesNotMatch(line, /[\n\r]/);
  return JSON.parse(line) as { type: string; outcome: { output: unknown; error: { cause: unknown } } };
}

test("an event of plain values is the same when it is read again", () => {
  const event = settled({ text: "a\nb", list: [1, null, true] });
  assert.deepEqual(read(event), event);
});

test("a character of the model's text that came in two pieces is whole again when they are joined", () => {
  const pieces = ["\ud83d", "\ude00"].map((text) => toTraceLine({ type: "turn.text", at: 1, turn: 1, text }));
  assert.equal(pieces.map((line) => (JSON.parse(line) as { text: string }).text).join(""), "😀");
});

test("any value that a tool can return has a line", () => {
  const cycle: Record<string, unknown> = { name: "me" };
  cycle["self"] = cycle;
  const values = [12n, cycle, new Map([["a", 1n]]), new Date(NaN), Symbol("s"), () => 1, undefined, "\ud800"];
  for (const value of values) {
    const { told } = JSON.parse(toText({ told: value })) as { told?: unknown };
    const odd = { ...call, input: value };
    const lineOf = (event: RunEvent) => JSON.parse(toTraceLine(event));
    assert.deepEqual(lineOf(settled(value)).outcome.output, told);
    const done = { call: odd, status: "ok", output: 1, attempts: 1, queuedMs: 0, runningMs: 1 } as const;
    assert.deepEqual(
      lineOf({ type: "call.settled", at: 1, turn: 1, call: "b1.1", outcome: done }).outcome.call.input,
      told,
    );
    assert.deepEqual(
      lineOf({ type: "call.queued", at: 1, turn: 1, batch: "b1", call: odd }).call.input,
      told,
    );
    assert.deepEqual(lineOf({ type: "call.progress", at: 1, turn: 1, call: "b1.1", value }).value, told);
  }
  assert.equal(read(settled(12n)).outcome.output, 12);
  assert.match(toTraceLine(settled(cycle)), /"name":"me","self":"\[Circular\]"/);
});

test("what was thrown is kept with its name, message and stack, and so are its causes", () => {
  const inner = new RangeError("too far");
  const error = Object.assign(new Error("could not go", { cause: inner }), { code: "EFAR" });
  assert.deepEqual(read(failed(error)).outcome.error.cause, {
    name: "Error",
    message: "could not go",
    stack: error.stack,
    code: "EFAR",
    cause: { name: "RangeError", message: "too far", stack: inner.stack },
  });
});

test("what was thrown may be anything", () => {
  const loop = new Error("loop");
  loop.cause = loop;
  const hostile = new Proxy(new Error("x"), {
    get: () => {
      throw new Error("do not look");
    },
  });
  for (const thrown of ["text", undefined, null, 7n, loop, hostile]) {
    assert.equal(read(failed(thrown)).type, "call.settled");
  }
});

test("a response that broke off is kept with what lay behind it", () => {
  const cause = new Error("socket hang up");
  const error = new TuttiError("model-failed", "terminated", { cause });
  const line = toTraceLine({ type: "turn.broken", at: 1, turn: 1, error });
  const { error: told } = JSON.parse(line) as { error: Record<string, unknown> };
  assert.deepEqual(
    [told["code"], told["message"], told["cause"]],
    ["model-failed", "terminated", { name: "Error", message: "socket hang up", stack: cause.stack }],
  );
});
