import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { toChromeTrace, type ChromeEvent } from "../../src/trace/chrome-trace.ts";
import { readTrace } from "../../src/trace/read-trace.ts";
import type { TraceEvent } from "../../src/trace/trace-event.ts";
import { play } from "../support/chaos.ts";
import { plans } from "../support/chaos-plan.ts";
import { virtualRun } from "../support/virtual-runs.ts";

test("a run is a process with its model, its calls, their waits and attempts, and the path through them", async () => {
  const { traceEvents, displayTimeUnit } = toChromeTrace(readTrace(await virtualRun()));
  assert.equal(displayTimeUnit, "ms");
  const processes = traceEvents
    .filter(({ name }) => name === "process_name")
    .map(({ args }) => args?.["name"]);
  assert.deepEqual(processes, ["limits, and calls of no run", "run r1"]);
  const slices = traceEvents.filter(({ ph, pid }) => ph === "X" && pid === 2);
  const threads = new Map(
    traceEvents
      .filter(({ name, pid }) => name === "thread_name" && pid === 2)
      .map(({ tid, args }) => [tid, args?.["name"]]),
  );
  const told = slices.map(
    ({ tid, name, ts, dur = 0 }) => `${String(threads.get(tid))}: ${name} ${ts / 1e3}–${(ts + dur) / 1e3}`,
  );
  assert.ok(told.includes("model: turn r1/1 0–700"), told.join("\n"));
  assert.ok(told.includes("calls: read 200–600"));
  assert.ok(told.includes("calls: read, attempt 1 200–600"));
  assert.ok(told.some((line) => /waits for the lock on a, held by call 3 \(write\)/.test(line)));
  assert.ok(told.some((line) => line.startsWith("critical path: model ")));
  const critical = slices.filter(({ cat }) => cat === "call,critical-path").map(({ args }) => args?.["call"]);
  assert.deepEqual(critical, ["b1.3", "b1.4"]);
  const counters = traceEvents.filter(({ ph }) => ph === "C");
  assert.deepEqual(counters[0], {
    ph: "C",
    name: "slots of executor",
    pid: 1,
    tid: 0,
    ts: 200_000,
    args: { "in use": 1 },
  });
});

test("an arrow leads from the call that was waited for to the one that waited", async () => {
  const { traceEvents } = toChromeTrace(readTrace(await virtualRun()));
  const starts = traceEvents.filter(({ ph }) => ph === "s");
  assert.ok(starts.length > 0);
  for (const start of starts) {
    const end = traceEvents.find(({ ph, id }) => ph === "f" && id === start.id);
    assert.ok(end !== undefined && end.ts >= start.ts);
    for (const { pid, tid, ts } of [start, end])
      assert.ok(around(traceEvents, { pid, tid, ts }), "an end in the air");
  }
});

test("in each thread of random traces slices lie inside one another or apart, and calls that overlap share none", async () => {
  await fc.assert(
    fc.asyncProperty(plans, fc.double({ min: 0.01, max: 3, noNaN: true }), async (plan, stretch) => {
      const { events } = await play(plan);
      // Times that are no whole microseconds, too.
      const trace = readTrace(events.map((event) => ({ ...event, at: event.at * stretch })));
      const { traceEvents } = toChromeTrace(trace);
      JSON.stringify(traceEvents);
      for (const slices of byThread(traceEvents)) judge(slices);
      const calls = traceEvents.filter(({ ph, cat }) => ph === "X" && cat?.startsWith("call"));
      assert.equal(calls.length, trace.calls.length);
      const attempts = trace.calls.reduce((sum, call) => sum + call.attempts.length, 0);
      assert.equal(traceEvents.filter(({ ph, cat }) => ph === "X" && cat === "attempt").length, attempts);
    }),
    { numRuns: 150 },
  );
});

function byThread(events: readonly ChromeEvent[]): ChromeEvent[][] {
  const threads = new Map<string, ChromeEvent[]>();
  for (const event of events) {
    if (event.ph !== "X") continue;
    const key = `${event.pid} ${event.tid}`;
    threads.set(key, [...(threads.get(key) ?? []), event]);
  }
  return [...threads.values()];
}

function judge(slices: readonly ChromeEvent[]): void {
  for (const [i, a] of slices.entries()) {
    assert.ok(Number.isInteger(a.ts) && Number.isInteger(a.dur) && (a.dur ?? -1) >= 0);
    for (const b of slices.slice(i + 1)) {
      const apart = endOf(a) <= b.ts || endOf(b) <= a.ts;
      const within = (inner: ChromeEvent, outer: ChromeEvent) =>
        inner.ts >= outer.ts && endOf(inner) <= endOf(outer);
      assert.ok(apart || within(a, b) || within(b, a), `${JSON.stringify(a)} crosses ${JSON.stringify(b)}`);
      if (a.cat?.startsWith("call") && b.cat?.startsWith("call")) assert.ok(apart, "two calls share a lane");
    }
  }
}

function endOf({ ts, dur = 0 }: ChromeEvent): number {
  return ts + dur;
}

function around(events: readonly ChromeEvent[], at: Pick<ChromeEvent, "pid" | "tid" | "ts">): boolean {
  return events.some(
    (event) =>
      event.ph === "X" &&
      event.pid === at.pid &&
      event.tid === at.tid &&
      event.ts <= at.ts &&
      at.ts <= endOf(event),
  );
}

test("a trace of very many runs is written in no time that grows with their square", () => {
  const events = Array.from({ length: 4_000 }, (_, i): TraceEvent[] => {
    const [run, batch, at] = [`r${i}`, `b${i}`, i];
    const call = { key: `${batch}.1`, id: undefined, name: "get", input: {}, index: 0 };
    const outcome = { call, status: "ok", output: 1, attempts: 1, queuedMs: 0, runningMs: 1 } as const;
    return [
      { type: "run.started", at, run },
      { type: "turn.started", at, run, turn: 1 },
      { type: "batch.opened", at, batch, run, turn: 1 },
      { type: "call.queued", at, batch, call },
      { type: "call.started", at, call: call.key, waits: [] },
      { type: "call.settled", at: at + 1, call: call.key, outcome },
      { type: "run.ended", at: at + 1, run, status: "done" },
    ];
  });
  const trace = readTrace(events.flat());
  const startedAt = performance.now();
  const { traceEvents } = toChromeTrace(trace);
  assert.ok(performance.now() - startedAt < 6_000, "4,000 runs take longer than they should");
  assert.equal(traceEvents.filter(({ name }) => name === "process_name").length, 4_001);
});
