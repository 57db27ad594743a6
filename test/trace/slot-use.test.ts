import assert from "node:assert/strict";
import { test } from "node:test";
import pc from "picocolors";
import { renderTrace } from "../../src/cli/trace/show.ts";
import { slotUse } from "../../src/trace/slot-use.ts";
import { parseTrace } from "../../src/trace/parse-trace.ts";
import { readTrace } from "../../src/trace/read-trace.ts";
import { toTraceLine } from "../../src/trace/trace-line.ts";
import type { TraceEvent } from "../../src/trace/trace-event.ts";
import { ask, traceOf, worker } from "../support/traced-calls.ts";

/** The trace of a call for each host, as it is read from a file. */
async function fetches(hosts: readonly string[], pools: object) {
  const { events } = await traceOf(
    [hosts.map((host) => ({ ...ask({ ms: 3 }), input: { ms: 3, host } }))],
    (clock) => ({
      tools: [
        worker(clock, "work", {
          pools: (input: unknown) => [`host:${(input as { host: string }).host}`],
        }),
      ],
      concurrency: 20,
      pools: { ...pools },
    }),
  );
  return events;
}

const read = (events: readonly TraceEvent[]) =>
  readTrace(parseTrace(events.map(toTraceLine).join("\n")).events);

test("a pool whose name a tool computed has the limit of the longest beginning of its name", async () => {
  const pools = {
    "host:*": { concurrency: 10 },
    "host:eu-*": { concurrency: 3 },
    "host:us-*": { rate: { count: 100, perMs: 5 } },
  };
  const trace = read(await fetches(["a", "a", "eu-1", "us-1"], pools));
  assert.deepEqual(
    slotUse(trace).map(({ pool, limit, most }) => [pool, most, limit]),
    [
      ["executor", 4, 20],
      ["host:a", 2, 10],
      ["host:eu-1", 1, 3],
      ["host:us-1", 1, undefined],
    ],
  );
  const us = trace.executor?.pools.find(({ name }) => name === "host:us-*");
  assert.deepEqual(us?.rate, { count: 100, perMs: 5 });
});

test("a terminal shows the executor's slots in any case, and last the limits that are not known", async () => {
  const hosts = Array.from({ length: 9 }, (_, i) => `h${i}`);
  const events = await fetches(hosts, { "host:*": { concurrency: 1 } });
  const last = (trace: Parameters<typeof renderTrace>[0]) =>
    renderTrace(trace, { width: 80, colours: pc.createColors(false) })
      .slice(-6)
      .map((line) => line.replace(/ [▁-█]+/u, "").trim());
  const notes = last(read(events));
  assert.match(notes[0] ?? "", /^slots in use +9 of 20$/);
  assert.match(notes[1] ?? "", /^host:h0 +1 of 1$/);
  const unknown = events.map((event) =>
    event.type === "trace.opened" && event.executor
      ? { ...event, executor: { ...event.executor, pools: [{ name: "host:h8", limit: 5 }] } }
      : event,
  );
  assert.match(last(read(unknown)).at(-1) ?? "", /^host:h8 +1 of 5$/);
});
