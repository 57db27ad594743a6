import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { runAgent } from "../../src/agent/run-agent.ts";
import {
  Cancellation,
  createExecutor,
  defineTool,
  type ExecutorOptions,
  type ToolContext,
} from "../../src/index.ts";
import { scriptedModel } from "../../src/testing/scripted-model.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import {
  openTrace,
  parseTrace,
  readTrace,
  recordTrace,
  type TraceContent,
  type TraceEvent,
} from "../../src/trace.ts";
import type { CallError, ErrorCode } from "../../src/core/outcome.ts";
import { Redactor } from "../../src/trace/redactor.ts";
import { Redaction } from "../../src/trace/redaction.ts";
import { sha256 } from "../../src/trace/sha-256.ts";
import { plans } from "../support/chaos-plan.ts";
import { play } from "../support/chaos.ts";
import { SpanBook } from "../support/open-telemetry.ts";
import { playRuns, runPlans } from "../support/random-runs.ts";

const RUNS = Number(process.env["TRACE_RUNS"] ?? 300);

const SECRET = "hunter2";

/** Records a run in which the secret is everywhere that content can be. */
async function record(content?: TraceContent): Promise<{ text: string; events: TraceEvent[] }> {
  const clock = new VirtualClock();
  const input = { type: "object", properties: { id: { type: "string" } }, required: ["id"] } as const;
  const tool = (name: string, execute: (input: unknown, context: ToolContext) => unknown) =>
    defineTool({
      name,
      description: "A tool.",
      input,
      effects: () => ({ writes: [["vault", SECRET]] }),
      execute,
    });
  const tools = [
    tool("tell", async (_input, { progress }) => {
      progress({ at: SECRET });
      await clock.sleep(5);
      return { told: SECRET };
    }),
    tool("fail", () => {
      throw new TypeError(SECRET, { cause: new Error(SECRET) });
    }),
  ];
  const executor = createExecutor({ tools, clock });
  let text = "";
  const stop = recordTrace(executor, (lines) => (text += lines), content === undefined ? {} : { content });
  const call = (name: string) => ({ name, input: { id: SECRET } });
  const steps = [
    `My word is ${SECRET}.`,
    call("tell"),
    call("tell"),
    call("fail"),
    { name: "tell", input: { no: SECRET } },
  ];
  const model = scriptedModel([{ steps }, { steps: [{ breaks: new Error(SECRET) }] }]);
  const { result } = runAgent({ model, executor, prompt: SECRET, streamRetries: 0 });
  await clock.runAll();
  assert.equal((await result).status, "failed");
  await clock.runAll();
  stop();
  return { text, events: parseTrace(text).events };
}

test("a trace holds all content unless something else is said", async () => {
  const { text } = await record();
  assert.ok(text.includes(SECRET));
  assert.equal((await record("full")).text.split(SECRET).length, text.split(SECRET).length);
});

test("without content, what remains is the structure: calls, times, waits, ends and whose errors they were", async () => {
  const full = readTrace((await record()).events);
  const { text, events } = await record("none");
  assert.ok(
    !text.includes(SECRET),
    text.split("\n").find((line) => line.includes(SECRET)),
  );
  const trace = readTrace(events);
  const structure = ({ calls, turns }: typeof trace) => ({
    calls: calls.map(({ key, call, status, stretches, attempts, error }) => ({
      key,
      name: call.name,
      status,
      code: error?.code,
      attempts: attempts.length,
      stretches: stretches.map(({ kind, fromMs, toMs, ...rest }) => [
        kind,
        fromMs,
        toMs,
        "wait" in rest ? rest.wait.for : "",
      ]),
    })),
    turns: turns.map(({ key, status, fromMs, toMs, usage }) => ({ key, status, fromMs, toMs, usage })),
  });
  assert.deepEqual(structure(trace), structure(full));
  const [told, , failed] = trace.calls;
  assert.deepEqual([told?.call.input, told?.output], ["[removed]", "[removed]"]);
  assert.deepEqual(failed?.error?.cause, { name: "TypeError", message: "[removed]" });
  assert.deepEqual(told?.answer?.parts, [{ type: "text", text: "[removed]" }]);
});

test("hashed content shows what was the same, and nothing else", async () => {
  const { text, events } = await record("hash");
  assert.ok(!text.includes(SECRET));
  const { calls } = readTrace(events);
  const [first, second, failed] = calls;
  assert.match(String(first?.call.input), /^\[sha256 [0-9a-f]{16}\]$/);
  assert.equal(first?.call.input, second?.call.input);
  assert.equal(first?.output, second?.output);
  assert.notEqual(first?.output, first?.call.input);
  assert.match(failed?.error?.message ?? "", /^\[sha256/);
  assert.equal((await record("hash")).text.split("sha256").length, text.split("sha256").length);
});

test("a function of one's own is told what the content is of; where it throws, the content goes", async () => {
  const places = new Set<string>();
  const { events } = await record((value, { what, tool }) => {
    places.add(what);
    if (what === "output") throw new Error("no");
    return what === "input" ? `${String(tool)}: ${Object.keys(value as object).join()}` : value;
  });
  assert.deepEqual(places, new Set(["input", "output", "answer", "progress", "text", "error", "resource"]));
  const [first] = readTrace(events).calls;
  assert.deepEqual([first?.call.input, first?.output], ["tell: id", "[removed]"]);
});

test("whatever is told of a call, in random batches and runs, is told with its tool", async () => {
  const check = (events: readonly TraceEvent[]) => {
    const redaction = new Redaction((value, { what, call, tool }) => {
      if (call !== undefined) assert.ok(tool !== undefined, `the ${what} of ${call} is of no tool`);
      return value;
    });
    for (const event of events) redaction.redact(event);
  };
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => check((await play(plan)).events)),
    { numRuns: 200 },
  );
  await fc.assert(
    fc.asyncProperty(runPlans, async (plan) => check((await playRuns([plan])).events)),
    { numRuns: 200 },
  );
});

test("the messages that Tutti wrote stay, and no others, in random batches", async () => {
  const own =
    /^(?:unknown-tool|blocked|timeout|cancelled|dependency-failed|truncated|over-limit|unavailable)$/;
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const redaction = new Redaction(() => "[removed]");
      const { events } = await play(plan, (executor) => redaction.redact(openTrace(executor)));
      for (const event of events) {
        const redacted = redaction.redact(event);
        if (event.type !== "call.settled" || redacted.type !== "call.settled") continue;
        const { error } = event.outcome;
        if (error === undefined) continue;
        const stays = own.test(error.code) && !/host:|which holds/.test(error.message);
        assert.equal(redacted.outcome.error?.message, stays ? error.message : "[removed]", error.code);
      }
    }),
    { numRuns: RUNS },
  );
});

const TOLD: readonly (readonly [code: ErrorCode, message: string, stays: boolean])[] = [
  ["cancelled", "cancelled by the user; it was not executed", true],
  ["cancelled", "cancelled because the executor shut down; it was stopped while it ran", true],
  ["cancelled", "cancelled because call 2 (fetch) failed; it was not executed", true],
  ["cancelled", 'cancelled because "first" (fetch) failed; it was not executed', true],
  ["cancelled", "cancelled because call 2 (hunter2) failed; it was not executed", false],
  ["cancelled", "the turn was discarded; it was not executed", true],
  ["cancelled", "the turn is over; it was not executed", true],
  ["cancelled", "the call has ended; it was not executed", true],
  ["cancelled", "the call around it has ended; it was not executed", true],
  ["cancelled", "another attempt of this call was faster; it was stopped while it ran", true],
  ["cancelled", "all calls of fetch were allowed; it was not executed", true],
  ["cancelled", "hunter2; it was not executed", false],
  ["cancelled", "hunter2 took more than 5 ms; it was stopped while it ran", false],
  ["timeout", "fetch took more than 15 ms; it was stopped while it ran and may have taken effect", true],
  [
    "timeout",
    "fetch took more than 15 ms while it waited for its next attempt; it had failed once, and was not tried again",
    true,
  ],
  [
    "timeout",
    "fetch took more than 15 ms while it waited for the rate of web; it had failed 2 times, and was not tried again",
    true,
  ],
  [
    "timeout",
    "fetch took more than 15 ms while it waited for room in host:hunter2; it had failed once, and was not tried again",
    false,
  ],
  [
    "blocked",
    "the batch took more than 9 ms while it waited for room in executor; it was not executed",
    true,
  ],
  [
    "blocked",
    "fetch was not done within its deadline of 30 ms while it waited for approval; it was not executed",
    true,
  ],
  [
    "blocked",
    "the check of the input of fetch took too long while it waited for its input to be checked; it was not executed",
    true,
  ],
  [
    "blocked",
    "the batch took more than 9 ms while it waited for the end of the turn; it was not executed",
    true,
  ],
  [
    "blocked",
    "the batch took more than 9 ms while it waited for call b1.2, which comes first; it was not executed",
    true,
  ],
  [
    "blocked",
    "the batch took more than 9 ms while it waited for call b1.2, which holds file/hunter2; it was not executed",
    false,
  ],
  [
    "over-limit",
    "not executed: at most 3 calls are accepted in one turn; make the others in the next one",
    true,
  ],
  ["over-limit", "not executed: there is no room in web, and no call may wait for it", true],
  ["over-limit", "not executed: there is no room in host:hunter2, and no call may wait for it", false],
  ["over-limit", "not executed: 1 call waits for web already, and no more may", true],
  ["over-limit", "not executed: 7 calls wait for web already, and no more may", true],
  ["unavailable", "not executed: web has been failing and is left alone", true],
  ["unavailable", "not executed: host:hunter2 has been failing and is left alone", false],
  ["tool-error", "hunter2", false],
];

test("each of Tutti's own messages stays, and what names something from outside does not", () => {
  const executor = {
    pools: [
      { name: "web", limit: 1 },
      { name: "host:*", limit: 1 },
    ],
    tools: [{ name: "fetch" }],
  };
  const redactor = new Redactor(() => "[removed]", executor);
  for (const [code, message, stays] of TOLD) {
    const error: CallError = { code, message, retryable: false, mayHaveTakenEffect: false, cause: undefined };
    const told = redactor.error(error, { what: "error", call: "b1.1", tool: "fetch" }).message;
    assert.equal(told, stays ? message : "[removed]", message);
  }
});

/** Records what a batch of calls of the tool `fetch` leaves; each uses the pool of its host. */
async function recordFetches(
  hosts: readonly string[],
  { abortMs, ...options }: Partial<ExecutorOptions> & { readonly abortMs?: number } = {},
) {
  const clock = new VirtualClock();
  const fetch = defineTool({
    name: "fetch",
    description: "A tool.",
    input: { type: "object" },
    effects: "read",
    pools: (input: unknown) => ["web", `host:${(input as { host: string }).host}`],
    execute: async (_input: unknown, { signal }: ToolContext) => clock.sleep(5, signal),
  });
  const pools = { web: { concurrency: 9 }, "host:*": { concurrency: 1, maxQueue: 1 } };
  const executor = createExecutor({ tools: [fetch], clock, pools, ...options });
  const book = new SpanBook();
  book.trace(executor);
  let text = "";
  recordTrace(executor, (lines) => (text += lines), { content: "none" });
  const controller = new AbortController();
  if (abortMs !== undefined)
    clock.setTimer(() => controller.abort(new Cancellation("user", `because of ${SECRET}`)), abortMs);
  const calls = hosts.map((host) => ({ name: "fetch", input: { host } }));
  const outcomes = executor.run(calls, { signal: controller.signal });
  await clock.runAll();
  const spans = JSON.stringify(book.spans.map(({ name, attributes, status }) => [name, attributes, status]));
  return { text, spans, outcomes: await outcomes };
}

test("the name of a pool that a tool computed is content: in waits, errors and spans; one of the options is not", async () => {
  const { text, spans, outcomes } = await recordFetches([SECRET, SECRET, SECRET]);
  assert.equal(outcomes[2]?.error?.code, "over-limit");
  assert.ok(outcomes[2].error.message.includes(SECRET));
  assert.ok(!text.includes(SECRET) && !spans.includes(SECRET));
  const { calls, executor } = readTrace(parseTrace(text).events);
  assert.deepEqual(calls[0]?.pools, ["web"], "a name that was removed is no name");
  assert.deepEqual(
    calls[1]?.stretches.map((stretch) => stretch.kind === "wait" && stretch.wait),
    [{ for: "slot", pool: "[removed]" }, false],
  );
  assert.match(spans, /5 ms for a slot of the pool \[removed\]/);
  assert.deepEqual(executor?.pools, [
    { name: "web", limit: 9 },
    { name: "host:*", limit: 1 },
  ]);
});

test("what a user says when they abort is content, and what Tutti says is not", async () => {
  const { text, spans, outcomes } = await recordFetches(["a"], { abortMs: 2 });
  assert.match(outcomes[0]?.error?.message ?? "", /^because of hunter2; /);
  assert.ok(!text.includes(SECRET) && !spans.includes(SECRET));
  const timedOut = await recordFetches(["a"], { timeoutMs: 2 });
  assert.match(timedOut.text, /"message":"fetch took more than 2 ms; /);
  assert.match(timedOut.spans, /fetch took more than 2 ms; /);
});

test("the hash is SHA-256", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      assert.equal(sha256(text), createHash("sha256").update(text).digest("hex"));
    }),
  );
});

test("a content that is none is refused", () => {
  const executor = createExecutor({ tools: [] });
  const wrong = (content: unknown) => () => recordTrace(executor, () => {}, { content: content as "none" });
  assert.throws(wrong("some"), { message: '`content` must be "full" or "none" or "hash", got "some"' });
  assert.throws(wrong(7), { message: '`content` must be "full", "none", "hash" or a function, got 7' });
});
