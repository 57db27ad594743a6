/** The plan tool: a graph of calls in one. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createExecutor, defineTool, planTool, type BatchEvent, type Executor } from "../../src/index.ts";
import { VirtualClock } from "../../src/testing.ts";

interface Answer {
  readonly id: string;
  readonly tool: string;
  readonly status: string;
  readonly output?: unknown;
  readonly error?: { readonly code: string; readonly message: string };
}

const anything = { type: "object" };

/** `add` sums its `of` after `ms`; `fail` fails; `text` gives back its `text`. */
function setUp(options: { concurrency?: number; references?: boolean | "template" } = {}) {
  const clock = new VirtualClock();
  const started: string[] = [];
  const events: BatchEvent[] = [];
  const executor = createExecutor({
    clock,
    ...options,
    onEvent: (event) => events.push(event),
    tools: [
      planTool(),
      defineTool({
        name: "add",
        description: "adds",
        input: anything,
        effects: "none",
        execute: async ({ of, ms }, { call }) => {
          started.push(call.key);
          if (ms !== undefined) await clock.sleep(ms as number);
          return { sum: (of as number[]).reduce((sum, item) => sum + item, 0) };
        },
      }),
      defineTool({
        name: "fail",
        description: "fails",
        input: anything,
        effects: "none",
        execute: () => {
          throw new Error("no luck");
        },
      }),
      defineTool({
        name: "text",
        description: "says",
        input: anything,
        effects: "none",
        execute: ({ text }) => text,
      }),
    ],
  });
  return { executor, clock, started, events };
}

async function answersTo(
  executor: Executor,
  clock: VirtualClock,
  calls: readonly object[],
): Promise<Answer[]> {
  const running = executor.run([{ name: "plan", input: { calls } }]);
  await clock.runAll();
  const [outcome] = await running;
  assert.ok(outcome?.status === "ok", outcome?.error?.message);
  return outcome.output as Answer[];
}

describe("a plan", () => {
  test("runs its calls as far as they depend on each other, and answers each", async () => {
    const { executor, clock, started } = setUp();
    const answers = await answersTo(executor, clock, [
      { id: "all", tool: "add", input: { of: ["$a.sum", "$b.sum"] } },
      { id: "a", tool: "add", input: { of: [1, 2], ms: 5 } },
      { id: "b", tool: "add", input: { of: [3], ms: 5 } },
    ]);
    assert.deepEqual(answers, [
      { id: "all", tool: "add", status: "ok", output: { sum: 6 } },
      { id: "a", tool: "add", status: "ok", output: { sum: 3 } },
      { id: "b", tool: "add", status: "ok", output: { sum: 3 } },
    ]);
    assert.deepEqual(started, ["b1.1.2", "b1.1.3", "b1.1.1"]);
    assert.equal(clock.now(), 5);
  });

  test("is answered node by node where some fail", async () => {
    const { executor, clock } = setUp();
    const answers = await answersTo(executor, clock, [
      { id: "broken", tool: "fail", input: {} },
      { id: "behind", tool: "add", input: { of: ["$broken.sum"] } },
      { id: "after", tool: "add", input: { of: [1] }, after: ["broken"] },
      { id: "nobody", tool: "dance", input: {} },
      { id: "lost", tool: "add", input: { of: ["$found.sum"] } },
      { id: "early", tool: "add", input: { of: [1] }, after: ["later"] },
      { id: "a", tool: "add", input: { of: ["$b.sum"] } },
      { id: "b", tool: "add", input: { of: [2] }, after: ["a"] },
      { id: "self", tool: "add", input: { of: [2] }, after: ["self"] },
      { id: "fine", tool: "add", input: { of: [1] } },
      { id: "fine", tool: "add", input: { of: [2] } },
    ]);
    assert.deepEqual(
      answers.map(({ id, status, error }) => `${id} ${error?.code ?? status}`),
      [
        "broken tool-error",
        "behind dependency-failed",
        "after dependency-failed",
        "nobody unknown-tool",
        "lost invalid-reference",
        "early invalid-reference",
        "a invalid-reference",
        "b invalid-reference",
        "self invalid-reference",
        "fine ok",
        "fine invalid-input",
      ],
    );
    assert.match(answers[4]?.error?.message ?? "", /the plan has broken, behind, after.*"\$\$found\.sum"/);
    assert.match(answers[1]?.error?.message ?? "", /it depends on "broken" \(fail\), which did not succeed/);
    assert.match(answers[5]?.error?.message ?? "", /`after` names "later"/);
    assert.match(answers[6]?.error?.message ?? "", /in a circle: a → b → a|in a circle: b → a → b/);
    assert.match(answers[8]?.error?.message ?? "", /`after` of "self" names itself/);
    assert.match(answers[10]?.error?.message ?? "", /two calls of the plan are called "fine"/);
  });

  test("tells in the trace what each of its calls waited for", async () => {
    const { executor, clock, events } = setUp();
    await answersTo(executor, clock, [
      { id: "a", tool: "add", input: { of: [1], ms: 4 } },
      { id: "b", tool: "add", input: { of: ["$a.sum"] } },
    ]);
    const waits = events.flatMap((event) => (event.type === "call.started" ? [event.waits] : []));
    assert.deepEqual(waits, [[], [{ for: "call", call: "b1.1.1", ms: 4 }]]);
  });

  test("keeps to the limits and to `concurrency: 1`", async () => {
    const { executor, clock } = setUp({ concurrency: 1 });
    const nodes = ["a", "b", "c"].map((id) => ({ id, tool: "add", input: { of: [1], ms: 3 } }));
    await answersTo(executor, clock, nodes);
    assert.equal(clock.now(), 9);
  });

  test("may be one call of several, and others may refer to what it answers", async () => {
    const { executor, clock } = setUp({ references: true });
    const running = executor.run([
      { name: "plan", input: { calls: [{ id: "a", tool: "add", input: { of: [7], ms: 1 } }] } },
      { name: "add", input: { of: ["$1[0].output.sum", 1] } },
    ]);
    await clock.runAll();
    assert.deepEqual((await running)[1]?.output, { sum: 8 });
  });

  test("has texts with dollars in it that name none of its calls", async () => {
    const { executor, clock } = setUp({ references: "template" });
    const texts = ["US$5 or $price", "it is $a.sum of $b", "$$a", "$", "for $$a"];
    const answers = await answersTo(executor, clock, [
      { id: "a", tool: "add", input: { of: [1] } },
      ...texts.map((text, i) => ({ id: `t${i}`, tool: "text", input: { text } })),
    ]);
    assert.deepEqual(
      answers.slice(1).map(({ output }) => output),
      ["US$5 or $price", "it is 1 of $b", "$a", "$", "for $a"],
    );
  });

  test("that is no list of calls is refused as a whole", async () => {
    const { executor } = setUp();
    for (const input of [
      {},
      { calls: 1 },
      { calls: [{ tool: "add" }] },
      { calls: [{ id: "a", tool: "add", input: {}, after: 3 }] },
      { calls: [{ id: "my call", tool: "add", input: { of: [1] } }] },
    ]) {
      const [outcome] = await executor.run([{ name: "plan", input }]);
      assert.equal(outcome?.error?.code, "invalid-input", JSON.stringify(input));
    }
  });

  test("may have every field filled in", async () => {
    const { executor, clock } = setUp();
    const [answer] = await answersTo(executor, clock, [
      { id: "a", tool: "add", input: { of: [1] }, after: null },
    ]);
    assert.equal(answer?.status, "ok");
  });

  test("of nothing is answered with nothing", async () => {
    const { executor, clock } = setUp();
    assert.deepEqual(await answersTo(executor, clock, []), []);
  });

  test("inside a plan is refused, and says so", async () => {
    const { executor, clock } = setUp();
    const [answer] = await answersTo(executor, clock, [{ id: "a", tool: "plan", input: { calls: [] } }]);
    assert.match(
      answer?.error?.message ?? "",
      /a list of calls cannot hold another: put the calls of "plan"/,
    );
  });

  test("starts what only reads while the model still streams", async () => {
    const { executor, clock, started } = setUp();
    const batch = executor.open();
    batch.add({
      name: "plan",
      input: {
        calls: [
          { id: "a", tool: "add", input: { of: [1], ms: 2 } },
          { id: "b", tool: "add", input: { of: ["$a.sum"] } },
        ],
      },
    });
    await clock.runAll();
    assert.deepEqual(started, ["b1.1.1", "b1.1.2"]);
    assert.equal((await batch.close())[0]?.status, "ok");
  });

  test("G1, G6: settles on abort, with all of its calls", async () => {
    const { executor, clock } = setUp();
    const controller = new AbortController();
    const calls = [
      { id: "a", tool: "add", input: { of: [1] }, after: ["b"] },
      { id: "b", tool: "add", input: { of: [1], ms: 100 } },
    ];
    const batch = executor.open({ signal: controller.signal });
    batch.add({ name: "plan", input: { calls } });
    controller.abort();
    const closing = batch.close();
    await clock.runAll();
    const [outcome] = await closing;
    assert.ok(outcome?.status === "ok");
    assert.deepEqual(
      (outcome.output as Answer[]).map(({ error }) => error?.code),
      ["cancelled", "cancelled"],
    );
  });

  test("has what it needs in its options, and refuses others", () => {
    assert.equal(planTool({ name: "graph", description: "Makes a graph." }).name, "graph");
    assert.throws(() => planTool({ name: "no spaces" }), /`name`/);
    const misspelt = { nmae: "x" } as object;
    assert.throws(() => planTool(misspelt), /`planTool` has no option `nmae`; it knows name, description/);
    assert.throws(() => planTool({ description: "" }), /`description` must be a non-empty string/);
  });
});
