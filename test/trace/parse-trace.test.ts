import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTrace } from "../../src/trace/parse-trace.ts";
import { readTrace } from "../../src/trace/read-trace.ts";
import type { TraceEvent } from "../../src/trace/trace-event.ts";
import { toTraceLine } from "../../src/trace/trace-line.ts";
import { ask, traceOf } from "../support/traced-calls.ts";

/** The lines of a trace of one call. */
async function lines(): Promise<string[]> {
  const { events } = await traceOf([[ask({ ms: 3, reads: ["a"] })]]);
  return events.map((event) => toTraceLine(event));
}

test("a trace that is written and read again is the same", async () => {
  const { events, trace } = await traceOf([[ask({ ms: 3, reads: ["a"] }), ask({ ms: 3, writes: ["a"] })]]);
  const text = events.map((event) => `${toTraceLine(event)}\n`).join("");
  const parsed = parseTrace(text);
  assert.deepEqual([parsed.rest, parsed.skipped], ["", []]);
  const again = readTrace(parsed.events);
  assert.deepEqual(JSON.parse(JSON.stringify(again)), JSON.parse(JSON.stringify(trace)));
});

test("a trace cut at any byte is read as far as its lines go", async () => {
  const all = await lines();
  const text = `${all.join("\n")}\n`;
  for (let length = 1; length <= text.length; length++) {
    const cut = text.slice(0, length);
    const whole = all.filter((_, i) => cut.length >= all.slice(0, i + 1).join("\n").length).length;
    if (whole === 0) {
      assert.throws(() => parseTrace(cut), { code: "invalid-file" });
      continue;
    }
    const { events, rest } = parseTrace(cut);
    assert.equal(events.length, whole);
    assert.ok(text.startsWith(cut.slice(0, cut.length - rest.length)));
  }
});

test("a line that is torn in the middle is skipped, and told", async () => {
  const all = await lines();
  all.splice(2, 0, '{"type":"call.que');
  assert.deepEqual(parseTrace(all.join("\n")).skipped, [3]);
  assert.equal(parseTrace(all.join("\n")).events.length, all.length - 1);
});

test("a version that is not known is refused", () => {
  const opened = JSON.stringify({ type: "trace.opened", at: 0, version: 2 });
  assert.throws(() => parseTrace(opened), {
    code: "invalid-file",
    message: "this is a trace of version 2; version 1 is known",
  });
});

test("what is no trace is refused, and nothing is a trace of nothing", () => {
  assert.throws(() => parseTrace("hello\nworld"), { code: "invalid-file" });
  assert.throws(() => parseTrace('{"a":1}'), { code: "invalid-file" });
  assert.deepEqual(parseTrace("").events, []);
});

test("events and fields that are not known are borne", async () => {
  const all = await lines();
  all.splice(1, 0, '{"type":"moon.rose","at":0,"call":"b1.1"}', '{"type":"sun.set","at":0}');
  assert.equal(readTrace(parseTrace(all.join("\n")).events).calls[0]?.status, "ok");
});

test("events that lack what they are read by are skipped, and told", async () => {
  const all = await lines();
  const broken = [
    '{"type":"call.queued","at":0,"batch":"b1","call":null}',
    '{"type":"call.queued","at":0,"batch":"b1","call":{}}',
    '{"type":"call.settled","at":0,"call":"b1.1"}',
    '{"type":"call.started","at":0,"call":"b1.1","waits":{}}',
    '{"type":"turn.answered","at":0,"turn":1}',
    '{"type":"attempt.failed","at":0,"call":"b1.1","attempt":"1","error":{}}',
    '{"type":"call.started","at":0,"call":"b1.1","waits":[null]}',
    '{"type":"call.started","at":0,"call":"b1.1","waits":[{"for":"slot","ms":1}]}',
    '{"type":"call.queued","at":0,"batch":"b1","call":{"key":"b1.9","name":7,"index":1}}',
    '{"type":"turn.answered","at":0,"turn":1,"answers":[{"call":"b1.1","result":{"parts":{}}}]}',
    '{"type":"trace.opened","at":0,"version":1,"time":"yesterday"}',
    '{"type":"trace.opened","at":0,"version":1,"time":"2026-01-01","executor":{"concurrency":1,"pools":null}}',
    '{"type":"run.started","at":0}',
    '{"type":"run.started","at":1e999,"run":"r1"}',
    '{"type":"call.settled","at":0,"call":"b1.1","outcome":{"status":"fine"}}',
  ];
  all.splice(1, 0, ...broken);
  const { events, skipped } = parseTrace(all.join("\n"));
  assert.deepEqual(
    skipped,
    broken.map((_, i) => i + 2),
  );
  assert.equal(readTrace(events).calls[0]?.status, "ok");
});

test("where another trace begins, what was before is left out: by the lines, and by a reader of events", async () => {
  const all = await lines();
  const twice = [...all, ...all];
  const { events, beginsAt } = parseTrace(twice.join("\n"));
  assert.deepEqual([events.length, beginsAt], [all.length, all.length + 1]);
  const once = readTrace(parseTrace(all.join("\n")).events);
  assert.deepEqual(readTrace(events), once);
  assert.deepEqual(readTrace(twice.map((line) => JSON.parse(line) as TraceEvent)), once);
  assert.equal(parseTrace(all.join("\n")).beginsAt, 1);
});

test("a trace that begins in the torn last line of another begins there", async () => {
  const all = await lines();
  const torn = `${all.join("\n").slice(0, -9)}${all.join("\n")}\n`;
  const { events, beginsAt, skipped } = parseTrace(torn);
  assert.deepEqual([events.length, beginsAt, skipped], [all.length, all.length, []]);
});

test("the mark that some editors put before a file is none of it", async () => {
  const all = await lines();
  const { events, skipped } = parseTrace(`\ufeff${all.join("\r\n")}`);
  assert.deepEqual([events.length, skipped], [all.length, []]);
});

test("a wait of a kind that is not known is one for something unknown", async () => {
  const all = await lines();
  const text = all
    .join("\n")
    .replace('"waits":[]', '"waits":[{"for":"weather","ms":0},{"for":"rain","ms":3}]');
  const trace = readTrace(parseTrace(text.replaceAll(/"at":0(?=,"call":"b1.1","waits")/g, '"at":3')).events);
  const [stretch] = trace.calls[0]?.stretches ?? [];
  assert.deepEqual(stretch, { kind: "wait", wait: { for: "unknown" }, fromMs: 0, toMs: 3 });
});
