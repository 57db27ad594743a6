/** That all who show a trace say the same of it: the page's header, the terminal, JSON, and spans. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import pc from "picocolors";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { Browser } from "playwright-core";
import { renderSummary, summaryOf } from "../../src/cli/trace/summary.ts";
import { readTrace } from "../../src/trace/read-trace.ts";
import type { Trace } from "../../src/trace/trace.ts";
import { toTraceLine } from "../../src/trace/trace-line.ts";
import { lengthOf, SpanBook } from "../support/open-telemetry.ts";
import { playRuns, runPlans, type RunPlan } from "../support/random-runs.ts";
import { assertShown, shownSection } from "../support/shown-numbers.ts";
import { startBrowser, withoutBrowser } from "../support/viewer/browser.ts";
import { openHeaderReader, type Header, type HeaderReader } from "../support/viewer/header-reader.ts";

const TRACES = Number(process.env["TRACE_RUNS"] ?? 1_000);

/** The page waits a little for more to come before it counts anew: several of them wait at the same time. */
const PAGES = 10;

const COLOURS = pc.createColors(false);

/** A trace that was played, and its spans. */
interface Played {
  readonly trace: Trace;
  readonly lines: readonly string[];
  readonly startedOn: number;
  readonly spans: readonly ReadableSpan[];
}

let lastStart = Date.UTC(2026, 0, 1);

async function playTrace(runs: readonly RunPlan[]): Promise<Played> {
  const book = new SpanBook();
  const { events } = await playRuns(runs, (executor) => book.trace(executor));
  // A time that no other has: by it the page's header shows whose it is.
  const startedOn = (lastStart += 1_000);
  const time = new Date(startedOn).toISOString();
  const dated = events.map((event) => (event.type === "trace.opened" ? { ...event, time } : event));
  return { trace: readTrace(dated), lines: dated.map(toTraceLine), startedOn, spans: book.spans };
}

const played = fc.array(runPlans, { minLength: 1, maxLength: 2 });

/** What JSON says. */
interface Told {
  readonly wallMs: number;
  readonly waitedMs: number;
  readonly path: Readonly<Record<"model" | "tools" | "waits" | "outside", number>>;
}

function toldInJson(trace: Trace, run: string | undefined): Told {
  const json = JSON.stringify(summaryOf(trace, run));
  const { figures, criticalPath } = JSON.parse(json) as ReturnType<typeof summaryOf>;
  const { modelMs: model, toolsMs: tools, waitsMs: waits, outsideMs: outside } = criticalPath;
  const parts = model + tools + waits + outside;
  assert.ok(Math.abs(parts - figures.wallMs) < 1e-6, "the critical path is as long as the run");
  assert.ok(
    Math.abs(figures.waits.reduce((ms, wait) => ms + wait.ms, 0) - figures.waitedMs) < 1e-6,
    "what was waited for is all of the waiting",
  );
  return {
    wallMs: figures.wallMs,
    waitedMs: figures.waitedMs,
    path: { model, tools, waits, outside },
  };
}

function judgeTerminal(trace: Trace, run: string | undefined, told: Told): void {
  const lines = renderSummary(trace, { run, width: 100, colours: COLOURS });
  const time = shownSection(lines, "time");
  assertShown(time["wall"], told.wallMs, "wall in the terminal");
  assertShown(time["calls waited"], told.waitedMs, "waited in the terminal");
  const path = shownSection(lines, "critical path");
  assertShown(path["the model"], told.path.model, "path: model in the terminal");
  assertShown(path["tools"], told.path.tools, "path: tools in the terminal");
  assertShown(path["waits"], told.path.waits, "path: waits in the terminal");
  assertShown(path["outside of turns and calls"], told.path.outside, "path: outside in the terminal");
}

function judgeHeader({ figures, path }: Header, told: Told): void {
  assertShown(figures["wall"], told.wallMs, "wall in the header");
  assertShown(figures["waited"], told.waitedMs, "waited in the header");
  for (const part of ["model", "tools", "waits", "outside"] as const)
    assertShown(path[part], told.path[part], `path: ${part} in the header`);
}

/** The spans of a run: their length, their attributes, and what its calls say added up. */
function judgeSpans(spans: readonly ReadableSpan[], run: string, told: Told): void {
  const agent = spans.find(
    ({ name, attributes }) => name === "invoke_agent" && attributes["tutti.run"] === run,
  );
  assert.ok(agent, `no span of ${run}`);
  near(lengthOf(agent), told.wallMs, "wall in spans");
  const own = spans.filter((span) => isOwnCallOf(agent, span, spans));
  const waitedMs = own.reduce((ms, { attributes }) => ms + Number(attributes["tutti.waited_ms"]), 0);
  near(waitedMs, told.waitedMs, "waited in the spans of calls");
  near(Number(agent.attributes["tutti.waited_ms"]), told.waitedMs, "waited in the span of the run");
  for (const part of ["model", "tools", "waits", "outside"] as const)
    near(
      Number(agent.attributes[`tutti.critical_path.${part}_ms`]),
      told.path[part],
      `path: ${part} in spans`,
    );
}

/** Whether it is a call that the model made in this run, in a list or a plan too: no attempt is around it. */
function isOwnCallOf(agent: ReadableSpan, span: ReadableSpan, spans: readonly ReadableSpan[]): boolean {
  if (!span.name.startsWith("execute_tool")) return false;
  for (let around = parentOf(span, spans); around !== undefined; around = parentOf(around, spans)) {
    if (around.name.startsWith("attempt")) return false;
    if (around === agent) return true;
  }
  return false;
}

function parentOf(
  { parentSpanContext }: ReadableSpan,
  spans: readonly ReadableSpan[],
): ReadableSpan | undefined {
  return spans.find((span) => span.spanContext().spanId === parentSpanContext?.spanId);
}

function near(actual: number, expected: number, what: string): void {
  assert.ok(Math.abs(actual - expected) < 0.01, `${what}: ${actual} is not ${expected}`);
}

/** All but the page. */
function judge({ trace, spans }: Played): Told {
  for (const { name } of trace.runs) {
    const told = toldInJson(trace, name);
    judgeTerminal(trace, name, told);
    judgeSpans(spans, name, told);
  }
  const whole = toldInJson(trace, undefined);
  judgeTerminal(trace, undefined, whole);
  return whole;
}

test("the terminal, JSON and spans say the same wall, waits and critical path", async () => {
  await fc.assert(
    fc.asyncProperty(played, async (runs) => {
      judge(await playTrace(runs));
    }),
    { numRuns: TRACES },
  );
});

describe("in a browser", { skip: withoutBrowser() }, () => {
  let browser: Browser;
  let readers: readonly HeaderReader[] = [];

  before(async () => {
    browser = await startBrowser();
    const { lines } = await playTrace([
      { concurrency: 1, turns: [{ thinksMs: 1, calls: [] }], abortMs: undefined },
    ]);
    readers = await Promise.all(Array.from({ length: PAGES }, () => openHeaderReader(browser, lines)));
  });

  after(async () => {
    await browser.close();
    await Promise.all(readers.map((reader) => reader.close()));
  });

  test("and so does the header of the page", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(played, { minLength: PAGES, maxLength: PAGES }), async (plans) => {
        const headers = plans.map(async (runs, i) => {
          const one = await playTrace(runs);
          const header = await readers[i]?.read(one.lines, one.startedOn);
          judgeHeader(header as Header, judge(one));
        });
        await Promise.all(headers);
      }),
      { numRuns: Math.ceil(TRACES / PAGES) },
    );
    assert.deepEqual(
      readers.flatMap(({ complaints }) => complaints),
      [],
    );
  });
});
