import assert from "node:assert/strict";
import { test } from "node:test";
import pc from "picocolors";
import { renderPathSteps } from "../../src/cli/trace/path-steps.ts";
import { criticalPath } from "../../src/trace/critical-path.ts";
import { busyTrace, traceOf, virtualTrace } from "../support/virtual-traces.ts";

const colours = pc.createColors(false);

function path(text: string, width: number, run?: string): string {
  const trace = traceOf(text);
  return `\n${renderPathSteps(trace, criticalPath(trace, run), { width, colours }).join("\n")}\n`;
}

test("each step says how the path came to it", async () => {
  assert.equal(
    path(await virtualTrace(), 60),
    `
      at   takes  share
    0 ms  700 ms   39 %  the model writes turn 1
  700 ms  300 ms   17 %  call 3, write a
                         had waited 300 ms for the model
                         to finish its turn
  1.00 s  300 ms   17 %  call 4, write a
                         had waited 300 ms for the lock on
                         a, held by call 3 (write)
  1.30 s  500 ms   28 %  the model writes turn 2

  what would make it shorter, and by how much at most
    the model       1.20 s  67 %  2 turns
    the tool write  600 ms  33 %  2 steps
`,
  );
});

test("with one slot, the path goes through all calls", async () => {
  assert.equal(
    path(await virtualTrace({ concurrency: 1 }), 110),
    `
      at   takes  share
    0 ms  200 ms   11 %  the model writes turn 1
  200 ms  400 ms   22 %  call 1, read a
  600 ms  400 ms   22 %  call 2, read b
                         had waited 300 ms for call 1 (read), which comes first
  1.00 s  300 ms   17 %  call 3, write a
                         had waited 300 ms for call 2 (read), which comes first
  1.30 s  300 ms   17 %  call 4, write a
                         had waited 600 ms for call 3 (write), which comes first
  1.60 s  100 ms    6 %  call 5, fail c
                         had waited 900 ms for call 4 (write), which comes first
  1.70 s  100 ms    6 %  the model writes turn 2

  what would make it shorter, and by how much at most
    the tool read   800 ms  44 %  2 steps
    the tool write  600 ms  33 %  2 steps
    the model       300 ms  17 %  2 turns
    the tool fail   100 ms   6 %   1 step
`,
  );
});

test("of two runs it is the path of the one that ended last", async () => {
  assert.equal(
    path(await busyTrace(), 110),
    `
      at   takes  share
    0 ms  300 ms   16 %  the model writes turn 1 of r1
  300 ms  1.40 s   74 %  call 1 of r1, get slow
  1.70 s  200 ms   11 %  call 1 of r2, get x
                         had waited 200 ms for a slot of the pool api

  what would make it shorter, and by how much at most
    the tool get  1.60 s  84 %  2 steps
    the model     300 ms  16 %   1 turn
`,
  );
});

test("what one run waited for", async () => {
  assert.equal(
    path(await busyTrace(), 60, "r2"),
    `
      at   takes  share
    0 ms  500 ms   26 %  the model writes turn 1 of r2
  500 ms  1.00 s   53 %  call 1 of r2, get x, waits
                         for the rate of the pool api
  1.50 s  200 ms   11 %  call 1 of r2, get x, waits
                         for a slot of the pool api
  1.70 s  200 ms   11 %  call 1 of r2, get x

  what would make it shorter, and by how much at most
    waiting for the rate of t…  1.00 s  53 %  1 step
    the model                   500 ms  26 %  1 turn
    the tool get                200 ms  11 %  1 step
    waiting for a slot of the…  200 ms  11 %  1 step
`,
  );
});
