import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  criticalPathOf,
  grahamBoundOf,
  lowerBoundOf,
  tailsOf,
  workOf,
} from "../../bench/workloads/bounds.ts";
import { optimumOf } from "../../bench/workloads/optimum.ts";
import {
  allAtOnce,
  levelBarrier,
  oneByOne,
  readOnlyBatches,
  readWriteLock,
  scheduleOf,
  type Rival,
  type RivalTurn,
} from "../../bench/workloads/rivals.ts";
import { brokenPairs, makespanOf } from "../../bench/workloads/schedule.ts";
import type { Pair } from "../../bench/workloads/workload.ts";

const pairs = (...each: Pair[]) => each;

/** 0 and 1 lead to 2; 3 stands alone. */
const FORK = { durations: [10, 30, 20, 40], pairs: pairs([0, 2], [1, 2]) };

describe("bounds", () => {
  test("the critical path is the longest path, and the tails lead to it", () => {
    assert.equal(workOf(FORK), 100);
    assert.equal(criticalPathOf(FORK), 50);
    assert.deepEqual(tailsOf(FORK), [30, 50, 20, 40]);
    assert.equal(criticalPathOf({ durations: [], pairs: [] }), 0);
  });

  test("the lower bound is the work per slot, or the critical path where that is longer", () => {
    assert.equal(lowerBoundOf(FORK, Infinity), 50);
    assert.equal(lowerBoundOf(FORK, 2), 50);
    assert.equal(lowerBoundOf(FORK, 1), 100);
    assert.equal(lowerBoundOf({ ...FORK, pairs: [] }, 2), 50);
  });

  test("Graham's bound is the critical path with slots without end, and the work with one", () => {
    assert.equal(grahamBoundOf(FORK, Infinity), 50);
    assert.equal(grahamBoundOf(FORK, 2), 75);
    assert.equal(grahamBoundOf(FORK, 1), 100);
  });
});

describe("the optimum", () => {
  test("five equal calls on four slots take two rounds, which the lower bound does not know", () => {
    const five = { durations: [10, 10, 10, 10, 10], pairs: [] };
    assert.equal(lowerBoundOf(five, 4), 12.5);
    assert.deepEqual(optimumOf(five, 4, 50), { makespan: 20, proven: true });
  });

  test("it is better than longest first where that errs", () => {
    const durations = [3, 3, 2, 2, 2];
    assert.deepEqual(optimumOf({ durations, pairs: [] }, 2, 12), { makespan: 6, proven: true });
  });

  test("it keeps the order of pairs, and never exceeds what it starts from", () => {
    assert.equal(optimumOf(FORK, 2, 100).makespan, 50);
    assert.equal(optimumOf({ durations: [5, 5, 5], pairs: pairs([0, 1], [1, 2]) }, 4, 99).makespan, 15);
    assert.equal(optimumOf(FORK, 2, 50).makespan, 50);
  });
});

describe("rivals", () => {
  const turn = (letters: string, known: readonly Pair[] = []): RivalTurn => ({
    durations: letters.split("").map(() => 10),
    touches: letters
      .split("")
      .map((letter) => (letter === "w" ? "writes" : letter === "r" ? "reads" : "none")),
    known,
  });
  const starts = (rival: Rival, played: RivalTurn, slots = Infinity) =>
    scheduleOf(rival, played, slots).map(({ fromMs }) => fromMs);

  test("one by one starts each call when the one before has ended", () => {
    assert.deepEqual(starts(oneByOne, turn("rrw")), [0, 10, 20]);
  });

  test("all at once starts everything that has a slot, and breaks what is to be in order", () => {
    assert.deepEqual(starts(allAtOnce, turn("rwwrr"), 2), [0, 0, 10, 10, 20]);
    const schedule = scheduleOf(allAtOnce, turn("ww"), Infinity);
    assert.deepEqual(brokenPairs(schedule, [[0, 1]]), [[0, 1]]);
  });

  test("read-only batches run reads that follow one another together, and a write alone", () => {
    assert.deepEqual(starts(readOnlyBatches, turn("rnwrrwwr")), [0, 0, 10, 20, 20, 30, 40, 50]);
    assert.deepEqual(starts(readOnlyBatches, turn("rrr"), 2), [0, 0, 10]);
  });

  test("one read/write lock is fair, and what touches nothing does not take it", () => {
    assert.deepEqual(starts(readWriteLock, turn("rrwrnw")), [0, 0, 10, 20, 0, 30]);
  });

  test("a level waits for all of the one before", () => {
    const played = { ...turn("nnnn", pairs([0, 2], [1, 3])), durations: [10, 40, 10, 10] };
    assert.deepEqual(starts(levelBarrier, played), [0, 0, 40, 40]);
  });

  test("a call that starts at the millisecond in which another ends comes behind it", () => {
    const schedule = scheduleOf(oneByOne, turn("ww"), Infinity);
    assert.deepEqual(brokenPairs(schedule, [[0, 1]]), []);
    assert.deepEqual(brokenPairs(schedule, [[1, 0]]), [[1, 0]]);
    assert.equal(makespanOf(schedule), 20);
  });
});
