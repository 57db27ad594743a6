import assert from "node:assert/strict";
import { test } from "node:test";
import type {
  ApprovalContext,
  Approve,
  Call,
  Decision,
  Executor,
  ExecutorOptions,
  Outcome,
} from "../../src/index.ts";
import { deferred } from "../../src/testing/deferred.ts";
import { brief, errorOf, Stage, touch } from "../support/stage.ts";

/** Who was asked for what, and the answers that the test gives. */
class Desk {
  readonly asked: { readonly call: Call; readonly context: ApprovalContext }[] = [];
  readonly #answers = new Map<string, ReturnType<typeof deferred<Decision>>>();

  readonly approve: Approve = (call, context) => {
    this.asked.push({ call, context });
    const answer = deferred<Decision>();
    this.#answers.set(String(call.id), answer);
    return answer.promise;
  };

  get ids(): string[] {
    return this.asked.map(({ call }) => String(call.id));
  }

  say(id: string, decision: Decision): void {
    this.#answers.get(id)?.resolve(decision);
  }

  fail(id: string, reason: unknown): void {
    this.#answers.get(id)?.reject(reason);
  }
}

const gated = (as: string, part: object = {}) => ({ id: as, name: "gated", input: { as, ...part } });

function scene(options: Partial<ExecutorOptions> = {}): { stage: Stage; desk: Desk; executor: Executor } {
  const stage = new Stage();
  const desk = new Desk();
  const tools = [stage.tool("touch"), stage.tool("gated", { needsApproval: true })];
  return { stage, desk, executor: stage.executor({ tools, approve: desk.approve, ...options }) };
}

test("gated calls wait for their decisions while ungated readers go on (case 68)", async () => {
  const { stage, desk, executor } = scene();
  const running = executor.run([touch("auto", { reads: ["x"] }), gated("1"), gated("2")]);
  await stage.settle();
  assert.deepEqual(stage.started, ["auto"]);
  assert.deepEqual(desk.ids, ["1", "2"]);
  assert.deepEqual(
    desk.asked[0]?.context.calls.map(({ id }) => id),
    ["1", "2"],
  );
  desk.say("2", "allow");
  await stage.settle();
  assert.deepEqual(stage.started, ["auto"], "none runs before all are decided");
  desk.say("1", "allow");
  await stage.settle();
  assert.deepEqual(stage.started, ["auto", "1", "2"]);
  stage.finishAll();
  assert.deepEqual(brief(await running), ["auto done", "1 done", "2 done"]);
});

test("approvals in reverse order reach the right call; a denied one never starts (cases 68, 69)", async () => {
  const { stage, desk, executor } = scene();
  const running = executor.run([gated("1"), gated("2"), gated("3")]);
  await stage.settle();
  desk.say("3", "allow");
  desk.say("2", "deny");
  desk.say("1", "allow");
  await stage.settle();
  assert.deepEqual(stage.started, ["1", "3"]);
  stage.finishAll();
  const outcomes = await running;
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["ok", "denied", "ok"],
  );
  assert.equal(errorOf(outcomes[1]).code, "denied");
  assert.equal(errorOf(outcomes[1]).message, "not executed: the user denied it");
  assert.equal(outcomes[1]?.attempts, 0);
});

test("`always` allows the other calls of that tool that wait, and their askers hear of it (case 70)", async () => {
  const stage = new Stage();
  const desk = new Desk();
  const tools = [stage.tool("gated", { needsApproval: true }), stage.tool("other", { needsApproval: true })];
  const executor = stage.executor({ tools, approve: desk.approve });
  const running = executor.run([gated("1"), gated("2"), { id: "3", name: "other", input: { as: "3" } }]);
  await stage.settle();
  desk.say("1", "always");
  await stage.settle();
  assert.deepEqual(
    desk.asked.map(({ context }) => context.signal.aborted),
    [false, true, false],
  );
  assert.deepEqual(stage.started, []);
  desk.say("3", "deny");
  await stage.settle();
  assert.deepEqual(stage.started, ["1", "2"]);
  stage.finishAll();
  assert.deepEqual(
    (await running).map(({ status }) => status),
    ["ok", "ok", "denied"],
  );
});

test("G6: a decision that is pending at an abort counts as no (case 71)", async () => {
  const { stage, desk, executor } = scene();
  const controller = new AbortController();
  const running = executor.run([gated("1"), gated("2"), touch("run", { obeys: true })], {
    signal: controller.signal,
  });
  await stage.settle();
  desk.say("1", "allow");
  await stage.settle();
  controller.abort();
  const outcomes = await running;
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["cancelled", "denied", "cancelled"],
  );
  assert.match(errorOf(outcomes[1]).message, /^not executed: cancelled by the user, before it was approved$/);
  assert.equal(desk.asked[1]?.context.signal.aborted, true);
  desk.say("2", "allow");
  await stage.settle();
  assert.deepEqual(stage.started, ["run"]);
});

test("an abort while others are undecided denies only what nobody has allowed", async () => {
  const { stage, desk, executor } = scene();
  const controller = new AbortController();
  const calls = [
    gated("w", { writes: ["a"] }),
    touch("r", { reads: ["a"] }),
    gated("open", { writes: ["b"] }),
  ];
  const running = executor.run(calls, { signal: controller.signal });
  await stage.settle();
  desk.say("w", "allow");
  await stage.settle();
  controller.abort();
  assert.deepEqual(brief(await running), ["cancelled", "cancelled", "denied"]);
});

test("what the asker throws, or says wrongly, denies its own call alone (case 18)", async () => {
  const { stage, desk, executor } = scene();
  const running = executor.run([gated("1"), gated("2"), gated("3")]);
  await stage.settle();
  desk.fail("1", new Error("the terminal is gone"));
  desk.say("2", "maybe" as Decision);
  desk.say("3", "allow");
  await stage.settle();
  stage.finishAll();
  const outcomes = await running;
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["denied", "denied", "ok"],
  );
  assert.equal(errorOf(outcomes[0]).message, "not executed: it could not be approved: the terminal is gone");
  assert.match(errorOf(outcomes[1]).message, /must say "allow", "deny" or "always", and said "maybe"/);
});

test("an asker that throws at once denies, and the batch settles (G1)", async () => {
  const { executor } = scene({
    approve: () => {
      throw new Error("no");
    },
  });
  assert.deepEqual(brief(await executor.run([gated("1")])), ["denied"]);
});

test("G3: calls that must follow a gated one wait for the decision, others do not", async () => {
  const { stage, desk, executor } = scene();
  const running = executor.run([
    gated("w", { writes: ["x"] }),
    touch("same", { reads: ["x"] }),
    touch("apart", { writes: ["y"] }),
  ]);
  await stage.settle();
  assert.deepEqual(stage.started, ["apart"]);
  desk.say("w", "allow");
  await stage.settle();
  await stage.finish("w");
  assert.deepEqual(stage.started, ["apart", "w", "same"]);
  stage.finishAll();
  await running;
});

test("a write behind a denied write of the same resource is skipped, a read runs (contract §4)", async () => {
  const { stage, desk, executor } = scene();
  const running = executor.run([
    gated("w", { writes: ["x"] }),
    touch("read", { reads: ["x"] }),
    touch("write", { writes: ["x"] }),
  ]);
  await stage.settle();
  desk.say("w", "deny");
  await stage.settle();
  await stage.finish("read");
  assert.deepEqual(brief(await running), ["denied", "read done", "dependency-failed"]);
});

test("another conversation is not held up by what waits for approval", async () => {
  const { stage, desk, executor } = scene();
  const first = executor.run([gated("w", { writes: ["x"] })]);
  await stage.settle();
  const second = executor.run([touch("free", { writes: ["x"] })]);
  await stage.settle();
  assert.deepEqual(stage.started, ["free"]);
  await stage.finish("free");
  await second;
  desk.say("w", "deny");
  await first;
});

test("a deadline ends the wait for approval, and says what it waited for", async () => {
  const { stage, executor } = scene();
  const running = executor.run([gated("1")], { deadlineMs: 100 });
  await stage.clock.advance(100);
  const error = errorOf((await running)[0]);
  assert.equal(error.code, "blocked");
  assert.match(error.message, /while it waited for approval; it was not executed/);
});

test("while the model streams nobody is asked; a gated read waits for the end of the turn", async () => {
  const { stage, desk, executor } = scene();
  const batch = executor.open({ eager: "all" });
  batch.add(gated("r", { reads: ["x"] }));
  batch.add(touch("free", { reads: ["x"] }));
  await stage.settle();
  assert.deepEqual([stage.started, desk.ids], [["free"], []]);
  const closing = batch.close();
  await stage.settle();
  assert.deepEqual(desk.ids, ["r"]);
  desk.say("r", "allow");
  await stage.settle();
  await stage.finish("r");
  await stage.finish("free");
  assert.deepEqual(brief(await closing), ["r done", "free done"]);
});

test("a cut-off turn asks nobody (G9)", async () => {
  const { stage, desk, executor } = scene();
  const batch = executor.open();
  batch.add(gated("1"));
  assert.deepEqual(brief(await batch.close({ truncated: true })), ["truncated"]);
  await stage.settle();
  assert.deepEqual(desk.ids, []);
});

test("one at a time, calls behind a gated one wait for it", async () => {
  const { stage, desk, executor } = scene();
  const running = executor.run([touch("1"), gated("2"), touch("3")], { parallel: "one-at-a-time" });
  await stage.finish("1");
  assert.deepEqual(stage.started, ["1"]);
  desk.say("2", "allow");
  await stage.settle();
  await stage.finish("2");
  await stage.finish("3");
  assert.deepEqual(brief(await running), ["1 done", "2 done", "3 done"]);
});

test("`needsApproval` may be told by the input, and one that throws means yes", async () => {
  const stage = new Stage();
  const desk = new Desk();
  const pay = stage.tool("pay", {
    needsApproval: ({ amount }: Record<string, unknown>) => {
      if (amount === undefined) throw new Error("no amount");
      return Number(amount) > 100;
    },
  });
  const executor = stage.executor({ tools: [pay], approve: desk.approve });
  const running = executor.run(
    [{ as: "small", amount: 1 }, { as: "large", amount: 1_000 }, { as: "unknown" }].map((input) => ({
      id: input.as,
      name: "pay",
      input,
    })),
  );
  await stage.settle();
  assert.deepEqual([stage.started, desk.ids], [["small"], ["large", "unknown"]]);
  desk.say("large", "deny");
  desk.say("unknown", "deny");
  await stage.settle();
  await stage.finish("small");
  await running;
});

test("calls inside a call are asked for too", async () => {
  const stage = new Stage();
  const desk = new Desk();
  const outer = stage.tool("outer", { effects: "write", execute: (_, { run }) => run([gated("in")]) });
  const tools = [outer, stage.tool("gated", { needsApproval: true })];
  const running = stage.executor({ tools, approve: desk.approve }).run([{ name: "outer" }]);
  await stage.settle();
  assert.deepEqual(desk.ids, ["in"]);
  desk.say("in", "deny");
  const [outcome] = await running;
  const inside = outcome?.output as readonly Outcome[] | undefined;
  assert.equal(inside?.[0]?.status, "denied");
});

test("a tool that needs approval needs somebody to ask", () => {
  const stage = new Stage();
  const tools = [stage.tool("gated", { needsApproval: true })];
  assert.throws(() => stage.executor({ tools }), /`gated` needs approval, and there is no `approve` to ask/);
});

test("a batch goes on in another process: what has finished is not run again (case 72)", async () => {
  const before = scene();
  const calls = [touch("done", { reads: ["x"] }), gated("open")];
  before.executor.run(calls).catch(() => {});
  await before.stage.finish("done");
  const finished = before.stage.events.flatMap((event) =>
    event.type === "call.settled" ? [event.outcome] : [],
  );
  const kept = JSON.parse(JSON.stringify(finished)) as typeof finished;

  const after = scene();
  const outcomeOf = (id: string) => kept.find(({ call }) => call.id === id);
  const running = after.executor.run(
    calls.map((call) => ({ ...call, outcome: outcomeOf(call.id as string) })),
  );
  await after.stage.settle();
  after.desk.say("open", "allow");
  await after.stage.settle();
  await after.stage.finish("open");
  const outcomes = await running;
  assert.deepEqual(brief(outcomes), ["done done", "open done"]);
  assert.deepEqual(after.stage.started, ["open"]);
  assert.deepEqual(
    outcomes.map(({ call }) => call.key),
    ["b1.1", "b1.2"],
  );
});

test("G7: a known outcome stands, whatever happens to its batch", async () => {
  const { executor } = scene();
  const ok = { status: "ok", output: 1, attempts: 1, queuedMs: 0, runningMs: 5 } as unknown as Outcome;
  const call = touch("w", { writes: ["x"] });
  const aborted = await executor.run([{ ...call, outcome: ok }], { signal: AbortSignal.abort() });
  assert.deepEqual(brief(aborted), [1]);
  const narrow = scene({ maxCalls: 1 }).executor;
  assert.deepEqual(
    brief(
      await narrow.run([
        { ...call, outcome: ok },
        { ...call, outcome: ok },
      ]),
    ),
    [1, 1],
  );
});

test("an outcome that is none is a TypeError that says what is missing", async () => {
  const { executor } = scene();
  const run = (outcome: unknown) => executor.run([{ ...touch("a"), outcome: outcome as Outcome }]);
  for (const outcome of [{}, null, 5, "x", { status: "oops" }])
    await assert.rejects(run(outcome), /`outcome.status` must be "ok" or "failed"/);
  await assert.rejects(run({ status: "ok" }), /`outcome.attempts` must be a number, got undefined/);
  await assert.rejects(
    run({ status: "failed", attempts: 1 }),
    /`outcome.error` must be an error with `code`/,
  );
});

test("G5: what waits only for a call that is over goes on, whatever is asked still", async () => {
  const stage = new Stage();
  const desk = new Desk();
  const tools = [
    stage.tool("touch"),
    stage.tool("gated", { needsApproval: true }),
    stage.tool("dated", { deadlineMs: 5 }),
  ];
  const executor = stage.executor({ tools, approve: desk.approve });
  const running = executor.run([
    gated("1", { writes: ["x"] }),
    { name: "dated", input: { as: "dated", reads: ["x"], writes: ["y"] } },
    touch("behind dated", { reads: ["y"] }),
    touch("behind 1", { reads: ["x"] }),
    gated("2", { writes: ["z"] }),
  ]);
  await stage.settle();
  assert.deepEqual(stage.started, []);
  await stage.clock.advance(5);
  assert.deepEqual(stage.started, ["behind dated"]);
  desk.say("1", "deny");
  await stage.settle();
  assert.deepEqual(stage.started, ["behind dated", "behind 1"]);
  desk.say("2", "deny");
  await stage.settle();
  stage.finishAll();
  const statuses = (await running).map(({ status }) => status);
  assert.deepEqual(statuses, ["denied", "timed-out", "ok", "ok", "denied"]);
});
