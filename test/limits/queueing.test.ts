import assert from "node:assert/strict";
import { test } from "node:test";
import { Queueing, type QueueingVerdict } from "../../src/limits/queueing.ts";

/** Records calls until a measure is over, or so many; what it says. */
function measure(
  queueing: Queueing,
  call: { ms: number; running: number; slots?: number },
): QueueingVerdict | undefined {
  for (let i = 0; i < 64; i++) {
    const verdict = queueing.record(call, call.slots ?? call.running);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

/** With a baseline of 100 ms, and long measures. */
function settled(): Queueing {
  const queueing = new Queueing();
  for (let i = 0; i < 6; i++) assert.equal(measure(queueing, { ms: 100, running: 4 })?.kind, "fine");
  return queueing;
}

test("calls that take twice as long twice on end are suspected, and those in time are fine", () => {
  const queueing = settled();
  assert.deepEqual(measure(queueing, { ms: 170, running: 8 }), { kind: "fine" });
  assert.deepEqual(measure(queueing, { ms: 200, running: 16 }), { kind: "fine" });
  assert.deepEqual(measure(queueing, { ms: 200, running: 16 }), { kind: "suspected" });
});

test("calls that take less once fewer run did queue: as many are served as that tells, and a little more", () => {
  const queueing = settled();
  measure(queueing, { ms: 200, running: 16 });
  measure(queueing, { ms: 200, running: 16 });
  queueing.restart();
  assert.deepEqual(measure(queueing, { ms: 100, running: 8 }), { kind: "queueing", slots: 9 });
});

test("calls that take as long though fewer run did not queue: the limit goes back up, and they are in time from now on", () => {
  const queueing = settled();
  measure(queueing, { ms: 1_000, running: 16 });
  measure(queueing, { ms: 1_000, running: 16 });
  queueing.restart();
  assert.deepEqual(measure(queueing, { ms: 1_000, running: 8 }), { kind: "innocent", slots: 16 });
  for (let i = 0; i < 3; i++)
    assert.deepEqual(measure(queueing, { ms: 1_000, running: 16 }), { kind: "fine" });
  assert.equal(queueing.prompt(1_000), true);
});

test("nothing is decided until clearly fewer run than before", () => {
  const queueing = settled();
  for (let i = 0; i < 2; i++) measure(queueing, { ms: 200, running: 16 });
  assert.deepEqual(measure(queueing, { ms: 180, running: 14 }), { kind: "fine" });
  assert.deepEqual(measure(queueing, { ms: 180, running: 14 }), { kind: "suspected" });
  assert.deepEqual(measure(queueing, { ms: 100, running: 7 }), { kind: "queueing", slots: 9 });
});

test("a limit that was lowered for another reason does not go back up", () => {
  const queueing = settled();
  for (let i = 0; i < 2; i++) measure(queueing, { ms: 1_000, running: 16 });
  queueing.acquit();
  queueing.restart();
  assert.deepEqual(measure(queueing, { ms: 1_000, running: 8 }), { kind: "fine" });
});

test("calls that run alone do not queue: their time is what they take now", () => {
  const queueing = settled();
  for (let i = 0; i < 12; i++) assert.deepEqual(measure(queueing, { ms: 500, running: 1 }), { kind: "fine" });
  assert.equal(queueing.prompt(500), true);
});

test("a call that takes much longer than usual was not prompt; before anything is known, each was", () => {
  assert.equal(new Queueing().prompt(1e9), true);
  assert.equal(settled().prompt(174), true);
  assert.equal(settled().prompt(176), false);
});

test("calls that take no time at all do no harm", () => {
  const queueing = new Queueing();
  for (let i = 0; i < 500; i++) queueing.record({ ms: 0, running: 4 }, 4);
  assert.equal(queueing.prompt(0), true);
  assert.deepEqual(measure(queueing, { ms: 0, running: 4 }), { kind: "fine" });
});
