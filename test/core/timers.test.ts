import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Timers, type Deadline } from "../../src/core/timers.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";

test("a deadline that sets another while it fires does not delay those already set", async () => {
  const clock = new VirtualClock();
  const timers = new Timers(clock);
  const fired: string[] = [];
  const note = (name: string) => fired.push(`${name} at ${clock.now()}`);
  timers.set(7, () => {
    note("first");
    timers.set(7, () => note("third"));
  });
  await clock.advance(1);
  timers.set(7, () => note("second"));
  await clock.runAll();
  assert.deepEqual(fired, ["first at 7", "second at 8", "third at 14"]);
});

test("a deadline beyond what the platform can set never fires", () => {
  const clock = new VirtualClock();
  assert.equal(new Timers(clock).set(Infinity, assert.fail), undefined);
  assert.equal(new Timers(clock).set(2 ** 31, assert.fail), undefined);
  assert.equal(clock.pending, 0);
});

type Step = { readonly kind: "set" | "clear" | "advance"; readonly n: number; readonly again: boolean };

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
      const open: { due: number; deadline: Deadline | undefined }[] = [];
      const late: string[] = [];
      const set = (ms: number, again: boolean) => {
        const entry: (typeof open)[number] = { due: clock.now() + ms, deadline: undefined };
        entry.deadline = timers.set(ms, () => {
          if (clock.now() !== entry.due) late.push(`due ${entry.due}, fired ${clock.now()}`);
          open.splice(open.indexOf(entry), 1);
          if (again) set(ms, false);
        });
        open.push(entry);
      };
      for (const { kind, n, again } of steps) {
        if (kind === "set") set(n + 1, again);
        else if (kind === "advance") await clock.advance(n);
        else open.splice(n, 1)[0]?.deadline?.clear();
      }
      await clock.runAll();
      assert.deepEqual({ late, open, pending: clock.pending }, { late: [], open: [], pending: 0 });
    }),
    { numRuns: 500 },
  );
});
