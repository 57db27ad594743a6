/** The published schema of a trace, held to the types and to what is written. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Validator, type Schema } from "@cfworker/json-schema";
import fc from "fast-check";
import { createExecutor } from "../../src/index.ts";
import { openTrace, TRACE_VERSION, type TraceEvent } from "../../src/trace.ts";
import { Redaction } from "../../src/trace/redaction.ts";
import { createRedact } from "../../src/trace/content.ts";
import { toTraceLine } from "../../src/trace/trace-line.ts";
import { play } from "../support/chaos.ts";
import { plans } from "../support/chaos-plan.ts";
import { virtualRun } from "../support/virtual-runs.ts";

const schema = JSON.parse(
  readFileSync(new URL("../../schema/trace.schema.json", import.meta.url), "utf8"),
) as Schema & { readonly $defs: Readonly<Record<string, Schema>>; readonly allOf: readonly Schema[] };
const validator = new Validator(schema, "2020-12", false);

/** Every type of event; the compiler sees to it that none is missing. */
const TYPES: Readonly<Record<TraceEvent["type"], true>> = {
  "trace.opened": true,
  "run.started": true,
  "run.ended": true,
  "turn.started": true,
  "turn.text": true,
  "turn.ended": true,
  "turn.broken": true,
  "turn.answered": true,
  "batch.opened": true,
  "batch.closed": true,
  "call.queued": true,
  "call.started": true,
  "call.progress": true,
  "call.settled": true,
  "attempt.started": true,
  "attempt.failed": true,
  "attempt.abandoned": true,
  "attempt.stopped": true,
};

function faults(line: string): string[] {
  return validator
    .validate(JSON.parse(line))
    .errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`);
}

test("the schema describes every type of event, of the version that is written", () => {
  const described = schema.allOf.map(
    (rule) => (rule.if as { properties: { type: { const: string } } }).properties.type.const,
  );
  assert.deepEqual(new Set(described), new Set(Object.keys(TYPES)));
  const version = schema.$defs["trace.opened"]?.properties?.["version"] as Schema | undefined;
  assert.equal(version?.const, TRACE_VERSION);
});

test("every event of random batches is valid, with and without its content", async () => {
  await fc.assert(
    fc.asyncProperty(plans, fc.constantFrom("full", "none", "hash"), async (plan, content) => {
      const redact = createRedact(content);
      const redaction = redact && new Redaction(redact);
      for (const event of (await play(plan)).events) {
        const line = toTraceLine(redaction?.redact(event) ?? event);
        assert.deepEqual(faults(line), [], line);
      }
    }),
    { numRuns: 60 },
  );
});

test("every event of a run is valid, and so is how a trace opens", async () => {
  for (const event of await virtualRun()) assert.deepEqual(faults(toTraceLine(event)), []);
  const executors = [{}, { concurrency: Infinity, pools: { db: { concurrency: Infinity } } }];
  for (const options of executors)
    assert.deepEqual(faults(toTraceLine(openTrace(createExecutor({ tools: [], ...options })))), []);
});

test("what is broken is refused, and what is unknown is passed over", async () => {
  const lines = (await virtualRun()).map(toTraceLine);
  for (const line of lines) {
    const event = JSON.parse(line) as Record<string, unknown>;
    const { required = [] } = schema.$defs[event["type"] as string] ?? {};
    for (const field of required) {
      const { [field]: _, ...rest } = event;
      assert.notDeepEqual(faults(JSON.stringify(rest)), [], `${String(event["type"])} without ${field}`);
    }
    assert.notDeepEqual(faults(JSON.stringify({ ...event, at: "now" })), []);
    assert.deepEqual(faults(JSON.stringify({ ...event, later: { more: 1 } })), []);
  }
  const broken = [
    { type: "call.started", at: 1, call: "b1.1", waits: [{ for: "lock", ms: 3 }] },
    { type: "call.started", at: 1, call: "b1.1", waits: [{ for: "luck", ms: 3 }] },
    {
      type: "call.settled",
      at: 1,
      call: "b1.1",
      outcome: { status: "failed", attempts: 1, queuedMs: 0, runningMs: 0 },
    },
    { type: "attempt.started", at: 1, call: "b1.1", attempt: 1, as: "retry", waits: [] },
    { type: "trace.opened", at: 1, version: 2, time: "2030-01-01T00:00:00Z" },
    "text",
  ];
  for (const event of broken) assert.notDeepEqual(faults(JSON.stringify(event)), [], JSON.stringify(event));
  assert.deepEqual(faults('{"type":"tide.turned","at":1}'), []);
});
