/**
 * Random batches on the virtual clock, and what happened in them: the evidence that the properties of the guarantees judge.
 *
 * Every tool has the same body: it looks at all it reads and writes, takes its time, and then writes something made of what
 * it saw. A lost update, a read out of order or an overlap shows in the store.
 */
import { setImmediate } from "node:timers/promises";
import {
  createExecutor,
  defineTool,
  toolError,
  type BatchEvent,
  type Call,
  type CallRequest,
  type Executor,
  type GatherContext,
  type Outcome,
  type StandardSchema,
  type ToolContext,
} from "../../src/index.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import {
  API,
  DEADLINE_MS,
  FLAKY,
  footprintOf,
  GATHERED,
  GRACE_MS,
  HEDGED,
  HOST,
  LEAVES,
  leavesOf,
  POOL,
  RATED_QUEUE,
  TIMEOUT_MS,
  type BatchPlan,
  type CallPlan,
  type Plan,
} from "./chaos-plan.ts";

/** What one execution of a tool's body saw and did. */
export interface Visit {
  readonly key: string;
  readonly tool: string;
  readonly plan: CallPlan;
  readonly startedAt: number;
  readonly startSeq: number;
  readonly saw: Readonly<Record<string, string>>;
  stoppedAt: number | undefined;
  stopSeq: number | undefined;
  wrote: boolean;
  /** It threw something that says that nothing happened. */
  refused: boolean;
}

const RETRIED = { idempotent: true, retry: { attempts: 3, baseMs: 4, maxMs: 8 } } as const;

/** What happened to one batch. */
export interface BatchRecord {
  readonly plan: BatchPlan;
  readonly outcomes: readonly Outcome[] | undefined;
  readonly closedAt: number;
  readonly abortedAt: number | undefined;
  readonly settledAt: number;
}

/** Everything that happened. */
export interface Evidence {
  readonly plan: Plan;
  readonly batches: readonly BatchRecord[];
  /** By call, in the order in which they began. */
  readonly visits: ReadonlyMap<string, readonly Visit[]>;
  readonly events: readonly BatchEvent[];
  readonly store: Readonly<Record<string, string>>;
  /** Problems that only show while it runs. */
  readonly alarms: readonly string[];
  readonly pendingTimers: number;
  readonly stats: Executor["stats"];
  readonly signals: readonly AbortSignal[];
}

/** What a call writes that saw this. */
export function written(key: string, saw: Readonly<Record<string, string>>): string {
  return `${key}<${Object.values(saw).join(",")}>`.slice(0, 200);
}

/** Whether a flaky call's back-end is well again by this attempt. */
function recovers({ tool, plan, key }: Visit, visits: ReadonlyMap<string, readonly Visit[]>): boolean {
  return FLAKY.includes(tool) && (visits.get(key)?.length ?? 0) > plan.ms % 4;
}

/** Plays a plan to the very end, stragglers included. `observe` is given the executor before anything happens. */
export async function play(plan: Plan, observe?: (executor: Executor) => void): Promise<Evidence> {
  const world = new World(plan);
  observe?.(world.executor);
  return world.play();
}

class World {
  readonly #plan: Plan;
  readonly #clock = new VirtualClock();
  readonly #executor: Executor;
  readonly #visits = new Map<string, Visit[]>();
  readonly #events: BatchEvent[] = [];
  readonly #store: Record<string, string> = Object.fromEntries(LEAVES.map((leaf) => [leaf, "0"]));
  readonly #alarms: string[] = [];
  readonly #signals: AbortSignal[] = [];
  #seq = 0;
  #active = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
    const tool = (name: string, options: object = {}) =>
      defineTool({
        name,
        description: name,
        input: name === "checked" ? this.#slowSchema() : anySchema,
        effects: (input: CallPlan) => {
          if (input.flaw === "bad-effects") throw new Error("effects failed");
          return { reads: input.reads, writes: input.writes };
        },
        execute: (input: CallPlan, context: ToolContext) => this.#body(name, input, context),
        ...options,
      });
    this.#executor = createExecutor({
      tools: [
        tool("free"),
        tool("one", { concurrency: 1 }),
        tool("pooled-a", { pools: ["db"] }),
        tool("pooled-b", { pools: ["db"], concurrency: 1 }),
        tool("late", { after: ["free"] }),
        tool("later", { after: ["late", "one"], onDependencyFailure: "run" }),
        tool("all-read", { effects: "read" }),
        tool("all-write", { effects: "write" }),
        tool("pure", { effects: "none" }),
        tool("checked"),
        tool("hasty", { deadlineMs: DEADLINE_MS }),
        tool("flaky", RETRIED),
        tool("hedged", { idempotent: true, hedge: { afterMs: 5 } }),
        tool("shared", { idempotent: true, share: { ttlMs: 10 } }),
        tool("gathered", { execute: undefined, gather: { maxSize: 3, execute: this.#gathered } }),
        tool("gated", { needsApproval: true }),
        tool("rated", { pools: ["rated"] }),
        tool("adaptive", { pools: (input: CallPlan) => [`host:${input.ms % 2}`] }),
        tool("outer"),
        tool("busy", { ...RETRIED, pools: (input: CallPlan) => ["api", `host:${input.ms % 2}`] }),
        tool("hedged-api", { idempotent: true, hedge: { afterMs: 5 }, pools: ["api"] }),
        tool("gathered-api", {
          ...RETRIED,
          execute: undefined,
          gather: { maxSize: 3, execute: this.#gathered },
          pools: ["api"],
        }),
        tool("outer-api", { pools: ["api"] }),
      ],
      pools: {
        db: { concurrency: POOL },
        rated: { rate: { count: 1, perMs: 3 }, burst: 2, maxQueue: RATED_QUEUE },
        api: { concurrency: API, circuit: { failures: 1, forMs: 0, openMs: 6 } },
        "host:*": { adaptive: { max: HOST }, circuit: { failures: 3, forMs: 0, openMs: 10 } },
      },
      random: () => 0.5,
      approve: async (call) => {
        const { decision, decideMs } = call.input as CallPlan;
        await this.#clock.sleep(decideMs);
        if (decision === "throw") throw new Error("nobody can be asked");
        return decision;
      },
      concurrency: plan.concurrency,
      maxCalls: plan.maxCalls,
      timeoutMs: TIMEOUT_MS,
      graceMs: GRACE_MS,
      clock: this.#clock,
      onEvent: (event) => {
        this.#events.push(event);
        throw new Error("a listener that throws changes nothing");
      },
    });
  }

  get executor(): Executor {
    return this.#executor;
  }

  async play(): Promise<Evidence> {
    const rejections: unknown[] = [];
    const onRejection = (reason: unknown) => rejections.push(reason);
    process.on("unhandledRejection", onRejection);
    const batches = await this.#playBatches().finally(() => process.off("unhandledRejection", onRejection));
    for (const reason of rejections) this.#alarms.push(`unhandled rejection: ${String(reason)}`);
    return {
      plan: this.#plan,
      batches,
      visits: this.#visits,
      events: this.#events,
      store: this.#store,
      alarms: this.#alarms,
      pendingTimers: this.#clock.pending,
      stats: this.#executor.stats,
      signals: this.#signals,
    };
  }

  async #playBatches(): Promise<BatchRecord[]> {
    const playing = Promise.all(this.#plan.batches.map((batch) => this.#batch(batch)));
    await this.#clock.runAll();
    const batches = await Promise.race([playing, setImmediate(undefined)]);
    if (batches === undefined) throw new Error("G1: no timer is left, and a batch has not settled");
    await setImmediate();
    return batches;
  }

  async #batch(plan: BatchPlan): Promise<BatchRecord> {
    const clock = this.#clock;
    const controller = new AbortController();
    this.#signals.push(controller.signal);
    await clock.sleep(plan.startMs);
    let abortedAt: number | undefined;
    if (plan.abortMs !== undefined) {
      clock.setTimer(() => {
        abortedAt = clock.now();
        controller.abort(new Error("the user had enough"));
      }, plan.abortMs);
    }
    const options = {
      signal: controller.signal,
      deadlineMs: plan.deadlineMs,
      onFailure: plan.onFailure,
    };
    if (!plan.streamed) {
      const closedAt = clock.now();
      const outcomes = await this.#executor.run(plan.calls.map(toRequest), options);
      return { plan, outcomes, closedAt, abortedAt, settledAt: clock.now() };
    }
    const batch = this.#executor.open({ ...options, eager: plan.eager });
    for (const call of plan.calls) {
      await clock.sleep(call.pauseMs);
      batch.add(toRequest(call));
    }
    const closedAt = clock.now();
    if (plan.end === "discard") {
      await batch.discard("the stream broke");
      return { plan, outcomes: undefined, closedAt, abortedAt, settledAt: clock.now() };
    }
    const outcomes = await batch.close({ truncated: plan.end === "truncate" });
    return { plan, outcomes, closedAt, abortedAt, settledAt: clock.now() };
  }

  /** Not an `async` function: a plan may have it throw before there is a promise. */
  #body(tool: string, plan: CallPlan, context: ToolContext): Promise<string> {
    const visit = this.#enter(tool, plan, context);
    this.#active++;
    this.#checkBound(visit.key);
    if (plan.ending !== "throw-sync") return this.#work(visit, context);
    this.#leave(visit);
    throw new Error(`${visit.key} failed`);
  }

  /** Several calls at once, on one slot. */
  readonly #gathered = async (
    plans: readonly CallPlan[],
    { calls, signal }: GatherContext,
  ): Promise<readonly (string | Error)[]> => {
    this.#active++;
    this.#checkBound(calls.map(({ key }) => key).join());
    const visits = plans.map((plan, i) =>
      this.#enter((calls[i] as Call).name, plan, { call: calls[i] as Call }),
    );
    const results = await Promise.all(
      visits.map((visit) => this.#work(visit, { signal } as ToolContext).catch((thrown: unknown) => thrown)),
    );
    this.#active--;
    return results.map((result) =>
      typeof result === "string" || result instanceof Error ? result : new Error(),
    );
  };

  #checkBound(key: string): void {
    const counted = this.#active - this.#executor.stats.abandoned;
    if (counted > this.#plan.concurrency) this.#alarms.push(`G4: ${counted} run at ${key}`);
  }

  async #work(visit: Visit, context: ToolContext): Promise<string> {
    const { plan, tool } = visit;
    try {
      await this.#pass(plan, context);
      if (!recovers(visit, this.#visits)) this.#fail(visit, context);
      if (plan.ending === "throw") throw new Error(`${visit.key} failed`);
      if (plan.ending === "throw-undefined") throw undefined;
      // A call that does not wait for those inside it would write in no order with them.
      const own = plan.inner.length === 0 || plan.awaitsInner;
      for (const leaf of own ? leavesOf(footprintOf(tool, plan).writes) : []) {
        this.#store[leaf] = written(visit.key, visit.saw);
        visit.wrote = true;
      }
      if (plan.ending === "write-and-throw") throw new Error(`${visit.key} failed`);
      return `${visit.key} done`;
    } finally {
      this.#leave(visit);
    }
  }

  /** The ways to fail that say something of the back-end. */
  #fail({ plan, key }: Visit, { signal }: ToolContext): void {
    const message = `${key} failed`;
    const visit = this.#visits.get(key)?.at(-1);
    if (plan.ending === "break") throw toolError({ message, retryable: true });
    if (plan.ending === "outage") throw toolError({ message, cause: { status: 502 } });
    if (plan.ending !== "refuse") return;
    // Of what calls inside have done, a refusal says nothing.
    if (visit !== undefined) visit.refused = plan.inner.length === 0 && !signal.aborted;
    // With the spread of a retry it is a whole number: times are compared to the letter.
    throw toolError({ message, cause: { status: 429 }, retryAfterMs: plan.ms % 3 === 0 ? 20 : undefined });
  }

  #leave(visit: Visit): void {
    visit.stoppedAt = this.#clock.now();
    visit.stopSeq = this.#seq++;
    if (GATHERED.includes(visit.tool)) return;
    // A call that runs others inside it has lent its slot for good if it does not wait for them.
    if (visit.plan.inner.length === 0 || visit.plan.awaitsInner || visit.plan.ending === "throw-sync")
      this.#active--;
  }

  #enter(tool: string, plan: CallPlan, { call: { key } }: Pick<ToolContext, "call">): Visit {
    const before = this.#visits.get(key) ?? [];
    if (before.length > 0 && ![...FLAKY, ...HEDGED, "gathered-api"].includes(tool))
      this.#alarms.push(`${key} ran twice`);
    const { reads, writes } = footprintOf(tool, plan);
    const visit: Visit = {
      key,
      tool,
      plan,
      startedAt: this.#clock.now(),
      startSeq: this.#seq++,
      saw: Object.fromEntries(
        leavesOf([...reads, ...writes]).map((leaf) => [leaf, this.#store[leaf] as string]),
      ),
      stoppedAt: undefined,
      stopSeq: undefined,
      wrote: false,
      refused: false,
    };
    this.#visits.set(key, [...before, visit]);
    return visit;
  }

  async #pass(plan: CallPlan, context: ToolContext): Promise<void> {
    if (plan.inner.length > 0) await this.#runInside(plan, context);
    if (plan.ending === "hang") return this.#clock.sleep(1_000_000, context.signal);
    if (plan.ending === "deaf") return this.#clock.sleep(plan.ms + 60);
    return this.#clock.sleep(plan.ms, plan.ms % 2 === 0 ? context.signal : undefined);
  }

  async #runInside(plan: CallPlan, context: ToolContext): Promise<void> {
    const inside = context.run(plan.inner.map(toRequest));
    this.#active--;
    if (!plan.awaitsInner) return void inside.catch(() => {});
    const outcomes = await inside;
    this.#active++;
    if (outcomes.length !== plan.inner.length)
      this.#alarms.push(`G1: ${outcomes.length} outcomes inside ${context.call.key}`);
  }

  #slowSchema(): StandardSchema<CallPlan> {
    return {
      "~standard": {
        ...anySchema["~standard"],
        validate: async (value) => {
          await this.#clock.sleep((value as CallPlan | null)?.ms ?? 0);
          return anySchema["~standard"].validate(value);
        },
      },
    };
  }
}

const anySchema: StandardSchema<CallPlan> = {
  "~standard": {
    version: 1,
    vendor: "test",
    jsonSchema: { input: () => ({ type: "object" }) },
    validate: (value) =>
      (value as CallPlan).flaw === "bad-input"
        ? { issues: [{ message: "no good" }] }
        : { value: value as CallPlan },
  },
};

function toRequest(plan: CallPlan): CallRequest {
  const id = `toolu_${plan.ms}`;
  const truncated = plan.flaw === "truncated";
  if (plan.flaw === "bad-json") return { id, name: plan.tool, inputText: BAD_JSON };
  if (plan.tool !== "parallel") return { id, name: plan.tool, input: plan, truncated };
  const uses = plan.inner.map((inner) => ({
    recipient_name: `functions.${inner.tool}`,
    parameters: toRequest(inner).inputText ?? toRequest(inner).input,
  }));
  return { id, name: plan.tool, input: { ...plan, tool_uses: uses }, truncated };
}

const BAD_JSON = '{"cut":';
