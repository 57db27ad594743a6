/** That a trace file in which anything is otherwise is read as far as it can be, and never ends in an error of somebody's code. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import pc from "picocolors";
import stringWidth from "string-width";
import { renderComparison } from "../../src/cli/trace/comparison.ts";
import { renderPathSteps } from "../../src/cli/trace/path-steps.ts";
import { renderTrace, tellTrace } from "../../src/cli/trace/show.ts";
import { renderSummary, summaryOf } from "../../src/cli/trace/summary.ts";
import { toOtlp } from "../../src/otel.ts";
import { toChromeTrace } from "../../src/trace/chrome-trace.ts";
import { compareTraces } from "../../src/trace/compare.ts";
import { criticalPath } from "../../src/trace/critical-path.ts";
import { callsByKey, explainWait, waitsOfCall } from "../../src/trace/explain.ts";
import { figuresOf } from "../../src/trace/figures.ts";
import { parseTrace } from "../../src/trace/parse-trace.ts";
import { pathTotals } from "../../src/trace/path-totals.ts";
import { readTrace } from "../../src/trace/read-trace.ts";
import { slotUse } from "../../src/trace/slot-use.ts";
import { toTraceLine } from "../../src/trace/trace-line.ts";
import type { Trace } from "../../src/trace/trace.ts";
import { playRuns, runPlans } from "../support/random-runs.ts";

const RUNS = Number(process.env["TRACE_RUNS"] ?? 500);

const colours = pc.createColors(false);

/** What a field may hold, whatever it should. */
const anything = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    0.5,
    1e300,
    "",
    "x",
    "yesterday",
    "\u001b[2J",
    "\u202e",
    [],
    {},
    [null],
    [[]],
  ),
  fc.jsonValue({ maxDepth: 2 }),
  fc.integer(),
);

interface Mutation {
  readonly line: number;
  readonly field: number;
  /** Undefined: the field goes. */
  readonly value: unknown;
}

const mutations = fc.array(
  fc.record({ line: fc.nat(500), field: fc.nat(50), value: fc.oneof(anything, fc.constant(undefined)) }),
  { minLength: 1, maxLength: 3 },
);

type Holder = Record<string, unknown>;

/** Every field in a value, however deep, with what holds it. */
function fieldsIn(value: unknown): { readonly holder: Holder; readonly name: string }[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    { holder: value as Holder, name },
    ...fieldsIn(inner),
  ]);
}

function mutate(lines: string[], { line, field, value }: Mutation): void {
  const at = line % lines.length;
  const event = JSON.parse(lines[at] as string) as Holder;
  const fields = fieldsIn(event);
  const chosen = fields[field % fields.length];
  if (chosen === undefined) return;
  if (value === undefined) delete chosen.holder[chosen.name];
  else chosen.holder[chosen.name] = value;
  lines[at] = JSON.stringify(event);
}

/** All that is made of a trace, as text. */
function tell(trace: Trace, other: Trace): string[] {
  const calls = callsByKey(trace.calls);
  for (const call of trace.calls)
    for (const { wait } of waitsOfCall(call)) explainWait(wait, { calls, of: call });
  slotUse(trace);
  JSON.stringify([toChromeTrace(trace), toOtlp(trace, { content: "full" }), toOtlp(trace)]);
  const lines: string[] = [];
  for (const run of [undefined, ...trace.runs.map(({ name }) => name)]) {
    const path = criticalPath(trace, run);
    JSON.stringify([figuresOf(trace, run), pathTotals(path, trace), summaryOf(trace, run)]);
    const options = { run, width: 80, colours };
    lines.push(...renderTrace(trace, options), tellTrace(trace, run), ...renderSummary(trace, options));
    lines.push(...renderPathSteps(trace, path, options));
  }
  lines.push(...renderComparison(compareTraces(trace, other), { a: trace, b: other, width: 80, colours }));
  return lines;
}

test("whatever is otherwise in a trace file, it is read and told, and no terminal obeys it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(runPlans, { minLength: 1, maxLength: 2 }), mutations, async (plans, list) => {
      const { events } = await playRuns(plans);
      const lines = events.map(toTraceLine);
      const whole = readTrace(parseTrace(lines.join("\n")).events);
      for (const mutation of list) mutate(lines, mutation);
      let parsed: ReturnType<typeof parseTrace>;
      try {
        parsed = parseTrace(lines.join("\n"));
      } catch (error) {
        assert.equal((error as { code?: string }).code, "invalid-file");
        return;
      }
      for (const line of tell(readTrace(parsed.events), whole)) {
        assert.doesNotMatch(line, /[\p{Cc}\u202a-\u202e]|NaN|undefined|Infinity/u);
        assert.ok(stringWidth(line) <= 80, line);
      }
    }),
    { numRuns: RUNS },
  );
});
