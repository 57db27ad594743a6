import assert from "node:assert/strict";
import { test } from "node:test";
import pc from "picocolors";
import { renderComparison } from "../../src/cli/trace/comparison.ts";
import { compareTraces } from "../../src/trace/compare.ts";
import type { Trace } from "../../src/trace/trace.ts";
import { busyTrace, traceOf, virtualTrace } from "../support/virtual-traces.ts";

const colours = pc.createColors(false);

function diff(a: Trace, b: Trace, width: number): string {
  return `\n${renderComparison(compareTraces(a, b), { a, b, width, colours }).join("\n")}\n`;
}

test("one slot beside ten, in 60 columns", async () => {
  const [a, b] = [await virtualTrace({ concurrency: 1 }), await virtualTrace()];
  assert.equal(
    diff(traceOf(a), traceOf(b), 60),
    `
                        a       b    b − a
  wall             1.80 s  1.80 s        =
  the model wrote  800 ms  1.20 s  +400 ms  +50 %
  tools ran        1.50 s  1.50 s        =
  calls waited     2.70 s  800 ms  −1.90 s  −70 %
  one by one       2.30 s  2.70 s  +400 ms  +17 %
  without limits   1.80 s  1.80 s        =
  turns                 2       2        =
  calls                 5       5        =
  calls per turn      5.0     5.0        =
  at once at most       1       2       +1
  errors                1       1        =

  turns
    r1/1  1.70 s  1.30 s  −400 ms
    r1/2  100 ms  500 ms  +400 ms

  calls that took longer or shorter in b
    r1/1  fail c     −1.00 s  waited 1.00 s → 0 ms
    r1/1  read b     −300 ms  waited 300 ms → 0 ms
    r1/1  write a    −300 ms  waited 600 ms → 300 ms
    r1/1  write a    −300 ms  waited 800 ms → 500 ms
`,
  );
});

test("the same in 110 columns", async () => {
  const [a, b] = [await virtualTrace({ concurrency: 1 }), await virtualTrace()];
  assert.equal(
    diff(traceOf(a), traceOf(b), 110),
    `
                        a       b    b − a
  wall             1.80 s  1.80 s        =
  the model wrote  800 ms  1.20 s  +400 ms  +50 %
  tools ran        1.50 s  1.50 s        =
  calls waited     2.70 s  800 ms  −1.90 s  −70 %
  one by one       2.30 s  2.70 s  +400 ms  +17 %
  without limits   1.80 s  1.80 s        =
  turns                 2       2        =
  calls                 5       5        =
  calls per turn      5.0     5.0        =
  at once at most       1       2       +1
  errors                1       1        =

  turns
    r1/1  1.70 s  1.30 s  −400 ms
    r1/2  100 ms  500 ms  +400 ms

  calls that took longer or shorter in b
    r1/1  fail c     −1.00 s  waited 1.00 s → 0 ms
    r1/1  read b     −300 ms  waited 300 ms → 0 ms
    r1/1  write a    −300 ms  waited 600 ms → 300 ms
    r1/1  write a    −300 ms  waited 800 ms → 500 ms
`,
  );
});

test("what only one of two scenes has", async () => {
  assert.equal(
    diff(traceOf(await virtualTrace()), traceOf(await busyTrace()), 80),
    `
                        a       b    b − a
  wall             1.80 s  1.90 s  +100 ms    +6 %
  the model wrote  1.20 s  500 ms  −700 ms   −58 %
  tools ran        1.50 s  2.60 s  +1.10 s   +73 %
  calls waited     800 ms  3.40 s  +2.60 s  +325 %
  one by one       2.70 s  3.50 s  +800 ms   +30 %
  without limits   1.80 s  1.70 s  −100 ms    −6 %
  turns                 2       4       +2
  calls                 5       5        =
  calls per turn      5.0     2.5     −2.5
  at once at most       2       3       +1
  errors                1       0       −1
  retries               0       1       +1
  hedges                0       1       +1

  turns
    r1/1  1.30 s  1.70 s  +400 ms
    r1/2  500 ms    0 ms  −500 ms

  only in a
    5 calls: read(a), read(b), write(a), write(a), fail(c)

  only in b
    2 turns: r2/1, r2/2
    7 calls: get(slow), get(refused), report(), get(inner),
    parallel([{"name":"get","input":{"id":"x"}},{"name":"get…), get(x), get(y)
`,
  );
});

test("calls that ended differently are told with their turn", async () => {
  const a = traceOf(await virtualTrace());
  const [first] = a.calls;
  assert.ok(first);
  const ended = { ...first, status: "timed-out", attempts: [...first.attempts, ...first.attempts] } as const;
  const b = { ...a, calls: [ended, ...a.calls.slice(1)] };
  const [, told] = diff(a, b, 80).split("calls that ended differently\n");
  assert.equal(told, "    r1/1  read(a): ok → timed-out in 2 attempts\n");
});

test("a trace beside itself differs in nothing", async () => {
  const trace = traceOf(await virtualTrace());
  assert.equal(
    diff(trace, trace, 80),
    `
                        a       b  b − a
  wall             1.80 s  1.80 s      =
  the model wrote  1.20 s  1.20 s      =
  tools ran        1.50 s  1.50 s      =
  calls waited     800 ms  800 ms      =
  one by one       2.70 s  2.70 s      =
  without limits   1.80 s  1.80 s      =
  turns                 2       2      =
  calls                 5       5      =
  calls per turn      5.0     5.0      =
  at once at most       2       2      =
  errors                1       1      =

  turns
    r1/1  1.30 s  1.30 s  =
    r1/2  500 ms  500 ms  =
`,
  );
});
