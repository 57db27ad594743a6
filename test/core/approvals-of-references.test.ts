/** Calls that need approval and refer to others: nobody is asked about a value that is not there yet. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createExecutor, defineTool, planTool, type Decision, type Footprint } from "../../src/index.ts";
import { deferred, VirtualClock } from "../../src/testing.ts";

const anything = { type: "object" };

interface Input {
  readonly as: string;
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
}

/** `act` and `gated`, which end when the test says so; who was asked, and about what. */
function setUp(needsApproval: boolean | ((input: Record<string, unknown>) => boolean) = true) {
  const clock = new VirtualClock();
  const started: string[] = [];
  const asked: unknown[] = [];
  const answers: ReturnType<typeof deferred<Decision>>[] = [];
  const ends = new Map<string, ReturnType<typeof deferred<unknown>>>();
  const endOf = (as: string) => {
    const end = ends.get(as) ?? deferred<unknown>();
    ends.set(as, end);
    return end;
  };
  const tool = (name: string, needs: typeof needsApproval) =>
    defineTool({
      name,
      description: name,
      input: anything,
      effects: ({ reads, writes }) => ({ reads, writes }) as Footprint,
      needsApproval: needs,
      execute: ({ as }) => {
        started.push(as as string);
        return endOf(as as string).promise;
      },
    });
  const executor = createExecutor({
    clock,
    references: true,
    tools: [planTool(), tool("act", false), tool("gated", needsApproval), tool("other", needsApproval)],
    approve: (call, { calls }) => {
      asked.push([(call.input as { what?: unknown }).what ?? (call.input as Input).as, calls.length]);
      const answer = deferred<Decision>();
      answers.push(answer);
      return answer.promise;
    },
  });
  const say = async (at: number, decision: Decision) => {
    answers[at]?.resolve(decision);
    await settle();
  };
  const end = async (as: string, value?: unknown) => {
    endOf(as).resolve(value);
    await settle();
  };
  return {
    executor,
    clock,
    started,
    asked,
    say,
    end,
    fail: (as: string) => endOf(as).reject(new Error("no luck")),
  };
}

const act = (as: string, more: object = {}) => ({ name: "act", input: { as, ...more } });
const gated = (as: string, more: object = {}) => ({ name: "gated", input: { as, ...more } });

describe("a call that needs approval and refers to another", () => {
  test("is shown with the value, once that is there; what need not follow it has run", async () => {
    const { executor, started, asked, say, end } = setUp();
    const running = executor.run([
      act("find"),
      gated("delete", { what: "$1.path", writes: ["x"] }),
      act("read x", { reads: ["x"] }),
      act("read y", { reads: ["y"] }),
    ]);
    await settle();
    assert.deepEqual([started, asked], [["find", "read y"], []]);
    await end("find", { path: "/tmp/a" });
    assert.deepEqual([started, asked], [["find", "read y"], [["/tmp/a", 1]]]);
    await say(0, "allow");
    assert.deepEqual(started, ["find", "read y", "delete"]);
    for (const as of ["delete", "read x", "read y"]) await end(as);
    const outcomes = await running;
    assert.ok(outcomes.every(({ status }) => status === "ok"));
  });

  test("is denied like any other, and what it was for is left alone", async () => {
    const { executor, started, say, end } = setUp();
    const running = executor.run([act("find"), gated("delete", { what: "$1" })]);
    await settle();
    await end("find", "a");
    await say(0, "deny");
    assert.equal((await running)[1]?.status, "denied");
    assert.deepEqual(started, ["find"]);
  });

  test("may refer to one that needs approval too: one is asked about after the other", async () => {
    const { executor, started, asked, say, end } = setUp();
    const running = executor.run([gated("make"), gated("fill", { what: "$1" }), gated("other")]);
    await settle();
    assert.deepEqual(asked, [
      ["make", 2],
      ["other", 2],
    ]);
    await say(0, "allow");
    assert.deepEqual(started, []);
    await say(1, "allow");
    assert.deepEqual(started, ["make", "other"]);
    await end("make", "made");
    assert.deepEqual(asked.at(-1), ["made", 1]);
    await say(2, "allow");
    for (const as of ["fill", "other"]) await end(as);
    assert.ok((await running).every(({ status }) => status === "ok"));
  });

  test("is not asked about when what it refers to fails", async () => {
    const { executor, asked, fail, end } = setUp();
    const running = executor.run([act("find"), gated("delete", { what: "$1" }), act("behind", { of: "$2" })]);
    await settle();
    fail("find");
    await settle();
    await end("behind");
    assert.deepEqual(
      (await running).map(({ error }) => error?.code),
      ["tool-error", "dependency-failed", "dependency-failed"],
    );
    assert.deepEqual(asked, []);
  });

  test("needs none if it turns out so", async () => {
    const { executor, started, asked, end } = setUp(({ what }) => what === "dangerous");
    const running = executor.run([act("find"), gated("delete", { what: "$1" })]);
    await settle();
    await end("find", "harmless");
    await end("delete");
    assert.deepEqual([started, asked], [["find", "delete"], []]);
    assert.ok((await running).every(({ status }) => status === "ok"));
  });

  test("is allowed with all of its tool by `always`", async () => {
    const { executor, started, asked, say, end } = setUp();
    const running = executor.run([act("find"), gated("one"), gated("delete", { what: "$1" })]);
    await settle();
    await say(0, "always");
    await end("find", "a");
    assert.deepEqual(started, ["find", "one", "delete"]);
    assert.deepEqual(asked, [["one", 1]]);
    for (const as of ["one", "delete"]) await end(as);
    assert.ok((await running).every(({ status }) => status === "ok"));
  });

  test("is shown with the value of one that was done before it came, or whose outcome is known", async () => {
    const { executor, asked, say, end } = setUp();
    const batch = executor.open();
    batch.add(act("find"));
    await settle();
    await end("find", "a");
    batch.add(gated("delete", { what: "$1" }));
    const running = batch.close();
    await settle();
    await say(0, "allow");
    await end("delete");
    const [found] = await running;
    const again = executor.run([{ ...act("find"), outcome: found! }, gated("delete", { what: "$1" })]);
    await settle();
    assert.deepEqual(asked, [
      ["a", 1],
      ["a", 1],
    ]);
    await say(1, "allow");
    assert.ok([...(await running), ...(await again)].every(({ status }) => status === "ok"));
  });

  test("is skipped behind one that had failed before it came", async () => {
    const { executor, fail, asked } = setUp();
    const batch = executor.open();
    batch.add(act("find"));
    await settle();
    fail("find");
    await settle();
    batch.add(gated("delete", { what: "$1" }));
    assert.deepEqual(
      (await batch.close()).map(({ error }) => error?.code),
      ["tool-error", "dependency-failed"],
    );
    assert.deepEqual(asked, []);
  });

  test("G5: holds up only what it touches, once that is known", async () => {
    const { executor, started, say, end } = setUp();
    const running = executor.run([
      act("find"),
      gated("delete", { writes: ["$1"] }),
      act("other", { writes: ["x/9"] }),
      act("same", { writes: ["x/1"] }),
    ]);
    await settle();
    assert.deepEqual(started, ["find"]);
    await end("find", "x/1");
    assert.deepEqual(started, ["find", "other"]);
    await say(0, "allow");
    for (const as of ["delete", "other", "same"]) await end(as);
    assert.deepEqual(started, ["find", "other", "delete", "same"]);
    assert.ok((await running).every(({ status }) => status === "ok"));
  });

  test("G5: does not hold up what follows another that was allowed", async () => {
    const { executor, started, say, end } = setUp();
    const plan = {
      calls: [
        { id: "find", tool: "act", input: { as: "find" } },
        { id: "one", tool: "gated", input: { as: "one", what: "$find" } },
        { id: "two", tool: "gated", input: { as: "two" } },
        { id: "behind", tool: "act", input: { as: "behind" }, after: ["two"] },
      ],
    };
    const running = executor.run([{ name: "plan", input: plan }]);
    await settle();
    await say(0, "allow");
    await end("two");
    assert.deepEqual(started, ["find", "two", "behind"]);
    await end("find", 1);
    await say(1, "allow");
    for (const as of ["behind", "one"]) await end(as);
    assert.equal((await running)[0]?.status, "ok");
  });

  test("G3: holds up what refers to the list that it stands in, so that no other conversation comes between", async () => {
    const { executor, started, say, end } = setUp();
    const list = { name: "parallel", input: { calls: [gated("delete", { reads: ["x"], writes: ["y"] })] } };
    const running = executor.run([list, act("behind", { reads: ["x"], of: "$1" })]);
    await settle();
    const other = executor.run([act("other", { writes: ["x", "y"] })]);
    await settle();
    await say(0, "allow");
    for (const as of ["other", "delete", "behind"]) await end(as);
    assert.deepEqual(started, ["other", "delete", "behind"]);
    assert.ok([...(await other), ...(await running)].every(({ status }) => status === "ok"));
  });

  test("says that it waited for the value, not for a word that nobody was asked for", async () => {
    const { executor, clock, end } = setUp();
    const running = executor.run([act("find"), gated("delete", { what: "$1" })], { deadlineMs: 10 });
    await clock.advance(10);
    await end("find");
    assert.match(
      (await running)[1]?.error?.message ?? "",
      /while it waited for call b1\.1, which comes first/,
    );
  });

  test("is not asked about once `always` was said, though another question is open when its value comes", async () => {
    const { executor, started, asked, say, end } = setUp();
    const other = { name: "other", input: { as: "other" } };
    const running = executor.run([act("find"), gated("one"), other, gated("delete", { what: "$1" })]);
    await settle();
    await say(0, "always");
    await end("find", "a");
    assert.deepEqual(asked, [
      ["one", 2],
      ["other", 2],
    ]);
    await say(1, "allow");
    assert.deepEqual(started, ["find", "one", "other", "delete"]);
    assert.equal(asked.length, 2);
    for (const as of ["one", "other", "delete"]) await end(as);
    assert.ok((await running).every(({ status }) => status === "ok"));
  });

  test("is denied on abort while its value is awaited", async () => {
    const { executor, asked, end } = setUp();
    const controller = new AbortController();
    const running = executor.run([act("find"), gated("delete", { what: "$1" })], {
      signal: controller.signal,
    });
    await settle();
    controller.abort();
    await end("find");
    assert.deepEqual(
      (await running).map(({ status }) => status),
      ["cancelled", "denied"],
    );
    assert.deepEqual(asked, []);
  });
});

async function settle(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}
