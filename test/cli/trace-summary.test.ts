import assert from "node:assert/strict";
import { test } from "node:test";
import pc from "picocolors";
import { renderSummary, type SummaryOptions } from "../../src/cli/trace/summary.ts";
import { readTrace } from "../../src/trace/read-trace.ts";
import type { TraceEvent } from "../../src/trace/trace-event.ts";
import type { Trace } from "../../src/trace/trace.ts";
import { busyTrace, traceOf, virtualTrace } from "../support/virtual-traces.ts";

const colours = pc.createColors(false);

function summary(trace: Trace, options: Partial<SummaryOptions> = {}): string {
  return `\n${renderSummary(trace, { width: 80, colours, ...options }).join("\n")}\n`;
}

test("a run in figures", async () => {
  assert.equal(
    summary(traceOf(await virtualTrace())),
    `
  time
    wall                1.80 s
    one by one          2.70 s  900 ms saved, 33 %
    without limits      1.80 s  limits cost nothing
    the model wrote     1.20 s
    tools ran           1.50 s  all calls added up
    calls waited        800 ms  all calls added up

  critical path
    the model     1.20 s  67 %
    tools         600 ms  33 %

  calls
    5 in 2 turns, 5.0 per turn that made any, at most 2 at once
    4 ok, 1 failed

  what calls waited for
    the model to stop  500 ms  2 calls
    the lock on a      300 ms   1 call

  tools
           calls  errors  running  waited  longest
    read       2       –   800 ms    0 ms   400 ms  read a
    write      2       –   600 ms  800 ms   300 ms  write a
    fail       1       1   100 ms    0 ms   100 ms

  errors
    ✗ fail(c) tool-error: there is no such thing
`,
  );
});

test("two runs, in 60 columns", async () => {
  assert.equal(
    summary(traceOf(await busyTrace()), { width: 60 }),
    `
  time
    wall                1.90 s
    one by one          3.50 s  1.60 s saved, 46 %
    without limits      1.70 s  limits cost 200 ms
    the model wrote     500 ms
    tools ran           2.60 s  all calls added up
    calls waited        3.40 s  all calls added up

  critical path
    the model     300 ms  16 %
    tools         1.60 s  84 %

  calls
    5 in 4 turns, 2.5 per turn that made any, at most 3 at
    once
    5 ok, 1 retry, 1 hedge

  calls per turn
     2  █ 1 turn
     3  █ 1 turn

  what calls waited for
    the rate of the pool api    2.00 s  2 calls
    the next attempt to be due  1.00 s   1 call
    a slot of the pool api      400 ms  2 calls

  tools
            calls  errors  running  longest
    get         4       –   2.20 s   1.40 s  get slow
    report      1       –   400 ms   400 ms

  runs
              turns  calls    wall   saved  tokens in  out
    r1  done      2      3  1.70 s  1.80 s          0    0
    r2  done      2      2  1.90 s    0 ms          0    0
`,
  );
});

test("two runs, in 110 columns", async () => {
  assert.equal(
    summary(traceOf(await busyTrace()), { width: 110 }),
    `
  time
    wall                1.90 s
    one by one          3.50 s  1.60 s saved, 46 %
    without limits      1.70 s  limits cost 200 ms
    the model wrote     500 ms
    tools ran           2.60 s  all calls added up
    calls waited        3.40 s  all calls added up

  critical path
    the model     300 ms  16 %
    tools         1.60 s  84 %

  calls
    5 in 4 turns, 2.5 per turn that made any, at most 3 at once
    5 ok, 1 retry, 1 hedge

  calls per turn
     2  █ 1 turn
     3  █ 1 turn

  what calls waited for
    the rate of the pool api    2.00 s  2 calls
    the next attempt to be due  1.00 s   1 call
    a slot of the pool api      400 ms  2 calls

  tools
            calls  errors  running  waited  longest
    get         4       –   2.20 s  3.40 s   1.40 s  get slow
    report      1       –   400 ms    0 ms   400 ms

  runs
              turns  calls    wall   saved  tokens in  out
    r1  done      2      3  1.70 s  1.80 s          0    0
    r2  done      2      2  1.90 s    0 ms          0    0
`,
  );
});

test("one run of two", async () => {
  assert.equal(
    summary(traceOf(await busyTrace()), { run: "r2" }),
    `
  time
    wall                1.90 s
    one by one          1.90 s
    without limits      700 ms  limits cost 1.20 s
    the model wrote     500 ms
    tools ran           400 ms  all calls added up
    calls waited        2.40 s  all calls added up

  critical path
    the model     500 ms  26 %
    tools         200 ms  11 %
    waits         1.20 s  63 %

  calls
    2 in 2 turns, 2.0 per turn that made any, at most 2 at once
    2 ok

  what calls waited for
    the rate of the pool api  2.00 s  2 calls
    a slot of the pool api    400 ms  2 calls

  tools
         calls  errors  running  waited  longest
    get      2       –   400 ms  2.40 s   200 ms  get x
`,
  );
});

test("of very many runs the first are told, and how many there are more", () => {
  const events = Array.from({ length: 12 }, (_, i): TraceEvent[] => [
    { type: "run.started", at: i, run: `r${i}` },
    { type: "turn.started", at: i, run: `r${i}`, turn: 1 },
    { type: "run.ended", at: i + 1, run: `r${i}`, status: "done" },
  ]);
  const text = summary(readTrace(events.flat()), { width: 80 });
  assert.match(text, /\n {4}r9 {2}done .*\n {4}… and 2 more\n$/);
});
