/** That a log stays within its bounds, and that nobody who follows it, at whatever pace, has half of a call. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { TraceEvent } from "../../src/trace/trace-event.ts";
import { readTrace } from "../../src/trace/read-trace.ts";
import { toTraceLine } from "../../src/trace/trace-line.ts";
import { EventLog } from "../../src/viewer/event-log.ts";
import { playRuns, runPlans } from "../support/random-runs.ts";

const RUNS = Number(process.env["TRACE_RUNS"] ?? 300);

/** Follows a log as a page does. */
class Follower {
  readonly lines = new Set<string>();
  #place = 0;
  #drops = 0;

  /** Reads on; whether there was anything. */
  read(log: EventLog): boolean {
    if (log.isTorn(this.#place, this.#drops)) {
      this.#place = 0;
      this.lines.clear();
    }
    this.#drops = log.drops;
    const lines = log.after(this.#place);
    for (const { line } of lines) {
      assert.ok(!this.lines.has(line), `told twice: ${line}`);
      this.lines.add(line);
    }
    this.#place = lines.at(-1)?.place ?? this.#place;
    return lines.length > 0;
  }

  get trace() {
    return readTrace([...this.lines].map((line) => JSON.parse(line) as TraceEvent));
  }
}

test("whatever is dropped, bounds hold, and no follower is left with what never ends", async () => {
  const bounds = fc.record({
    maxEvents: fc.integer({ min: 1, max: 200 }),
    maxBytes: fc.integer({ min: 1, max: 40_000 }),
  });
  const paces = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 3, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(runPlans, { minLength: 1, maxLength: 3 }),
      bounds,
      paces,
      async (runs, ...rest) => {
        const [{ maxEvents, maxBytes }, everys] = rest;
        const { events } = await playRuns(runs, () => {});
        const log = new EventLog({ maxEvents, maxBytes });
        const followers = everys.map((every) => ({ every, follower: new Follower() }));
        const goingRuns = new Set<string>();
        for (const [i, event] of events.entries()) {
          // A number makes each line another.
          const numbered = { ...event, i };
          if (event.type === "run.started") goingRuns.add(event.run);
          if (event.type === "run.ended") goingRuns.delete(event.run);
          log.add(numbered, toTraceLine(numbered));
          for (const { every, follower } of followers) if (i % every === 0) follower.read(log);
          const kept = new Follower();
          if (i % 40 !== 0) continue;
          while (kept.read(log));
          assert.ok(kept.lines.size <= maxEvents + 1 + goingRuns.size, `${kept.lines.size} lines`);
          const first = [...kept.lines].filter((line) => /^.{0,40}(trace\.opened|run\.started)/.test(line));
          const bytes = [...kept.lines].reduce((sum, line) => sum + line.length, 0);
          assert.ok(bytes - first.reduce((sum, line) => sum + line.length, 0) <= maxBytes, `${bytes} bytes`);
        }
        for (const { follower } of [...followers, { follower: new Follower() }]) {
          while (follower.read(log));
          const { turns, calls } = follower.trace;
          for (const { key, status } of [...turns, ...calls])
            assert.notEqual(status, "going", `${key} goes on for ever`);
        }
      },
    ),
    { numRuns: RUNS },
  );
});
