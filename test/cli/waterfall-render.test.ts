import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import type { RunEvent } from "../../src/agent/run-event.ts";
import pc from "picocolors";
import { renderLegend, renderWaterfall } from "../../src/cli/waterfall/render.ts";
import { rowsOf, type Row } from "../../src/cli/waterfall/rows.ts";
import type { CallStatus, Stretch, TracedCall } from "../../src/trace/trace.ts";
import { readTrace } from "../../src/trace/read-trace.ts";
import { until, virtualRun } from "../support/virtual-runs.ts";

const plain = pc.createColors(false);

function render(
  rows: readonly Row[],
  nowMs: number,
  options: { width?: number; spanMs?: number } = {},
): string {
  const { width = 76, spanMs = 1_800 } = options;
  return `\n${renderWaterfall(rows, { width, spanMs, nowMs, colours: plain }).join("\n")}\n`;
}

/** A waterfall of one call that ended like this. */
function oneCall(status: CallStatus, stretches: readonly Stretch[], label = "get 1"): Row[] {
  const call: TracedCall = {
    key: "b1.1",
    call: { key: "b1.1", id: undefined, name: "get", input: {}, index: 0 },
    batch: "b1",
    turn: undefined,
    parent: undefined,
    parentAttempt: undefined,
    depth: 0,
    isWrapper: false,
    queuedMs: 0,
    startedMs: undefined,
    settledMs: undefined,
    stretches,
    attempts: [],
    pools: [],
    status,
    output: undefined,
    error: undefined,
    answer: undefined,
    progress: [],
  };
  return [{ kind: "call", label, call }];
}

function rowsOfEvents(events: readonly RunEvent[]): Row[] {
  return rowsOf(readTrace(events));
}

test("nothing has happened yet", () => {
  assert.equal(
    render(rowsOfEvents([]), 0),
    `
                     0            0.5 s       1 s          1.5 s
`,
  );
});

test("while the model writes, calls run and wait", async () => {
  assert.equal(
    render(rowsOfEvents(until(await virtualRun(), 650)), 650),
    `
                     0            0.5 s       1 s          1.5 s
  model, turn 1      ━━━━━━━━━━━━━━━━ 650 ms
    read a                ██████████ ✓ 400 ms
    read b                   ▒▒▒▒▒▒▒▒ 350 ms
    write a                    ······
    write a                       ···
    fail c                          ▒ 50 ms
`,
  );
});

test("when the model has stopped, calls wait for each other", async () => {
  assert.equal(
    render(rowsOfEvents(until(await virtualRun(), 1_100)), 1_100),
    `
                     0            0.5 s       1 s          1.5 s
  model, turn 1      ━━━━━━━━━━━━━━━━━━ 700 ms
    read a                ██████████ ✓ 400 ms
    read b                   ██████████ ✓ 400 ms
    write a                    ········███████ ✓ 300 ms
    write a                       ·····┄lock┄┄▒▒▒ 100 ms
    fail c                          ▓▓▓ ✗ 100 ms failed
`,
  );
});

test("a run that is over", async () => {
  assert.equal(
    render(rowsOfEvents(await virtualRun()), 1_800),
    `
                     0            0.5 s       1 s          1.5 s
  model, turn 1      ━━━━━━━━━━━━━━━━━━ 700 ms
    read a                ██████████ ✓ 400 ms
    read b                   ██████████ ✓ 400 ms
    write a                    ········███████ ✓ 300 ms
    write a                       ·····┄lock┄┄████████ ✓ 300 ms
    fail c                          ▓▓▓ ✗ 100 ms failed
  model, turn 2                                       ━━━━━━━━━━━━ 500 ms
`,
  );
});

test("each way to end reads differently, without colour", () => {
  const running = [{ kind: "running", fromMs: 0, toMs: 600 }] as const;
  const waiting = [{ kind: "wait", wait: { for: "slot", pool: "api" }, fromMs: 0, toMs: 600 }] as const;
  const endings: [CallStatus, readonly Stretch[]][] = [
    ["ok", running],
    ["failed", running],
    ["timed-out", running],
    ["cancelled", running],
    ["skipped", waiting],
    ["denied", []],
  ];
  const lines = endings.map(([status, stretches]) =>
    render(oneCall(status, stretches), 1_000, { width: 60 }),
  );
  assert.deepEqual(
    lines.map((line) => line.split("\n")[2]?.replace(/^ +get 1 +/, "")),
    [
      "██████████ ✓ 600 ms",
      "▓▓▓▓▓▓▓▓▓▓ ✗ 600 ms failed",
      "▓▓▓▓▓▓▓▓▓▓ ✗ 600 ms timed-out",
      "▓▓▓▓▓▓▓▓▓▓ – 600 ms cancelled",
      "┄┄┄slot┄┄┄ – skipped",
      "– denied",
    ],
  );
});

test("a failed attempt reads differently from the one after it, and both count", () => {
  const first = { kind: "failed", fromMs: 0, toMs: 400 } as const;
  const wait = { kind: "wait", wait: { for: "retry" }, fromMs: 400, toMs: 700 } as const;
  const bar = (status: CallStatus, ...stretches: Stretch[]) =>
    render(oneCall(status, stretches), 1_000, { width: 60, spanMs: 1_000 })
      .split("\n")[2]
      ?.replace(/^ +get 1 +/, "");
  const second = { kind: "running", fromMs: 700, toMs: 1_000 } as const;
  assert.equal(bar("ok", first, wait, second), "▓▓▓▓▓▓▓▓▓▓▓▓┄retry┄┄█████████ ✓ 700 ms");
  assert.equal(bar("failed", first, wait, second), "▓▓▓▓▓▓▓▓▓▓▓▓┄retry┄┄▓▓▓▓▓▓▓▓▓ ✗ 700 ms…");
  assert.equal(bar("going", first, { ...wait, wait: { for: "unknown" } }), "▓▓▓▓▓▓▓▓▓▓▓▓········ 400 ms");
});

test("no line is wider than the terminal, whatever the labels and however late a call ends", async () => {
  const late = oneCall("timed-out", [{ kind: "running", fromMs: 0, toMs: 1_000 }], "x".repeat(200));
  for (const width of [60, 80, 110]) {
    for (const rows of [late, rowsOfEvents(await virtualRun())]) {
      for (const nowMs of [0, 1, 900, 1_800, 50_000]) {
        const lines = render(rows, nowMs, { width, spanMs: 1_000 }).split("\n");
        assert.ok(
          lines.every((line) => line.length <= width),
          lines.join("\n"),
        );
      }
    }
  }
});

test("colour changes no character", async () => {
  const rows = rowsOfEvents(await virtualRun());
  const options = { width: 80, spanMs: 1_800, nowMs: 1_800 };
  const painted = renderWaterfall(rows, { ...options, colours: pc.createColors(true) }).join("\n");
  assert.notEqual(stripVTControlCharacters(painted), painted);
  assert.equal(
    stripVTControlCharacters(painted),
    renderWaterfall(rows, { ...options, colours: plain }).join("\n"),
  );
});

test("the legend fits a terminal of 80 columns", () => {
  assert.ok(renderLegend(plain).length <= 78);
});
