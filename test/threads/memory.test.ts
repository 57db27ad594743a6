import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { errorOf, brief } from "../support/stage.ts";
import { act, cell, isolating, raise, raised } from "../support/threads.ts";

const watched = "getHeapStatistics" in Worker.prototype;

for (const ending of ["growObjects", "growArray", "growBuffers"] as const) {
  const skip = ending === "growObjects" || watched ? false : "this Node cannot look at a thread's memory";
  test(`G2: a call that uses too much memory fails, and no other does (${ending})`, { skip }, async (t) => {
    const [begun, until] = [cell(), cell()];
    const executor = isolating(t, { threads: { max: 2, memoryMb: 64 } });
    const other = executor.run([act({ begun, until, value: "untouched" })]);
    await raised(begun);
    const [outcome] = await executor.run([act({ ending })]);
    assert.equal(
      errorOf(outcome).message,
      "the call used more than the 64 MB of memory that its thread may have",
    );
    raise(until);
    assert.deepEqual(brief(await other), ["untouched"]);
    assert.deepEqual(brief(await executor.run([act({ value: "next" })])), ["next"]);
  });
}
