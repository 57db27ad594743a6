import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { queryObjects } from "node:v8";
import { context, trace, type Tracer } from "@opentelemetry/api";
import { runAgent } from "../../src/agent/run-agent.ts";
import {
  batchTool,
  Cancellation,
  createExecutor,
  toolError,
  type Tool,
  type ToolContext,
} from "../../src/index.ts";
import { answerTurn } from "../../src/model/answered-turn.ts";
import { anthropicMessages } from "../../src/wire/anthropic-messages/wire.ts";
import { scriptedModel } from "../../src/testing/scripted-model.ts";
import { toOtlp, traceToOpenTelemetry } from "../../src/otel.ts";
import { Family } from "../../src/otel/family.ts";
import { openTrace, readTrace, type TraceEvent } from "../../src/trace.ts";
import { lengthOf, msOf, SpanBook } from "../support/open-telemetry.ts";
import { calls, Stage, touch } from "../support/stage.ts";
import { act, isolated } from "../support/threads.ts";

/** A tool that makes a span of its own around what it does. */
function spanning(book: SpanBook, stage: Stage, options: object = {}): Tool {
  return stage.tool("touch", {
    execute: (input: { as: string }, { call }: ToolContext) =>
      book.within(`own ${input.as}`, async () => {
        await stage.clock.sleep(call.index + 1);
        await book.within(`own ${input.as} later`, () => stage.clock.sleep(1));
      }),
    ...options,
  });
}

test("calls are siblings where their batch was opened, each with an attempt, and the tool's own spans under that", async () => {
  const stage = new Stage();
  const book = new SpanBook();
  const executor = stage.executor({ tools: [spanning(book, stage)], concurrency: 2 });
  book.trace(executor);
  const running = book.within("request", () => executor.run(calls(4)));
  await stage.clock.runAll();
  await running;
  const each = ["1", "2", "3", "4"].flatMap((as) => [
    "  execute_tool touch",
    "    attempt touch",
    `      own ${as}`,
    `        own ${as} later`,
  ]);
  assert.deepEqual(new Set(book.tree), new Set(["request", ...each]));
  assert.equal(book.tree.length, 17);
  assert.equal(book.open, 0);
});

test("a call tells what it waited for, apart from its running", async () => {
  const stage = new Stage();
  const book = new SpanBook();
  const executor = stage.executor();
  book.trace(executor);
  const running = executor.run([touch("a", { writes: ["x"] }), touch("b", { writes: ["x"] })]);
  await stage.settle();
  await stage.clock.advance(30);
  await stage.finish("a");
  await stage.clock.advance(12);
  await stage.finish("b");
  await running;
  const second = book.spans.find(
    ({ attributes }) => attributes["tutti.call"] === "b1.2" && attributes["tutti.attempt"] === undefined,
  );
  assert.ok(second);
  const { attributes } = second;
  assert.equal(attributes["tutti.waited_ms"], 30);
  assert.equal(attributes["tutti.wait.lock_ms"], 30);
  assert.equal(attributes["tutti.running_ms"], 12);
  assert.deepEqual(attributes["tutti.waited_for"], [
    "30 ms for the lock on [removed], held by call 1 (touch)",
  ]);
  assert.equal(Math.round(lengthOf(second)), 42);
  const attempt = book.spans.find(
    (span) => span.attributes["tutti.attempt"] === 1 && span.attributes["tutti.call"] === "b1.2",
  );
  assert.equal(Math.round(lengthOf(attempt ?? second)), 12);
  assert.deepEqual(
    [attributes["gen_ai.operation.name"], attributes["gen_ai.tool.name"], attributes["gen_ai.tool.call.id"]],
    ["execute_tool", "touch", "b"],
  );
  assert.ok(Math.abs(msOf(second.startTime) - Date.now()) < 60_000, "the start is by the calendar");
});

test("retries are further attempts under their call, and say how they failed", async () => {
  const stage = new Stage();
  const book = new SpanBook();
  const tool = stage.tool("touch", { idempotent: true, retry: { attempts: 2, baseMs: 10 } });
  const executor = stage.executor({ tools: [tool], random: () => 0.5 });
  book.trace(executor);
  const running = executor.run([touch("a")]);
  await stage.settle();
  await stage.fail("a", toolError({ message: "secret words", cause: { status: 503 }, retryable: true }));
  await stage.clock.advance(100);
  await stage.finishLast("a");
  await running;
  assert.deepEqual(book.tree, ["execute_tool touch", "  attempt touch", "  attempt touch"]);
  const attempts = book.spans.filter(({ name }) => name === "attempt touch");
  assert.deepEqual(
    attempts.map(({ attributes, status }) => [
      attributes["tutti.attempt"],
      attributes["tutti.attempt.as"],
      attributes["error.type"],
      status,
    ]),
    [
      [1, "first", "rate-limited", { code: 2, message: "[removed]" }],
      [2, "retry", undefined, { code: 0 }],
    ],
  );
  assert.ok((book.one("execute_tool touch").attributes["tutti.wait.retry_ms"] as number) > 0);
});

test("a hedge runs beside the first attempt: the loser ends when it stops, the winner with its call", async () => {
  const stage = new Stage();
  const book = new SpanBook();
  const tool = stage.tool("touch", { effects: "read", idempotent: true, hedge: { afterMs: 5 } });
  const executor = stage.executor({ tools: [tool] });
  book.trace(executor);
  const running = executor.run([touch("a")]);
  await stage.clock.advance(6);
  await stage.clock.advance(2);
  await stage.finishLast("a");
  assert.equal((await running)[0]?.status, "ok");
  await stage.clock.advance(100);
  assert.equal(book.open, 2, "who was faster shows when the other has stopped");
  await stage.finish("a");
  assert.equal(book.open, 0);
  const attempts = book.spans.filter(({ name }) => name === "attempt touch");
  const told = attempts.map(({ attributes }) => [
    attributes["tutti.attempt.as"],
    attributes["tutti.attempt.status"],
  ]);
  assert.deepEqual(
    new Set(told),
    new Set([
      ["first", "lost"],
      ["hedge", "ok"],
    ]),
  );
  const winner = attempts.find(({ attributes }) => attributes["tutti.attempt.as"] === "hedge");
  assert.deepEqual(winner?.endTime, book.one("execute_tool touch").endTime);
});

test("calls inside a call hang under the attempt that makes them, or under the tool's own span there", async () => {
  const stage = new Stage();
  const book = new SpanBook();
  const outer = stage.tool("outer", {
    execute: async (_input: unknown, { run }: ToolContext) => {
      await run([touch("plain")]);
      await book.within("own", () => run([touch("deep")]));
    },
  });
  const executor = stage.executor({ tools: [outer, stage.tool("touch")] });
  book.trace(executor);
  const running = executor.run([{ name: "outer", input: {} }]);
  await stage.settle();
  await stage.clock.advance(1);
  await stage.finish("plain");
  await stage.clock.advance(1);
  await stage.finish("deep");
  await running;
  assert.deepEqual(book.tree, [
    "execute_tool outer",
    "  attempt outer",
    "    execute_tool touch",
    "      attempt touch",
    "    own",
    "      execute_tool touch",
    "        attempt touch",
  ]);
});

test("calls in a list hang under it", async () => {
  const stage = new Stage();
  const book = new SpanBook();
  const executor = stage.executor({ tools: [spanning(book, stage), batchTool()] });
  book.trace(executor);
  const list = ["a", "b"].map((as) => ({ name: "touch", input: { as } }));
  const running = executor.run([{ name: "batch", input: { calls: list } }]);
  await stage.clock.runAll();
  await running;
  assert.deepEqual(book.tree, [
    "execute_tool batch",
    ...["a", "b"].flatMap((as) => [
      "  execute_tool touch",
      "    attempt touch",
      `      own ${as}`,
      `        own ${as} later`,
    ]),
  ]);
  assert.equal(book.open, 0);
});

test("calls that go together run under the first of them, and the others lead there", async () => {
  const stage = new Stage();
  const book = new SpanBook();
  const gather = {
    maxSize: 10,
    execute: (inputs: readonly unknown[]) => book.within("own", () => inputs.map(() => "done")),
  };
  const executor = stage.executor({ tools: [stage.tool("touch", { execute: undefined, gather } as never)] });
  book.trace(executor);
  await executor.run(calls(3));
  const own = book.one("own");
  const attempts = book.spans.filter(({ name }) => name === "attempt touch");
  const first = attempts.find((span) => span.spanContext().spanId === own.parentSpanContext?.spanId);
  assert.deepEqual([first?.attributes["tutti.call"], first?.attributes["tutti.gathered"]], ["b1.1", 3]);
  assert.deepEqual(
    attempts.filter((span) => span !== first).map(({ links }) => links[0]?.context.spanId),
    [first?.spanContext().spanId, first?.spanContext().spanId],
  );
  assert.equal(book.open, 0);
});

test("an isolated tool has its spans, and its thread the traceparent of its attempt", async (t) => {
  const book = new SpanBook();
  const executor = createExecutor({ tools: [isolated()] });
  t.after(() => executor.shutdown());
  book.trace(executor);
  const [outcome] = await executor.run([act({ ending: "describeContext" })]);
  const attempt = book.one("attempt act").spanContext();
  const context = outcome?.output as { traceparent?: string };
  assert.equal(context.traceparent, `00-${attempt.traceId}-${attempt.spanId}-01`);
});

test("an agent's turns and calls hang under it, each in the context in which its run was started", async () => {
  const stage = new Stage();
  const book = new SpanBook();
  const executor = stage.executor({ tools: [spanning(book, stage)] });
  book.trace(executor, { agent: "helper", provider: "acme" });
  const start = (id: string) =>
    book.within(id, async () => {
      const usage = { inputTokens: 10, outputTokens: 2, cachedInputTokens: 0 };
      const at = (ms: number) => stage.clock.sleep(ms);
      const turns = [
        { steps: [at(5), touch(`${id}1`), touch(`${id}2`), at(9)], usage },
        { steps: [at(60), "Done."], usage },
      ];
      const result = await runAgent({ model: scriptedModel(turns), executor, prompt: "Go." }).result;
      assert.equal(result.status, "done");
    });
  const both = Promise.all([start("x"), start("y")]);
  await stage.clock.runAll();
  await both;
  const under = (id: string) => [
    id,
    "  invoke_agent helper",
    "    turn 1",
    "      chat",
    ...[1, 2].flatMap((n) => [
      "      execute_tool touch",
      "        attempt touch",
      `          own ${id}${n}`,
      `            own ${id}${n} later`,
    ]),
    "    turn 2",
    "      chat",
  ];
  assert.deepEqual(book.tree, [...under("x"), ...under("y")]);
  assert.equal(book.open, 0);
  const agent = book.spans.find(({ name }) => name === "invoke_agent helper");
  assert.equal(agent?.attributes["gen_ai.usage.input_tokens"], 20);
  assert.equal(agent?.attributes["tutti.turns"], 2);
  const chat = book.spans.find(({ name }) => name === "chat");
  assert.equal(chat?.kind, 2);
  assert.equal(chat?.attributes["gen_ai.provider.name"], "acme");
  assert.deepEqual(chat?.attributes["gen_ai.response.finish_reasons"], ["tool_call"]);
  const [turn] = book.spans.filter(({ name }) => name === "turn 1");
  assert.deepEqual(
    Object.entries(turn?.attributes ?? {}).filter(([name]) => name !== "tutti.run"),
    Object.entries({
      "tutti.turn": 1,
      "tutti.calls": 2,
      "tutti.waited_ms": 0,
      "tutti.critical_path.model_ms": 9,
      "tutti.critical_path.tools_ms": 0,
      "tutti.critical_path.waits_ms": 0,
      "tutti.critical_path.outside_ms": 0,
      "tutti.critical_path": ["9 ms model"],
    }),
  );
  assert.equal(agent?.attributes["tutti.critical_path.model_ms"], 60);
});

test("a turn of a loop of one's own hangs where it was taken", async () => {
  const book = new SpanBook();
  const executor = createExecutor({ tools: [new Stage().tool("touch", { execute: () => "done" })] });
  book.trace(executor);
  const response = {
    role: "assistant",
    content: [{ type: "tool_use", id: "toolu_1", name: "touch", input: {} }],
    stop_reason: "tool_use",
    usage: { input_tokens: 7, output_tokens: 3 },
  };
  await book.within("loop", () =>
    answerTurn(anthropicMessages, { executor, response: response as never }, {}),
  );
  assert.deepEqual(book.tree.slice(0, 2), ["loop", "  turn 1"]);
  assert.deepEqual(
    new Set(book.tree),
    new Set(["loop", "  turn 1", "    chat", "    execute_tool touch", "      attempt touch"]),
  );
  assert.equal(book.one("chat").attributes["gen_ai.provider.name"], "anthropic");
  assert.equal(book.one("chat").attributes["gen_ai.usage.input_tokens"], 7);
});

test("a run that fails, and one that is aborted, leave nothing open, and say so", async () => {
  const stage = new Stage();
  const book = new SpanBook();
  const executor = stage.executor();
  book.trace(executor);
  const broken = runAgent({
    model: scriptedModel([{ steps: [{ breaks: new Error("secret") }] }]),
    executor,
    prompt: "Go.",
    streamRetries: 0,
  });
  assert.equal((await broken.result).status, "failed");
  const controller = new AbortController();
  const run = runAgent({
    model: scriptedModel([{ steps: [touch("a", { obeys: true }), stage.clock.sleep(1)] }]),
    executor,
    prompt: "Go.",
    signal: controller.signal,
  });
  await stage.clock.advance(2);
  controller.abort();
  await stage.clock.runAll();
  assert.equal((await run.result).status, "aborted");
  assert.equal(book.open, 0);
  const agents = book.spans.filter(({ name }) => name === "invoke_agent");
  assert.deepEqual(
    agents.map(({ status, attributes }) => [status.code, attributes["error.type"]]),
    [
      [2, "failed"],
      [2, "aborted"],
    ],
  );
  assert.equal(book.one("execute_tool touch").attributes["tutti.status"], "cancelled");
  assert.ok(
    !JSON.stringify(book.spans.map(({ attributes, status }) => [attributes, status])).includes("secret"),
  );
});

test("a response that breaks off says why by its code, in Tutti's words or in none", async () => {
  const stage = new Stage();
  const book = new SpanBook();
  const executor = stage.executor();
  book.trace(executor);
  const events: TraceEvent[] = [openTrace(executor)];
  executor.events.listen((event) => void events.push(event));
  const broken = scriptedModel([{ steps: [{ breaks: new Error("secret") }] }]);
  await runAgent({ model: broken, executor, prompt: "Go.", streamRetries: 0 }).result;
  for (const reason of [undefined, new Cancellation("user", "secret")]) {
    const controller = new AbortController();
    const model = scriptedModel([{ steps: ["So.", stage.clock.sleep(5)] }]);
    const { result } = runAgent({ model, executor, prompt: "Go.", signal: controller.signal });
    await stage.clock.advance(2);
    controller.abort(reason);
    await stage.clock.runAll();
    assert.equal((await result).status, "aborted");
  }
  const expected = [
    ["model-failed", "[removed]"],
    ["AbortError", "cancelled by the user"],
    ["AbortError", "[removed]"],
  ];
  const chats = book.spans.filter(({ name }) => name === "chat");
  assert.deepEqual(
    chats.map(({ status, attributes }) => [attributes["error.type"], status.message]),
    expected,
  );
  const told = toOtlp(readTrace(events)).resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
  assert.deepEqual(
    told
      .filter(({ name }) => name === "chat")
      .map(({ attributes, status }) => {
        const type = attributes.find(({ key }) => key === "error.type")?.value;
        return [type && Object.values(type)[0], status.message];
      }),
    expected,
  );
});

test("an abandoned attempt ends when it stops; stopping to trace ends what never does", async () => {
  const stage = new Stage();
  const book = new SpanBook();
  const executor = stage.executor({ graceMs: 5, timeoutMs: 10 });
  const stop = book.trace(executor);
  const running = executor.run([touch("late"), touch("never")]);
  await stage.clock.advance(30);
  await running;
  assert.deepEqual([book.open, book.names.length], [2, 2]);
  await stage.clock.advance(70);
  await stage.finish("late");
  const late = book.one("attempt touch");
  assert.deepEqual([Math.round(lengthOf(late)), late.attributes["tutti.attempt.status"]], [100, "abandoned"]);
  await executor.shutdown();
  stop();
  assert.equal(book.open, 0);
});

test("content is told only if it is asked for", async () => {
  const run = async (content: "none" | "full" | "hash" | ((value: unknown) => unknown)) => {
    const stage = new Stage();
    const book = new SpanBook();
    const tool = stage.tool("touch", { execute: () => ({ pin: 1234 }) });
    const executor = stage.executor({ tools: [tool] });
    book.trace(executor, { content });
    await executor.run([touch("a")]);
    const { attributes } = book.one("execute_tool touch");
    return [attributes["gen_ai.tool.call.arguments"], attributes["gen_ai.tool.call.result"]];
  };
  assert.deepEqual(await run("none"), [undefined, undefined]);
  assert.deepEqual(await run("full"), ['{"as":"a"}', '{"pin":1234}']);
  assert.match(String((await run("hash"))[1]), /^\[sha256 [0-9a-f]{16}\]$/);
  assert.deepEqual(await run((value) => Object.keys(value as object)), ['["as"]', '["pin"]']);
});

test("a tracer that throws changes nothing", async () => {
  const bad = () => {
    throw new Error("no");
  };
  const span = { ...trace.wrapSpanContext({ traceId: "", spanId: "", traceFlags: 0 }) };
  const badSpan = Object.assign(span, {
    spanContext: () => ({ traceId: "", spanId: "", traceFlags: 0 }),
    isRecording: () => true,
    setAttributes: bad,
    setStatus: bad,
    end: bad,
  });
  for (const startSpan of [bad, () => badSpan]) {
    for (const part of [context, { active: bad, with: bad }]) {
      const executor = createExecutor({
        tools: [new Stage().tool("touch", { execute: () => sleep(1, "done") })],
      });
      const tracer = { startSpan, startActiveSpan: bad } as never;
      const stop = traceToOpenTelemetry(executor, { trace, context: part as never, tracer });
      const outcomes = await executor.run(calls(3));
      assert.deepEqual(
        outcomes.map(({ output }) => output),
        ["done", "done", "done"],
      );
      stop();
    }
  }
});

test("a tracer that throws at a turn leaves nothing of it behind", async () => {
  const stage = new Stage();
  const book = new SpanBook();
  const tracer = Object.create(book.tracer, {
    startSpan: {
      value: (...args: Parameters<Tracer["startSpan"]>) => {
        if (args[0].startsWith("turn")) throw new Error("no");
        return book.tracer.startSpan(...args);
      },
    },
  }) as Tracer;
  const executor = stage.executor();
  const stop = book.trace(executor, { tracer });
  const response = { role: "assistant", content: [], stop_reason: "end_turn", usage: {} };
  await answerTurn(anthropicMessages, { executor, response: response as never }, {});
  assert.equal(queryObjects(Family, { format: "count" }), 0);
  stop();
});

test("where nobody records spans, a tool gets no traceparent", async () => {
  const stage = new Stage();
  const told: unknown[] = [];
  const tool = stage.tool("touch", {
    execute: (_: unknown, { traceparent }: ToolContext) => told.push(traceparent),
  });
  const executor = stage.executor({ tools: [tool] });
  const stop = traceToOpenTelemetry(executor, { trace, context });
  await executor.run(calls(1));
  stop();
  assert.deepEqual(told, [undefined]);
});

test("a run whose turns a sampler drops claims nothing of their time", async () => {
  const stage = new Stage();
  const book = new SpanBook((name) => !name.startsWith("turn"));
  const executor = stage.executor({ tools: [spanning(book, stage)] });
  book.trace(executor);
  const turns = [{ steps: [touch("a"), stage.clock.sleep(3)] }, { steps: ["Done."] }];
  const { result } = runAgent({ model: scriptedModel(turns), executor, prompt: "Go." });
  await stage.clock.runAll();
  assert.equal((await result).status, "done");
  const { attributes } = book.one("invoke_agent");
  assert.equal(attributes["tutti.turns"], 2);
  assert.deepEqual(
    Object.keys(attributes).filter((key) => /calls|critical_path|waited/.test(key)),
    [],
  );
});

test("what a model calls that there is not names no span", async () => {
  const book = new SpanBook();
  const executor = new Stage().executor();
  book.trace(executor);
  await executor.run([{ name: "hunter2", input: {} }]);
  assert.deepEqual(book.names, ["execute_tool"]);
});

test("where a response does not say what it took, no span claims that it was nothing", async () => {
  const stage = new Stage();
  const book = new SpanBook();
  const executor = stage.executor();
  book.trace(executor);
  const model = scriptedModel([{ steps: ["Done."] }]);
  await runAgent({ model, executor, prompt: "Go." }).result;
  for (const { attributes } of book.spans)
    assert.deepEqual(
      Object.keys(attributes).filter((key) => key.includes("usage")),
      [],
    );
});

test("an option that is none is refused", () => {
  const executor = new Stage().executor();
  const wrong = (options: object) => () => traceToOpenTelemetry(executor, { trace, context, ...options });
  assert.throws(wrong({ trace: undefined }), /`trace.setSpan` must be a function, got undefined/);
  assert.throws(wrong({ tracer: {} }), /`tracer.startSpan` must be a function, got undefined/);
  assert.throws(wrong({ content: "some" }), /`content` must be "full" or "none" or "hash", got "some"/);
  assert.throws(wrong({ service: "x" }), /no option `service`/);
});
