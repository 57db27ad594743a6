/** Traces are read like any history: by run, with what the model read. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { analyzeSessions } from "../../src/analyze/analysis.ts";
import { readSessions } from "../../src/analyze/read-sessions.ts";
import { metricsOf } from "../../src/agent/metrics.ts";
import { toOtlp } from "../../src/otel.ts";
import { readTrace } from "../../src/trace/read-trace.ts";
import { toTraceLine } from "../../src/trace/trace-line.ts";
import { playRuns, runPlans, type RunPlan } from "../support/random-runs.ts";
import { ask, traceOf } from "../support/traced-calls.ts";

function plan(...turns: readonly (readonly RunPlan["turns"][number]["calls"][number]["tool"][])[]): RunPlan {
  const calls = turns.map((tools) =>
    tools.map((tool, i) => ({ tool, path: `p${i}`, writtenMs: 1, ms: 5, fails: false })),
  );
  return { concurrency: 10, turns: calls.map((one) => ({ thinksMs: 10, calls: one })), abortMs: undefined };
}

test("each run is a session, whose turns are as wide as the run says", async () => {
  const { events, told } = await playRuns([plan(["read", "read", "pair"], ["write"]), plan(["read"])]);
  const { format, sessions } = readSessions(events.map((event) => toTraceLine(event)).join("\n"), {
    name: "t.jsonl",
  });
  assert.equal(format, "tutti-trace");
  assert.deepEqual(
    sessions.map(({ name, turns }) => [name, ...turns.map(({ calls }) => calls.length)]),
    [
      ["t.jsonl r1", 4, 1, 0],
      ["t.jsonl r2", 1, 0],
    ],
  );
  const [first] = sessions;
  assert.deepEqual(first?.turns[0]?.calls[0], {
    ...first?.turns[0]?.calls[0],
    name: "read",
    input: { path: "p0", ms: 5, fails: false },
    result: "5",
    isError: false,
  });
  assert.equal(first.turns[0]?.inputTokens, 100);
  assert.equal(analyzeSessions([first]).callsPerTurn, metricsOf(told[0] ?? []).callsPerTurn);
});

test("of several traces in one file each is read, also behind one that a crash cut", async () => {
  const lines = async (...plans: readonly RunPlan[]) =>
    (await playRuns(plans)).events.map((event) => toTraceLine(event)).join("\n");
  const [first, second] = [
    await lines(plan(["read"], ["write"]), plan(["read"])),
    await lines(plan(["pair"])),
  ];
  const read = (text: string) =>
    readSessions(text, { name: "t.jsonl" }).sessions.map(({ name, turns }) => [
      name,
      ...turns.map(({ calls }) => calls.length),
    ]);
  const before = [
    ["t.jsonl trace 1 r1", 1, 1, 0],
    ["t.jsonl trace 1 r2", 1, 0],
  ];
  const after = ["t.jsonl trace 2 r1", 2, 0];
  assert.deepEqual(read(`${first}\n${second}`), [...before, after]);
  assert.deepEqual(read(`${first}\n{"type":"turn.sta${second}`), [...before, after]);
});

test("random traces are read to the same turns as the spans that are made of them", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(runPlans, { minLength: 1, maxLength: 2 }), async (runs) => {
      const { events } = await playRuns(runs);
      const trace = readTrace(events);
      const lines = events.map((event) => toTraceLine(event)).join("\n");
      const spans = JSON.stringify(toOtlp(trace, { content: "full" }));
      const read = (text: string) =>
        readSessions(text).sessions.map(({ turns }) =>
          turns.map(({ calls, inputTokens }) => [
            inputTokens,
            ...calls.map(({ name, input, isError }) => [name, input, isError]),
          ]),
        );
      assert.deepEqual(read(spans), read(lines));
    }),
    { numRuns: 300 },
  );
});

test("turns of no run may be anybody's: nothing is said to be missed between them", async () => {
  const { events } = await traceOf([[ask({ ms: 1 })], [ask({ ms: 2 })]]);
  const { sessions } = readSessions(events.map((event) => toTraceLine(event)).join("\n"));
  assert.deepEqual(
    sessions.map(({ turns }) => turns.length),
    [2],
  );
  assert.deepEqual(analyzeSessions(sessions).missed, []);
});
