import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ResolvedEffects } from "../../src/core/effects.ts";
import type { LockRequest } from "../../src/core/lock-node.ts";
import { LockTable } from "../../src/core/locks.ts";
import { overlaps, type Path } from "../../src/core/resource.ts";

function owner(key: string) {
  return { key, locksGranted: () => {} };
}

function effects(reads: string[], writes: string[] = []): ResolvedEffects {
  const parse = (text: string): Path => (text === "" ? [] : text.split("/"));
  return { reads: reads.map(parse), writes: writes.map(parse) };
}

const meet = (a: readonly Path[], b: readonly Path[]) => a.some((x) => b.some((y) => overlaps(x, y)));

function conflict(a: ResolvedEffects, b: ResolvedEffects): boolean {
  return meet(a.writes, b.writes) || meet(a.writes, b.reads) || meet(a.reads, b.writes);
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

const path = fc.constantFrom("", "a", "b", "a/x", "a/y", "a/x/1", "a/x/2", "b/z");
const footprint = fc
  .record({ reads: fc.array(path, { maxLength: 3 }), writes: fc.array(path, { maxLength: 2 }) })
  .map(({ reads, writes }) => effects(reads, writes));
type Step =
  { kind: "request"; effects: ResolvedEffects } | { kind: "release" | "release-reads"; pick: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: footprint.map((of) => ({ kind: "request" as const, effects: of })) },
  { weight: 2, arbitrary: fc.nat().map((pick) => ({ kind: "release" as const, pick })) },
  { weight: 1, arbitrary: fc.nat().map((pick) => ({ kind: "release-reads" as const, pick })) },
);

test("G3, G5: a request is granted exactly while no earlier one that conflicts with it is left", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const table = new LockTable();
      let held: { effects: ResolvedEffects; request: LockRequest; granted: boolean }[] = [];
      const check = () => {
        for (const [i, { request, ...mine }] of held.entries()) {
          const free = !held.slice(0, i).some((earlier) => conflict(earlier.effects, mine.effects));
          assert.equal(
            request.granted,
            free,
            `request ${i} of ${JSON.stringify(held.map((h) => h.effects))}`,
          );
          if (!free) assert.ok(request.waitsFor());
        }
      };
      for (const one of steps) {
        if (one.kind === "request") {
          const would = table.wouldWait(one.effects);
          const request = table.request(one.effects, owner(String(held.length)));
          assert.equal(would, !request.granted);
          held.push({ effects: one.effects, request, granted: false });
        } else if (held.length > 0) {
          const picked = held[one.pick % held.length]!;
          if (one.kind === "release") {
            picked.request.release();
            held = held.filter((other) => other !== picked);
          } else if (picked.request.granted) {
            picked.request.release("reads");
            picked.effects = { reads: [], writes: picked.effects.writes };
          }
        }
        check();
      }
      for (const { request } of held) request.release();
      assert.equal(table.empty, true);
    }),
    { numRuns: 2_000 },
  );
});
