/** Random turns whose calls refer to each other, in their inputs and in what they touch: the guarantees hold all the same. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { createExecutor, defineTool, planTool, type Footprint, type Outcome } from "../../src/index.ts";
import { VirtualClock } from "../../src/testing.ts";

const LEAVES = ["x/1", "x/2", "y"] as const;

/** What a call touches: a path, or one that it learns from another call, as a whole or as its end. */
type Where = string | { readonly of: number; readonly under: "" | "x/" };

interface Plan {
  readonly ms: number;
  readonly reads: readonly Where[];
  readonly writes: readonly Where[];
  readonly commutes: readonly Where[];
  /** What the call's own output names: a leaf, or the end of one. */
  readonly names: string;
  readonly needs: readonly number[];
  readonly fails: boolean;
  readonly pauseMs: number;
}

interface Turn {
  readonly calls: readonly Plan[];
  readonly how: "run" | "stream" | "plan";
  readonly eager: "off" | "reads" | "all";
  readonly concurrency: number;
  readonly slowCheck: boolean;
  readonly abortMs: number | undefined;
}

const where: fc.Arbitrary<Where> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...LEAVES, "x") },
  { weight: 2, arbitrary: fc.record({ of: fc.nat(), under: fc.constantFrom("" as const, "x/" as const) }) },
);
const list = (maxLength: number) => fc.array(where, { maxLength });
const plan: fc.Arbitrary<Plan> = fc.record({
  ms: fc.nat(12),
  reads: list(2),
  writes: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: list(2) }),
  commutes: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: list(1) }),
  names: fc.constantFrom("x/1", "x/2", "y", "1", "2"),
  needs: fc.array(fc.nat(), { maxLength: 2 }),
  fails: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
  pauseMs: fc.nat(4),
});
const turns: fc.Arbitrary<Turn> = fc.record({
  calls: fc.array(plan, { minLength: 1, maxLength: 9 }),
  how: fc.constantFrom("run", "stream", "plan"),
  eager: fc.constantFrom("off", "reads", "all"),
  concurrency: fc.constantFrom(1, 2, 10),
  slowCheck: fc.boolean(),
  abortMs: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, fc.nat(30)),
});

/** One run of a tool's function. */
interface Visit {
  readonly key: string;
  readonly touched: Required<Record<keyof Footprint, readonly string[]>>;
  readonly from: number;
  to: number;
  readonly saw: Readonly<Record<string, readonly string[]>>;
  wrote: boolean;
}

const leavesOf = (paths: readonly string[]) =>
  LEAVES.filter((leaf) => paths.some((path) => leaf === path || leaf.startsWith(`${path}/`)));

function conflict(a: Visit["touched"], b: Visit["touched"]): boolean {
  const meet = (some: readonly string[], others: readonly string[]) =>
    leavesOf(some).some((leaf) => leavesOf(others).includes(leaf));
  return (
    meet(a.writes, [...b.reads, ...b.writes, ...b.commutes]) ||
    meet(a.commutes, [...b.reads, ...b.writes]) ||
    meet(a.reads, [...b.writes, ...b.commutes])
  );
}

class Play {
  readonly clock = new VirtualClock();
  readonly visits: Visit[] = [];
  readonly store: Record<string, readonly string[]> = Object.fromEntries(LEAVES.map((leaf) => [leaf, []]));
  readonly waits = new Map<string, number>();
  readonly executor;
  #seq = 0;

  constructor({ concurrency, slowCheck }: Turn) {
    const input = { type: "object" } as const;
    this.executor = createExecutor({
      clock: this.clock,
      concurrency,
      references: "template",
      graceMs: 0,
      tools: [
        planTool(),
        defineTool({
          name: "act",
          description: "acts",
          input: {
            "~standard": {
              version: 1,
              vendor: "test",
              validate: (value: unknown) =>
                slowCheck ? this.clock.sleep(1).then(() => ({ value })) : { value },
            },
          } as never,
          inputJsonSchema: input,
          effects: ({ reads, writes, commutes }) => ({ reads, writes, commutes }) as Footprint,
          execute: (given, { call, signal }) => this.#act(given as never, call.key, signal),
        }),
      ],
      onEvent: (event) => {
        if (event.type !== "call.started" && event.type !== "call.settled") return;
        const ms = (event.waits ?? []).reduce((sum, wait) => sum + wait.ms, 0);
        this.waits.set(event.call, (this.waits.get(event.call) ?? 0) + ms);
      },
    });
  }

  async #act(input: Plan & Visit["touched"], key: string, signal: AbortSignal) {
    const { reads, writes, commutes } = input;
    const seen = leavesOf([...reads, ...writes]).map((leaf) => [leaf, this.store[leaf] as readonly string[]]);
    const touched = { reads, writes, commutes };
    const visit: Visit = {
      key,
      touched,
      from: this.#seq++,
      to: Infinity,
      saw: Object.fromEntries(seen),
      wrote: false,
    };
    this.visits.push(visit);
    try {
      await this.clock.sleep(input.ms, signal);
      if (input.fails) throw new Error(`${key} failed`);
      write(this.store, visit);
      visit.wrote = true;
      return { names: input.names, key };
    } finally {
      visit.to = this.#seq++;
    }
  }
}

/** Writes overwrite; those that commute add, in whatever order. */
function write(store: Record<string, readonly string[]>, { key, touched, saw }: Visit): void {
  for (const leaf of leavesOf(touched.writes)) store[leaf] = [`${key}<${JSON.stringify(saw)}`.slice(0, 300)];
  for (const leaf of leavesOf(touched.commutes))
    if (!leavesOf(touched.writes).includes(leaf))
      store[leaf] = [...(store[leaf] as string[]), `+${key}`].sort();
}

/** The input of a call, with references where it needs others. */
function inputOf(
  plan: Plan,
  { at, count, named }: { at: number; count: number; named: (index: number) => string },
) {
  // Mostly calls before it: of those that refer to any, most go round in a circle.
  const target = (of: number) => (of % 10 < 8 && at > 0 ? (of >> 4) % at : of % count);
  const reference = (of: number, end: string) => `$${named(target(of))}.${end}`;
  const text = (one: Where) => (typeof one === "string" ? one : one.under + reference(one.of, "names"));
  return {
    ...plan,
    reads: plan.reads.map(text),
    writes: plan.writes.map(text),
    commutes: plan.commutes.map(text),
    needs: plan.needs.map((of) => reference(of, "key")),
  };
}

async function playTurn(
  turn: Turn,
): Promise<{ play: Play; outcomes: readonly Outcome[]; inputs: readonly object[] }> {
  const play = new Play(turn);
  const { clock, executor } = play;
  const inPlan = turn.how === "plan";
  const inputs = turn.calls.map((call, at) =>
    inputOf(call, {
      at,
      // Where calls are numbered some refer to one that there is not; in a plan that may be a text.
      count: turn.calls.length + (inPlan ? 0 : 1),
      named: (i) => (inPlan ? `n${i}` : String(i + 1)),
    }),
  );
  const controller = new AbortController();
  if (turn.abortMs !== undefined) clock.setTimer(() => controller.abort(), turn.abortMs);
  const options = { signal: controller.signal };
  const start = async () => {
    if (turn.how === "run")
      return executor.run(
        inputs.map((input) => ({ name: "act", input })),
        options,
      );
    if (inPlan) {
      const calls = inputs.map(({ needs, ...input }, i) => {
        const { ms } = input;
        // What needs no value may be named as well.
        const after = needs.map((reference) => reference.slice(1).split(".")[0]);
        return {
          id: `n${i}`,
          tool: "act",
          ...(ms % 2 === 0 ? { input, after } : { input: { ...input, needs } }),
        };
      });
      return executor.run([{ name: "plan", input: { calls } }], options);
    }
    const batch = executor.open({ ...options, eager: turn.eager });
    for (const [i, input] of inputs.entries()) {
      await clock.sleep((turn.calls[i] as Plan).pauseMs);
      batch.add({ name: "act", input });
    }
    return batch.close();
  };
  const running = start();
  await clock.runAll();
  const settled = await Promise.race([running, setImmediate(undefined)]);
  assert.ok(settled, "G1: no timer is left, and the turn has not settled");
  return { play, outcomes: settled, inputs };
}

/** The references in an input, as indices of calls. */
function namedIn(input: object, inPlan: boolean): number[] {
  const found = JSON.stringify(input).matchAll(inPlan ? /\$n(\d+)/g : /\$(\d+)/g);
  return [...found].map(([, digits]) => Number(digits) - (inPlan ? 0 : 1));
}

/** The indices of calls in serial order, the plain way; a call on a circle, or behind one, has no place. */
function serialOrder(needs: readonly (readonly number[])[]): number[] {
  const order: number[] = [];
  for (;;) {
    const next = needs.findIndex((of, i) => !order.includes(i) && of.every((j) => order.includes(j)));
    if (next < 0) return order;
    order.push(next);
  }
}

function judge({ play, outcomes: answered, inputs }: Awaited<ReturnType<typeof playTurn>>, turn: Turn): void {
  const inPlan = turn.how === "plan";
  const keyOf = (i: number) => `b1.${inPlan ? "1." : ""}${i + 1}`;
  const answers = inPlan
    ? (answered[0]?.output as { status: string; error?: { code: string } }[] | undefined)
    : answered;
  if (answers === undefined) return assert.ok(answered[0]?.error);
  assert.equal(answers.length, turn.calls.length, "G1");
  const needs = inputs.map((input) => namedIn(input, inPlan));
  const order = serialOrder(needs);
  const visitOf = new Map(play.visits.map((visit) => [visit.key, visit]));
  assert.equal(visitOf.size, play.visits.length, "a call ran twice");
  for (const [i, answer] of answers.entries()) {
    const visit = visitOf.get(keyOf(i));
    const code = answer.error?.code;
    if (!order.includes(i))
      assert.equal(visit, undefined, "what goes round in a circle, or to nowhere, runs");
    for (const j of needs[i] as number[]) {
      const target = answers[j];
      if (target?.status !== "ok") assert.equal(visit, undefined, `call ${i + 1} ran without call ${j + 1}`);
      else if (visit !== undefined)
        assert.ok(
          (visitOf.get(keyOf(j)) as Visit).to < visit.from,
          `call ${i + 1} did not wait for ${j + 1}`,
        );
    }
    if (code === "dependency-failed") {
      const failed = (needs[i] as number[]).some((j) => answers[j]?.status !== "ok");
      assert.ok(
        failed || (turn.calls[i] as Plan).writes.length + (turn.calls[i] as Plan).commutes.length > 0,
      );
    }
    if (code === "invalid-effects") assert.fail("what it touches was foreseen");
    if (answer.status === "ok") assert.ok(visit?.wrote);
  }
  const place = new Map(order.map((i, at) => [keyOf(i), at]));
  const inOrder = [...play.visits].sort(
    (a, b) => (place.get(a.key) as number) - (place.get(b.key) as number),
  );
  for (const [at, later] of inOrder.entries())
    for (const earlier of inOrder.slice(0, at))
      if (conflict(earlier.touched, later.touched))
        assert.ok(earlier.to < later.from, `G3: ${later.key} started before ${earlier.key} had stopped`);
  const replay: Record<string, readonly string[]> = Object.fromEntries(LEAVES.map((leaf) => [leaf, []]));
  for (const visit of inOrder) {
    for (const [leaf, value] of Object.entries(visit.saw))
      assert.deepEqual(value, replay[leaf], `G3: ${visit.key} saw another ${leaf} than one by one`);
    if (visit.wrote) write(replay, visit);
  }
  assert.deepEqual(play.store, replay, "G3: the final state is another than one by one");
  if (!inPlan)
    for (const { call, queuedMs } of answered)
      assert.equal(play.waits.get(call.key), queuedMs, "a wait is not explained");
  assert.equal(play.clock.pending, 0, "G10: timers are left");
  assert.equal(play.executor.stats.running + play.executor.stats.batches, 0, "G10");
}

test("G1, G3, G10: whatever calls refer to, they give what they give one by one in serial order", async () => {
  await fc.assert(
    fc.asyncProperty(turns, async (turn) => judge(await playTurn(turn), turn)),
    { numRuns: Number(process.env["REFERENCE_TURNS"] ?? 3_000) },
  );
});
