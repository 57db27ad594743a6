/**
 * Calls that make calls inside them and do not behave: they are aborted, time out, are deaf, are tried again, forget what they
 * started, or run two batches at once. Nothing hangs, no limit is exceeded, and no slot is lost.
 */
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { test } from "node:test";
import fc from "fast-check";
import {
  createExecutor,
  defineTool,
  toolError,
  type CallRequest,
  type Tool,
  type ToolContext,
} from "../../src/index.ts";
import { VirtualClock } from "../../src/testing.ts";

const HOWS = ["in turn", "in turn", "at once", "forgets", "races", "refused"] as const;
const ENDS = ["well", "well", "well", "throws", "is busy", "is deaf", "obeys", "defers"] as const;

/** What a call does: some work, calls inside it, some more work, and how it ends. */
interface Plan {
  readonly tool: string;
  readonly ms: number;
  readonly inner: readonly Plan[];
  readonly moreMs: number;
  readonly again: readonly Plan[];
  readonly how: (typeof HOWS)[number];
  readonly ends: (typeof ENDS)[number];
}

/** A conversation; one that is to end late is not aborted, or has no deadline. */
interface Conversation {
  readonly calls: readonly Plan[];
  readonly abortAt: number;
  readonly deadlineMs: number;
}

/** The tools, and the pools of each; those called `one-…` run one at a time, `get` runs several calls as one. */
const POOLS: Readonly<Record<string, readonly string[]>> = {
  p: ["p"],
  q: ["q"],
  pq: ["p", "q"],
  adapts: ["adaptive"],
  both: ["adaptive", "r"],
  breaks: ["circuit"],
  all: ["circuit", "adaptive"],
  "one-a": [],
  "one-b": ["r"],
  free: [],
  get: ["p", "circuit"],
};
const LIMITS: Readonly<Record<string, number>> = {
  p: 1,
  q: 1,
  r: 2,
  adaptive: 3,
  circuit: 2,
  "one-a": 1,
  "one-b": 1,
};

function plans(depth: number): fc.Arbitrary<Plan> {
  const inner = depth === 0 ? fc.constant([]) : fc.array(plans(depth - 1), { maxLength: 3 });
  return fc.record({
    tool: fc.constantFrom(...Object.keys(POOLS)),
    ms: fc.nat(6),
    inner,
    moreMs: fc.nat(6),
    again: depth < 2 ? fc.constant([]) : inner,
    how: fc.constantFrom(...HOWS),
    ends: fc.constantFrom(...ENDS),
  });
}

const conversations: fc.Arbitrary<readonly Conversation[]> = fc.array(
  fc.record({
    calls: fc.array(plans(3), { minLength: 1, maxLength: 4 }),
    abortAt: fc.nat(150),
    deadlineMs: fc.integer({ min: 1, max: 240 }),
  }),
  { minLength: 1, maxLength: 3 },
);

/** How many run in each limit, but for what may run beside its own slot: see `Part.loose`. */
class Census {
  readonly problems: string[] = [];
  readonly #running = new Map<string, number>();
  readonly #concurrency: number;

  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  count(tool: string, by: 1 | -1): void {
    const own = tool.startsWith("one-") ? [tool] : [];
    for (const name of [...(POOLS[tool] ?? []), ...own, "executor"]) {
      const now = (this.#running.get(name) ?? 0) + by;
      this.#running.set(name, now);
      const limit = LIMITS[name] ?? this.#concurrency;
      if (now > limit) this.problems.push(`G4: ${now} run in ${name}`);
    }
  }
}

/** One attempt that plays its part. */
class Part {
  readonly #plan: Plan;
  readonly #context: ToolContext;
  readonly #clock: VirtualClock;
  readonly #census: Census;
  #counted = false;
  /** It was told to stop, or runs beside calls inside it that it started: it may run while its slot is taken. */
  #loose = false;

  constructor(plan: Plan, context: ToolContext, stage: { clock: VirtualClock; census: Census }) {
    this.#plan = plan;
    this.#context = context;
    this.#clock = stage.clock;
    this.#census = stage.census;
    context.signal.addEventListener("abort", () => this.#letLoose(), { once: true });
  }

  async play(): Promise<unknown> {
    this.#runs();
    try {
      await this.#clock.sleep(this.#plan.ms);
      await this.#inside();
      await this.#clock.sleep(this.#plan.moreMs);
      return await this.#end();
    } finally {
      this.#waits();
    }
  }

  async #inside(): Promise<void> {
    const { how, inner, again, moreMs } = this.#plan;
    if (how === "refused") await this.#context.run(undefined as never).catch(() => {});
    if (how === "forgets" || how === "races") this.#letLoose();
    if (how === "forgets") return void this.#run(inner).catch(() => {});
    if (how === "races") await Promise.race([this.#run(inner), this.#clock.sleep(2)]);
    else await this.#waitFor(...(how === "at once" ? [inner, again] : [inner]));
    await this.#clock.sleep(moreMs);
    if (how !== "at once") await this.#waitFor(again);
  }

  async #waitFor(...lists: readonly (readonly Plan[])[]): Promise<void> {
    this.#waits();
    await Promise.all(lists.map((list) => this.#run(list)));
    this.#runs();
  }

  async #run(calls: readonly Plan[]): Promise<void> {
    if (calls.length > 0) await this.#context.run(calls.map(request));
  }

  async #end(): Promise<unknown> {
    const { ends, inner } = this.#plan;
    if (ends === "throws") throw new Error("no");
    if (ends === "is busy") throw toolError({ message: "busy", retryable: true });
    if (ends === "is deaf") await this.#clock.sleep(40);
    if (ends === "obeys") await this.#clock.sleep(40, this.#context.signal);
    if (ends === "defers") this.#context.defer(() => this.#run(inner));
    return 1;
  }

  #runs(): void {
    if (!this.#loose && !this.#counted) this.#census.count(this.#plan.tool, 1);
    this.#counted = !this.#loose;
  }

  #waits(): void {
    if (this.#counted) this.#census.count(this.#plan.tool, -1);
    this.#counted = false;
  }

  #letLoose(): void {
    this.#waits();
    this.#loose = true;
  }
}

const request = (plan: Plan): CallRequest => ({ name: plan.tool, input: plan });

function toolsOn(clock: VirtualClock, census: Census): Tool[] {
  return Object.entries(POOLS).map(([name, pools]) => {
    const facts = {
      name,
      description: name,
      input: { type: "object" },
      effects: "none",
      pools,
      idempotent: true,
      retry: { attempts: 3, baseMs: 2 },
    } as const;
    if (name === "get") {
      const execute = (inputs: readonly unknown[]) => clock.sleep(3).then(() => inputs.map(() => 1));
      return defineTool({ ...facts, gather: { maxSize: 3, execute } }) as Tool;
    }
    return defineTool({
      ...facts,
      ...(name.startsWith("one-") && { concurrency: 1 }),
      execute: (input, context) => new Part(input as unknown as Plan, context, { clock, census }).play(),
    }) as Tool;
  });
}

async function play(batches: readonly Conversation[], concurrency: number, graceMs: number): Promise<void> {
  const clock = new VirtualClock();
  const census = new Census(concurrency);
  const executor = createExecutor({
    clock,
    concurrency,
    graceMs,
    timeoutMs: 25,
    pools: {
      p: { concurrency: 1 },
      q: { concurrency: 1 },
      r: { concurrency: 2 },
      adaptive: { adaptive: { min: 1, max: 3 } },
      circuit: { concurrency: 2, circuit: true },
    },
    tools: toolsOn(clock, census),
  });
  const run = async ({ calls, abortAt, deadlineMs }: Conversation) => {
    const user = new AbortController();
    if (abortAt < 60) clock.setTimer(() => user.abort(), abortAt);
    const options = { signal: user.signal, ...(deadlineMs < 80 && { deadlineMs }) };
    return executor.run(calls.map(request), options);
  };
  const all = Promise.all(batches.map(run));
  await clock.runAll();
  assert.ok(await Promise.race([all, setImmediate(undefined)]), "no timer is left, and some calls wait");
  assert.deepEqual(census.problems, []);
  const { pools, ...stats } = executor.stats;
  assert.deepEqual(stats, { running: 0, abandoned: 0, batches: 0 });
  for (const [name, { running, waiting }] of Object.entries(pools))
    assert.equal(running + waiting, 0, `${name} is not empty`);
}

test("G10: calls inside calls that stop, hang, fail or forget leave no slot taken, and no limit is exceeded", async () => {
  await fc.assert(
    fc.asyncProperty(conversations, fc.constantFrom(1, 2, 3, 10), fc.constantFrom(1, 5, 1_000), play),
    { numRuns: Number(process.env["NESTED_PLANS"] ?? 1_500) },
  );
});
