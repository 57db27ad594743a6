import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { AdaptiveLimit, type AdaptiveResult, type AdaptiveTicket } from "../../src/limits/adaptive-limit.ts";

const allWell = (_place: number): AdaptiveResult => "ok";

/** A limit whose attempts take so long, all of a round starting and ending together. */
class Rounds {
  readonly limit: AdaptiveLimit;
  now = 0;

  constructor({ min = 1, max = 256 } = {}) {
    this.limit = new AdaptiveLimit({ min, max });
  }

  /** One attempt per slot, or so many; their ends by place. */
  round({ n = this.limit.slots, ms = 100, end = allWell } = {}): number {
    const tickets = Array.from({ length: n }, () => this.limit.started(this.now, "look"));
    this.now += ms;
    for (const [i, ticket] of tickets.entries()) this.limit.ended(ticket, { now: this.now, result: end(i) });
    return this.limit.slots;
  }

  /** Slow start up to so many slots. */
  grown(slots: number): this {
    while (this.limit.slots < slots) this.round();
    return this;
  }
}

test("a limit starts at its minimum and doubles per round until the first refusal", () => {
  const rounds = new Rounds();
  assert.equal(rounds.limit.slots, 1);
  assert.deepEqual(
    Array.from({ length: 5 }, () => rounds.round()),
    [2, 4, 8, 16, 32],
  );
});

test("a limit stays between its minimum and its maximum", () => {
  const rounds = new Rounds({ min: 2, max: 6 }).grown(6);
  assert.equal(rounds.round(), 6);
  for (let i = 0; i < 5; i++) rounds.round({ end: () => "refused" });
  assert.equal(rounds.limit.slots, 2);
});

test("each refused attempt of a round gives up its slot: what is left was accepted", () => {
  const rounds = new Rounds().grown(16);
  assert.equal(rounds.round({ end: (i) => (i < 10 ? "ok" : "refused") }), 10);
});

test("a round takes no more than half, however many of it are refused", () => {
  const rounds = new Rounds().grown(32);
  assert.equal(rounds.round({ end: () => "refused" }), 16);
  assert.equal(rounds.round({ end: () => "refused" }), 8);
});

test("a refusal where few ran halves what has long not been in use", () => {
  const rounds = new Rounds().grown(64);
  rounds.round({ end: () => "refused" });
  for (let i = 0; i < 3; i++) rounds.round({ n: 6 });
  assert.equal(rounds.limit.slots, 32);
  assert.equal(rounds.round({ n: 6, end: (i) => (i < 5 ? "ok" : "refused") }), 16);
});

test("other failures, and load below the limit, change nothing", () => {
  const rounds = new Rounds().grown(8);
  for (let i = 0; i < 50; i++) assert.equal(rounds.round({ end: () => "failed" }), 8);
  for (let i = 0; i < 50; i++) assert.equal(rounds.round({ n: 7 }), 8);
});

test("idle time changes nothing", () => {
  const rounds = new Rounds().grown(16);
  rounds.round({ end: (i) => (i < 10 ? "ok" : "refused") });
  rounds.now += 1e9;
  assert.equal(rounds.limit.slots, 10);
  assert.equal(rounds.round(), 10);
});

test("after a refusal the limit holds, then tries one more; each try in vain makes it wait for longer", () => {
  const rounds = new Rounds().grown(16);
  const refuseAbove10 = (i: number) => (i < 10 ? "ok" : "refused") as AdaptiveResult;
  rounds.round({ end: refuseAbove10 });
  const held: number[] = [];
  for (let since = 0; held.length < 5; since++) {
    if (rounds.round({ end: refuseAbove10 }) === 10) continue;
    assert.equal(rounds.limit.slots, 11);
    assert.equal(rounds.round({ end: refuseAbove10 }), 10);
    held.push(since);
    since = -1;
  }
  assert.deepEqual(held, [12, 27, 45, 45, 45]);
});

test("once a try is well the limit grows faster and faster", () => {
  const rounds = new Rounds().grown(16);
  rounds.round({ end: (i) => (i < 10 ? "ok" : "refused") });
  const seen = new Set<number>();
  while (rounds.limit.slots < 40) seen.add(rounds.limit.slots).add(rounds.round());
  assert.deepEqual([...seen].slice(0, 5), [10, 11, 13, 17, 25]);
});

test("few attempts that time out change nothing; many of those that started lately do", () => {
  const rounds = new Rounds().grown(64);
  for (let i = 0; i < 20; i++) rounds.round({ end: (at) => (at % 20 === 0 ? "timed-out" : "ok") });
  assert.ok(rounds.limit.slots >= 64);
  const before = rounds.limit.slots;
  rounds.round({ end: () => "timed-out" });
  assert.equal(rounds.limit.slots, before / 2);
});

const step = fc.record({
  start: fc.boolean(),
  pick: fc.nat(1_000),
  gapMs: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 500, noNaN: true })),
  result: fc.constantFrom<AdaptiveResult[]>("ok", "ok", "ok", "ok", "refused", "timed-out", "failed"),
  retryAfterMs: fc.option(fc.nat(1e7), { nil: undefined }),
});

test("whatever happens, a limit is an integer within its bounds, and falls to no less than half of what is in use", () => {
  const bounds = fc.record({ min: fc.integer({ min: 1, max: 5 }), more: fc.nat(60) });
  fc.assert(
    fc.property(bounds, fc.array(step, { maxLength: 500, size: "max" }), ({ min, more }, steps) => {
      const limit = new AdaptiveLimit({ min, max: min + more });
      const running: AdaptiveTicket[] = [];
      let now = 0;
      for (const { start, pick, gapMs, result, retryAfterMs } of steps) {
        now += gapMs;
        if (start) {
          if (limit.running < limit.slots) running.push(limit.started(now, `tool-${pick % 2}`));
          continue;
        }
        const [ticket] = running.splice(pick % Math.max(1, running.length), 1);
        if (ticket === undefined) continue;
        const before = limit.slots;
        const used = limit.running;
        limit.ended(ticket, { now, result, retryAfterMs });
        const { slots } = limit;
        assert.ok(Number.isInteger(slots) && slots >= min && slots <= min + more, `${slots} slots`);
        assert.equal(limit.running, running.length);
        if (slots > before) assert.equal(result, "ok");
        const floor = Math.floor(Math.min(before, used) / 2);
        assert.ok(slots >= floor, `from ${before}, of which ${used} were in use, to ${slots}`);
      }
    }),
    { numRuns: 300 },
  );
});
