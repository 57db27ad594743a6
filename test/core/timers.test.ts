import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import fc from "fast-check";
import type { Batch, Executor } from "../../src/index.ts";
import { Timers, type Deadline } from "../../src/core/timers.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { Stage, touch } from "../support/stage.ts";

test("a deadline that sets another while it fires does not delay those already set", async () => {
  const clock = new VirtualClock();
  const timers = new Timers(clock);
  const fired: string[] = [];
  const note = (name: string) => fired.push(`${name} at ${clock.now()}`);
  const first = (name: string) => {
    note(name);
    timers.set(7, note, "third");
  };
  timers.set(7, first, "first");
  await clock.advance(1);
  timers.set(7, note, "second");
  await clock.runAll();
  assert.deepEqual(fired, ["first at 7", "second at 8", "third at 14"]);
});

test("a deadline beyond what the platform can set never fires", () => {
  const clock = new VirtualClock();
  assert.equal(new Timers(clock).set(Infinity, assert.fail, undefined), undefined);
  assert.equal(new Timers(clock).set(2 ** 31, assert.fail, undefined), undefined);
  assert.equal(clock.pending, 0);
});

type Step = { readonly kind: "set" | "clear" | "advance"; readonly n: number; readonly again: boolean };

interface Entry {
  readonly ms: number;
  readonly due: number;
  readonly again: boolean;
  deadline: Deadline | undefined;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom("set", "set", "clear", "advance"),
  n: fc.nat(4),
  again: fc.boolean(),
});

test("G10: every deadline fires at its time or was cleared, and none leaves a timer", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const clock = new VirtualClock();
      const timers = new Timers(clock);
      const open: Entry[] = [];
      const late: string[] = [];
      const expire = (entry: Entry) => {
        if (clock.now() !== entry.due) late.push(`due ${entry.due}, fired ${clock.now()}`);
        open.splice(open.indexOf(entry), 1);
        if (entry.again) set({ ...entry, due: clock.now() + entry.ms, again: false });
      };
      const set = (entry: Entry) => {
        entry.deadline = timers.set(entry.ms, expire, entry);
        open.push(entry);
      };
      for (const { kind, n, again } of steps) {
        if (kind === "set") set({ ms: n + 1, due: clock.now() + n + 1, again, deadline: undefined });
        else if (kind === "advance") await clock.advance(n);
        else open.splice(n, 1)[0]?.deadline?.clear();
        await Promise.resolve();
        assert.equal(clock.pending > 0, open.length > 0);
      }
      await clock.runAll();
      assert.deepEqual({ late, open, pending: clock.pending }, { late: [], open: [], pending: 0 });
    }),
    { numRuns: 500 },
  );
});

test("G10: whoever awaits the end of a batch finds no timer and no listener left, however it ended", async () => {
  const left: unknown[] = [];
  const ends = {
    close: (batch: Batch) => batch.close(),
    discard: (batch: Batch) => batch.discard(),
    // The batch is still open, and nobody may ever close it.
    shutdown: (_: Batch, executor: Executor) => executor.shutdown(),
  };
  for (const end of Object.values(ends)) {
    const stage = new Stage();
    const { signal } = new AbortController();
    const executor = stage.executor({ deadlineMs: 100, timeoutMs: 50, graceMs: 5 });
    const batch = executor.open({ eager: "all", signal });
    for (const as of ["1", "2", "3"]) batch.add(touch(as, { obeys: true }));
    assert.ok(stage.clock.pending > 0);
    const ended = end(batch, executor).then(() =>
      left.push([stage.clock.pending, getEventListeners(signal, "abort").length]),
    );
    for (const as of ["1", "2", "3"]) stage.visit(as).resolve(as);
    await ended;
  }
  assert.deepEqual(left, [
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
});
