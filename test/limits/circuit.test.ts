import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { resolveCircuitOptions } from "../../src/limits/circuit-options.ts";
import { Circuit, type CircuitResult, type CircuitTicket } from "../../src/limits/circuit.ts";

const OPTIONS = resolveCircuitOptions("circuit", {
  failures: 3,
  forMs: 100,
  openMs: 1_000,
  maxOpenMs: 3_000,
});

/** An attempt from `from` to `now`. */
function attempt(circuit: Circuit, result: CircuitResult, [from, now]: readonly [number, number]): void {
  circuit.ended({ ticket: circuit.started(from), now, result });
}

/** A circuit that opened at 200, until 1200. */
function openCircuit(): Circuit {
  const circuit = new Circuit(OPTIONS);
  for (const now of [0, 100, 200]) attempt(circuit, "failed", [now, now]);
  assert.equal(circuit.state.kind, "open");
  return circuit;
}

test("a circuit opens after failures in a row, for a time", () => {
  const circuit = openCircuit();
  assert.deepEqual(circuit.refuses(200), { untilMs: 1_200 });
  assert.deepEqual(circuit.refuses(1_199), { untilMs: 1_200 });
  assert.equal(circuit.refuses(1_200), undefined);
});

test("many failures within a moment do not open it", () => {
  const circuit = new Circuit(OPTIONS);
  for (let i = 0; i < 50; i++) attempt(circuit, "failed", [0, 50]);
  assert.equal(circuit.refuses(50), undefined);
  attempt(circuit, "failed", [90, 100]);
  assert.notEqual(circuit.refuses(100), undefined);
});

test("few failures, however long apart, do not open it", () => {
  const circuit = new Circuit(OPTIONS);
  for (const now of [0, 10_000]) attempt(circuit, "failed", [now, now]);
  assert.equal(circuit.state.kind, "closed");
});

test("attempts that time out together open it at once: they were a long silence", () => {
  const circuit = new Circuit(OPTIONS);
  const tickets = [0, 0, 0].map((now) => circuit.started(now));
  for (const ticket of tickets) circuit.ended({ ticket, now: 60_000, result: "failed" });
  assert.equal(circuit.state.kind, "open");
});

test("a success between failures begins the row anew; what is unknown does not", () => {
  const circuit = new Circuit(OPTIONS);
  attempt(circuit, "failed", [0, 0]);
  attempt(circuit, "failed", [50, 50]);
  attempt(circuit, "ok", [60, 60]);
  attempt(circuit, "failed", [100, 100]);
  attempt(circuit, "failed", [150, 150]);
  attempt(circuit, "unknown", [155, 155]);
  assert.equal(circuit.state.kind, "closed");
  attempt(circuit, "failed", [200, 200]);
  assert.equal(circuit.state.kind, "open");
});

test("one attempt probes when the time is over, and nothing else starts meanwhile", () => {
  const circuit = openCircuit();
  const probe = circuit.started(1_500);
  assert.deepEqual(circuit.refuses(1_500), { untilMs: undefined });
  circuit.ended({ ticket: probe, now: 1_600, result: "ok" });
  assert.equal(circuit.refuses(1_600), undefined);
  assert.equal(circuit.state.kind, "closed");
});

test("each probe that fails doubles the time to the next, up to a limit; a success resets it", () => {
  const circuit = openCircuit();
  let now = 1_200;
  for (const openMs of [2_000, 3_000, 3_000]) {
    attempt(circuit, "failed", [now, now]);
    assert.deepEqual(circuit.refuses(now), { untilMs: now + openMs });
    now += openMs;
  }
  attempt(circuit, "ok", [now, now]);
  for (let i = 1; i <= 3; i++) attempt(circuit, "failed", [now + i * 100, now + i * 100]);
  assert.deepEqual(circuit.refuses(now + 300), { untilMs: now + 1_300 });
});

test("after a cancelled probe the next attempt is the probe, after as long a time as before", () => {
  const circuit = openCircuit();
  attempt(circuit, "unknown", [1_200, 1_300]);
  assert.equal(circuit.refuses(1_300), undefined);
  const probe = circuit.started(1_300);
  assert.notEqual(circuit.refuses(1_300), undefined);
  circuit.ended({ ticket: probe, now: 1_400, result: "failed" });
  assert.deepEqual(circuit.refuses(1_400), { untilMs: 3_400 });
});

test("a back-end that asks for more time gets it, within the limit", () => {
  for (const [retryAfterMs, untilMs] of [
    [500, 1_200],
    [2_000, 2_200],
    [86_400_000, 3_200],
  ] as const) {
    const circuit = new Circuit(OPTIONS);
    for (const now of [0, 100]) attempt(circuit, "failed", [now, now]);
    circuit.ended({ ticket: circuit.started(200), now: 200, result: "failed", retryAfterMs });
    assert.deepEqual(circuit.refuses(200), { untilMs });
  }
});

test("the late failure of an attempt that started before the circuit opened changes nothing", () => {
  const circuit = new Circuit(OPTIONS);
  const late = Array.from({ length: 10 }, () => circuit.started(0));
  for (const now of [0, 100, 200]) attempt(circuit, "failed", [now, now]);
  const end = (now: number) => circuit.ended({ ticket: late.pop() as CircuitTicket, now, result: "failed" });
  end(300);
  assert.deepEqual(circuit.refuses(300), { untilMs: 1_200 });
  const probe = circuit.started(1_200);
  end(1_300);
  assert.equal(circuit.state.kind, "half-open");
  circuit.ended({ ticket: probe, now: 1_400, result: "ok" });
  for (let i = 0; i < 5; i++) end(2_000);
  assert.equal(circuit.state.kind, "closed");
});

test("the late success of an attempt that started before the circuit opened closes it", () => {
  const circuit = new Circuit(OPTIONS);
  const late = circuit.started(0);
  for (const now of [0, 100, 200]) attempt(circuit, "failed", [now, now]);
  circuit.ended({ ticket: late, now: 300, result: "ok" });
  assert.equal(circuit.refuses(300), undefined);
});

test("an attempt that starts although it is refused is not taken for the probe", () => {
  const circuit = openCircuit();
  const stray = circuit.started(300);
  circuit.started(1_200);
  const another = circuit.started(1_250);
  for (const ticket of [stray, another]) circuit.ended({ ticket, now: 1_300, result: "failed" });
  assert.equal(circuit.state.kind, "half-open");
});

type Step = {
  readonly gapMs: number;
  readonly start: boolean;
  readonly pick: number;
  readonly result: CircuitResult;
};

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    gapMs: fc.oneof(fc.constant(0), fc.nat(60), fc.nat(1_500)),
    start: fc.boolean(),
    pick: fc.nat(20),
    result: fc.constantFrom(...(Array(10).fill("failed") as "failed"[]), "ok", "unknown"),
  }),
  { minLength: 20, maxLength: 200 },
);

test("whatever happens: one probe at most, a success closes, and it opens only after failures in a row for a time", () => {
  const opened = { times: 0 };
  fc.assert(
    fc.property(steps, (all) => {
      const circuit = new Circuit(OPTIONS);
      const running: CircuitTicket[] = [];
      let probe: CircuitTicket | undefined;
      let now = 0;
      let row = 0;
      let lastSuccess = 0;
      for (const { gapMs, start, pick, result } of all) {
        now += gapMs;
        const before = circuit.state.kind;
        if (start) {
          const refusal = circuit.refuses(now);
          if (refusal !== undefined) {
            assert.ok((refusal.untilMs ?? Infinity) > now);
            assert.ok((refusal.untilMs ?? 0) <= now + OPTIONS.maxOpenMs, "refuses for too long");
            assert.equal(refusal.untilMs === undefined, probe !== undefined);
            continue;
          }
          const ticket = circuit.started(now);
          running.push(ticket);
          if (before === "open") {
            assert.equal(probe, undefined, "a second probe");
            probe = ticket;
          }
          assert.equal(circuit.state.kind, before === "open" ? "half-open" : "closed");
          continue;
        }
        const [ticket] = running.splice(pick % Math.max(1, running.length), 1);
        if (ticket === undefined) continue;
        circuit.ended({ ticket, now, result });
        const after = circuit.state.kind;
        if (result === "failed") row++;
        if (result === "ok") {
          row = 0;
          lastSuccess = now;
          probe = undefined;
          assert.equal(after, "closed");
        } else if (before === "closed" && after === "open") {
          opened.times++;
          assert.ok(row >= OPTIONS.failures && now - lastSuccess >= OPTIONS.forMs, `opens after ${row}`);
        } else if (ticket === probe) {
          probe = undefined;
          assert.equal(after, "open");
        } else if (before !== "closed") assert.equal(after, before);
      }
    }),
    { numRuns: 1_000 },
  );
  assert.ok(opened.times > 100, `it opened ${opened.times} times: too few to have tested anything`);
});
