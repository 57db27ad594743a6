import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { formatMs as formatInTerminal } from "../../../src/trace/format.ts";
import { signal } from "@preact/signals";
import { criticalPath, type PathStep } from "../../../src/trace/critical-path.ts";
import { callsByKey } from "../../../src/trace/explain.ts";
import { readTrace } from "../../../src/trace/read-trace.ts";
import { formatMoment, formatMs } from "../../../viewer/src/format.ts";
import { testOf } from "../../../viewer/src/rows/filter.ts";
import { callWaits } from "../../../viewer/src/rows/call-waits.ts";
import { sentenceOfRow } from "../../../viewer/src/rows/row-words.ts";
import { WAIT_STYLES } from "../../../viewer/src/waterfall/patterns.ts";
import { rowsOf, type Row, type RowChoices } from "../../../viewer/src/rows/row.ts";
import { fitRange, scaleRange } from "../../../viewer/src/state/axis.ts";
import { placeOfStep } from "../../../viewer/src/state/path-rows.ts";
import { readViewLink, writeViewLink } from "../../../viewer/src/state/view-link.ts";
import { createView } from "../../../viewer/src/state/view.ts";
import { marksOf, windowOf } from "../../../viewer/src/waterfall/geometry.ts";
import { visible } from "../../../src/trace/visible.ts";
import { ask, traceOf } from "../../support/traced-calls.ts";
import type { TracedCall, TracedWait } from "../../../src/trace/trace.ts";
import { checkoutEvents } from "../../support/viewer/checkout-scene.ts";

const ALL = { wants: undefined, isCollapsed: () => false, kept: undefined };

test("rows are turns, below each its calls, below each of these those inside it", async () => {
  const rows = rowsOf(readTrace(await checkoutEvents()), ALL);
  assert.equal(rows.length, 23);
  const shown = rows.slice(9, 19).map(({ level, id }) => `${" ".repeat(level)}${id}`);
  assert.deepEqual(shown, [
    " turn:r1/2",
    "  call:b2.1",
    "  call:b2.2",
    "  call:b2.3",
    "  call:b2.4",
    "  call:b2.5",
    "   call:b3.1",
    "   call:b3.2",
    "   call:b3.3",
    "   call:b3.4",
  ]);
});

test("a row that is collapsed hides what is below it, and no more", async () => {
  const trace = readTrace(await checkoutEvents());
  const ids = (rows: readonly Row[]) => rows.map(({ id }) => id);
  const folded = rowsOf(trace, { ...ALL, isCollapsed: (id) => id === "call:b2.5" });
  assert.deepEqual(
    ids(rowsOf(trace, ALL)).filter((id) => !ids(folded).includes(id)),
    ["call:b3.1", "call:b3.2", "call:b3.3", "call:b3.4"],
  );
  assert.equal(folded.find(({ id }) => id === "call:b2.5")?.isCollapsed, true);
});

test("what is wanted is shown with what holds it", async () => {
  const wants = testOf({ search: "SHARD checkout 2", tools: undefined, statuses: undefined });
  const rows = rowsOf(readTrace(await checkoutEvents()), { ...ALL, wants });
  assert.deepEqual(
    rows.map(({ id }) => id),
    ["turn:r1/2", "call:b2.5", "call:b3.2"],
  );
});

test("a row that is kept is shown whatever is wanted", async () => {
  const wants = testOf({ search: "shard", tools: undefined, statuses: undefined });
  const trace = readTrace(await checkoutEvents());
  const ids = rowsOf(trace, { ...ALL, wants, kept: "call:b1.3" }).map(({ id }) => id);
  assert.deepEqual(ids.slice(0, 4), ["turn:r1/1", "call:b1.3", "turn:r1/2", "call:b2.5"]);
  assert.deepEqual(rowsOf(trace, { ...ALL, wants, kept: "turn:r1/4" }).at(-1)?.id, "turn:r1/4");
});

test("a step of the path is drawn where its row is, or what that is folded into; not where it is filtered out", async () => {
  const trace = readTrace(await checkoutEvents());
  const path = criticalPath(trace);
  const step = path.find((each) => "call" in each && each.call === "b3.3") as PathStep;
  const placeWith = (choices: Partial<RowChoices>) => {
    const rows = rowsOf(trace, { ...ALL, ...choices });
    const place = placeOfStep(step, {
      calls: signal(callsByKey(trace.calls)),
      rows: signal(rows),
      places: signal(new Map(rows.map(({ id }, i) => [id, i]))),
    });
    return place === undefined ? undefined : rows[place]?.id;
  };
  assert.equal(placeWith({}), "call:b3.3");
  assert.equal(placeWith({ isCollapsed: (id) => id === "call:b2.5" }), "call:b2.5");
  assert.equal(placeWith({ isCollapsed: (id) => id === "turn:r1/2" }), "turn:r1/2");
  assert.equal(placeWith({ wants: ({ key }) => key === "b2.5" }), undefined);
});

test("what a call waited for again and again is told once, and only some of many is read out", async () => {
  const waits: readonly TracedWait[] = [
    { for: "retry" },
    { for: "rate", pool: "api" },
    { for: "slot", pool: "api" },
    { for: "lock", resource: "a", heldBy: "b1.9" },
  ];
  const stretches = Array.from({ length: 40 }, (_, i) => ({
    kind: "wait" as const,
    wait: waits[i % 4] as TracedWait,
    fromMs: 20 * i,
    toMs: 20 * (i + 1),
  }));
  const { trace } = await traceOf([[ask({ ms: 1 })]]);
  const traced = { ...(trace.calls[0] as TracedCall), stretches };
  assert.deepEqual(
    callWaits(traced, 800).map(({ wait, ms, times }) => [wait.for, ms, times]),
    [
      ["retry", 200, 10],
      ["rate", 200, 10],
      ["slot", 200, 10],
      ["lock", 200, 10],
    ],
  );
  const row: Row = {
    kind: "call",
    id: "call:b1.1",
    call: traced,
    level: 1,
    hasCalls: false,
    isCollapsed: false,
  };
  assert.equal(
    sentenceOfRow(row, { nowMs: 800, calls: new Map() }),
    "work 1, ok, waited 200 ms for the next attempt to be due, waited 200 ms for the rate of the pool api, " +
      "waited 200 ms for a slot of the pool api, and for 1 thing more, ran 0 ms",
  );
});

test("hidden characters are written out; line breaks and tabs are not", () => {
  assert.equal(visible("a\u00adb\u2060c\u200cd\u{e0041}e"), "a\\u00adb\\u2060c\\u200cd\\u{e0041}e");
  assert.equal(visible("a\u202egnp.exe\u0007 \t\r\n😀\u200d👍"), "a\\u202egnp.exe\\u0007 \t\r\n😀\u200d👍");
});

test("of a trace whose beginning is missing all calls are shown that it tells of", async () => {
  const events = await checkoutEvents();
  for (let from = 0; from < events.length; from++) {
    const trace = readTrace(events.slice(from));
    const calls = rowsOf(trace, ALL).filter(({ kind }) => kind === "call");
    assert.equal(calls.length, trace.calls.length, `from event ${from}`);
  }
});

test("a view comes out of its link as it went in", () => {
  fc.assert(
    fc.property(
      fc.record({
        shows: fc.constantFrom("waterfall" as const, "table" as const),
        range: fc.option(fc.tuple(fc.integer({ max: 1e9, min: 0 }), fc.integer({ max: 1e6, min: 1 })), {
          nil: undefined,
        }),
        search: fc.string(),
        tools: fc.option(fc.uniqueArray(fc.string(), { minLength: 1 }), { nil: undefined }),
        path: fc.boolean(),
        open: fc.option(
          fc.record({ trace: fc.nat({ max: 1 }), row: fc.constantFrom("call:b1.2", "turn:r1/2") }),
          {
            nil: undefined,
          },
        ),
      }),
      ({ shows, range, search, tools, path, open }) => {
        const view = createView();
        view.shows.value = shows;
        if (range !== undefined)
          view.range.value = { fromMs: range[0] / 1000, toMs: (range[0] + range[1]) / 1000 };
        view.search.value = search;
        view.tools.value = tools === undefined ? undefined : new Set(tools);
        view.showsPath.value = path;
        view.opened.value = open === undefined ? undefined : { ...open };
        const read = createView();
        readViewLink(read, `#${writeViewLink(view)}`);
        for (const name of ["shows", "range", "search", "tools", "statuses", "showsPath", "opened"] as const)
          assert.deepEqual(read[name].value, view[name].value, name);
      },
    ),
  );
});

test("a link that makes no sense shows everything", () => {
  for (const hash of ["#time=9-3", "#time=a-b", "#open=nothing", "#view=&path=", "#%", "#open=call:"]) {
    const view = createView();
    readViewLink(view, hash);
    assert.equal(writeViewLink(view), "", hash);
  }
});

test("a range never leaves the axis, however it is moved and scaled", () => {
  const full = { fromMs: 100, toMs: 1_100 };
  const number = fc.double({ min: -1e5, max: 1e5, noNaN: true });
  fc.assert(
    fc.property(
      number,
      fc.double({ min: 0, max: 1e5, noNaN: true }),
      fc.double({ min: 0.01, max: 100, noNaN: true }),
      (fromMs, span, factor) => {
        const range = fitRange(scaleRange({ fromMs, toMs: fromMs + span }, factor), full);
        if (range === undefined) return;
        assert.ok(range.fromMs >= full.fromMs && range.toMs <= full.toMs + 1e-6 && range.toMs > range.fromMs);
      },
    ),
  );
});

test("times are written as in the terminal, and finer where they are short", () => {
  for (const ms of [0, 10, 99.6, 999.4, 999.6, 1_234, 9_994, 9_996, 65_432, 119_000, 5e6])
    assert.equal(formatMs(ms), formatInTerminal(ms));
  assert.deepEqual([0, 0.42, 3.14].map(formatMs), ["0 ms", "0.42 ms", "3.1 ms"]);
  assert.deepEqual(
    [formatMoment(2, 0.05), formatMoment(250, 50), formatMoment(1_250, 50)],
    ["2.00 ms", "250 ms", "1.25 s"],
  );
});

test("marks are round, and as far apart as they are readable", () => {
  const { moments, stepMs } = marksOf({ fromMs: 50, toMs: 8_550 }, 1_000, 50);
  assert.deepEqual([stepMs, moments.at(-1)], [1_000, 8_000]);
});

test("of ten thousand rows only those in sight are made", () => {
  for (const scrollTop of [0, 7, 12_345, 240_000 - 800]) {
    const { from, to } = windowOf(scrollTop, 800, 10_000);
    assert.ok(
      from <= Math.floor(scrollTop / 24) && to >= Math.min(10_000, Math.ceil((scrollTop + 800) / 24)),
    );
    assert.ok(to - from < 66, `${to - from} rows`);
  }
});

test("each look of a wait is in the legend, and that of one which is not told is nobody else's", () => {
  const legend = readFileSync("viewer/src/header/legend.tsx", "utf8");
  const signs = readFileSync("viewer/src/style/page.css", "utf8");
  for (const { style } of Object.values(WAIT_STYLES)) {
    assert.ok(legend.includes(`["${style}", "`), style);
    assert.ok(signs.includes(`.swatch.${style} {`), style);
  }
  const { unknown, ...told } = WAIT_STYLES;
  assert.ok(Object.values(told).every(({ style }) => style !== unknown.style));
});
