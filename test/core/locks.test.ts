import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { beyond, conflict, type ResolvedEffects } from "../../src/core/effects.ts";
import type { LockRequest } from "../../src/core/lock-node.ts";
import { LockTable } from "../../src/core/locks.ts";
import type { Path } from "../../src/core/resource.ts";

function owner(key: string) {
  return {
    key,
    granted: 0,
    locksGranted() {
      this.granted++;
    },
  };
}

function effects(reads: string[], writes: string[] = [], commutes: string[] = []): ResolvedEffects {
  const parse = (text: string): Path => (text === "" ? [] : text.split("/"));
  return { reads: reads.map(parse), writes: writes.map(parse), commutes: commutes.map(parse) };
}

test("a write of a folder waits for a read below it, and a read beside it does not", () => {
  const table = new LockTable();
  const read = table.request(effects(["a/b"]), owner("1"));
  const write = table.request(effects([], ["a"]), owner("2"));
  const beside = table.request(effects(["c"]), owner("3"));
  assert.deepEqual([read.granted, write.granted, beside.granted], [true, false, true]);
  assert.deepEqual(write.waitsFor(), { resource: "a", heldBy: "1" });
  read.release();
  assert.equal(write.granted, true);
  assert.deepEqual(write.waitsFor(), { resource: "a", heldBy: "1" });
});

test("a call that gave up its place lets those behind it through", () => {
  const table = new LockTable();
  table.request(effects(["a"]), owner("1"));
  const write = table.request(effects([], ["a"]), owner("2"));
  const read = table.request(effects(["a"]), owner("3"));
  assert.equal(read.granted, false);
  write.release();
  assert.equal(read.granted, true);
});

test("a call that gives back its reads keeps what it writes", () => {
  const table = new LockTable();
  const both = table.request(effects(["a"], ["a/b"]), owner("1"));
  const beside = table.request(effects([], ["a/c"]), owner("2"));
  const same = table.request(effects([], ["a/b"]), owner("3"));
  assert.deepEqual([beside.granted, same.granted], [false, false]);
  both.release("reads");
  assert.deepEqual([beside.granted, same.granted], [true, false]);
  both.release();
  assert.equal(same.granted, true);
});

test("writes that commute overlap one another, and neither reads nor other writes", () => {
  const table = new LockTable();
  const one = table.request(effects([], [], ["a"]), owner("1"));
  const other = table.request(effects([], [], ["a/b"]), owner("2"));
  const read = table.request(effects(["a/b"]), owner("3"));
  const late = table.request(effects([], [], ["a"]), owner("4"));
  assert.deepEqual([one.granted, other.granted, read.granted, late.granted], [true, true, false, false]);
  one.release();
  other.release();
  assert.deepEqual([read.granted, late.granted], [true, false]);
});

test("what a call turns out not to touch is given up, and what it does touch is still its turn", () => {
  const table = new LockTable();
  const first = owner("1");
  const wide = table.request(effects([], ["a"]), first);
  const same = table.request(effects([], ["a/x"]), owner("2"));
  const beside = table.request(effects([], ["a/y"]), owner("3"));
  table.narrow(wide, effects([], ["a/x"]));
  assert.deepEqual([wide.granted, same.granted, beside.granted], [true, false, true]);
  assert.deepEqual(same.waitsFor(), { resource: "a/x", heldBy: "1" });
  assert.equal(first.granted, 0);
  wide.release();
  assert.equal(same.granted, true);
});

const path = fc.constantFrom("", "a", "b", "a/x", "a/y", "a/x/1", "a/x/2", "b/z");
const footprint = fc
  .record({
    reads: fc.array(path, { maxLength: 3 }),
    writes: fc.array(path, { maxLength: 2 }),
    commutes: fc.array(path, { maxLength: 2 }),
  })
  .map(({ reads, writes, commutes }) => effects(reads, writes, commutes));
type Step =
  | { kind: "request"; effects: ResolvedEffects }
  | { kind: "release" | "release-reads"; pick: number }
  | { kind: "narrow"; pick: number; to: ResolvedEffects };
const pick = fc.nat();
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: footprint.map((of) => ({ kind: "request" as const, effects: of })) },
  { weight: 2, arbitrary: pick.map((of) => ({ kind: "release" as const, pick: of })) },
  { weight: 1, arbitrary: pick.map((of) => ({ kind: "release-reads" as const, pick: of })) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("narrow" as const), pick, to: footprint }),
  },
);

/** As much of `to` as is covered. */
function within(outer: ResolvedEffects, to: ResolvedEffects): ResolvedEffects {
  const none = { reads: [], writes: [], commutes: [] };
  const kept = (list: keyof ResolvedEffects) =>
    to[list].filter((one) => beyond(outer, { ...none, [list]: [one] }) === undefined);
  return { reads: kept("reads"), writes: kept("writes"), commutes: kept("commutes") };
}

test("G3, G5: a request is granted exactly while no earlier one that conflicts with it is left", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const table = new LockTable();
      let held: { effects: ResolvedEffects; request: LockRequest; told: () => number; atOnce: boolean }[] =
        [];
      const check = () => {
        for (const [i, { request, told, atOnce, ...mine }] of held.entries()) {
          const free = !held.slice(0, i).some((earlier) => conflict(earlier.effects, mine.effects));
          assert.equal(
            request.granted,
            free,
            `request ${i} of ${JSON.stringify(held.map((h) => h.effects))}`,
          );
          if (!free) assert.ok(request.waitsFor());
          if (!free) assert.notEqual(request.waitsFor()?.heldBy, request.owner.key);
          assert.equal(told(), free && !atOnce ? 1 : 0);
        }
      };
      for (const [at, one] of steps.entries()) {
        const picked = one.kind === "request" ? undefined : held[one.pick % held.length];
        if (one.kind === "request") {
          const would = table.wouldWait(one.effects);
          const mine = owner(String(at));
          const request = table.request(one.effects, mine);
          assert.equal(would, !request.granted);
          held.push({ effects: one.effects, request, told: () => mine.granted, atOnce: !would });
        } else if (picked === undefined) {
          continue;
        } else if (one.kind === "narrow") {
          const effects = within(picked.effects, one.to);
          table.narrow(picked.request, effects);
          picked.effects = effects;
        } else if (one.kind === "release") {
          picked.request.release();
          held = held.filter((other) => other !== picked);
        } else if (picked.request.granted) {
          picked.request.release("reads");
          picked.effects = { ...picked.effects, reads: [] };
        }
        check();
      }
      for (const { request } of held) request.release();
      assert.equal(table.empty, true);
    }),
    { numRuns: 2_000 },
  );
});
