/** `tutti trace export` as a command. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { OtlpTraces } from "../../src/otel.ts";
import type { ChromeTrace } from "../../src/trace.ts";
import { tutti } from "../support/command-line.ts";
import { virtualTrace } from "../support/virtual-traces.ts";

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "tutti-export-"));
  const executor = { concurrency: 10, tools: [], pools: [] };
  const opened = { type: "trace.opened", at: 0, version: 1, time: "2030-01-01T00:00:00.000Z", executor };
  await writeFile(join(folder, "run.jsonl"), `${JSON.stringify(opened)}\n${await virtualTrace()}`);
});

after(() => rm(folder, { recursive: true, force: true }));

function run(...args: string[]) {
  return tutti(["trace", "export", "run.jsonl", ...args], { cwd: folder });
}

test("a trace is exported for Chrome's viewer, to a file", async () => {
  const { code, stdout, stderr } = await run("--to", "chrome", "-o", "run.json");
  assert.deepEqual([code, stdout, stderr], [0, "", ""]);
  const { traceEvents } = JSON.parse(await readFile(join(folder, "run.json"), "utf8")) as ChromeTrace;
  assert.ok(traceEvents.some(({ name }) => name === "slots of executor (10)"));
});

test("a trace is exported as OpenTelemetry spans, without its content unless that is asked for", async () => {
  const { code, stdout } = await run("--to", "otlp");
  assert.equal(code, 0);
  const [resource] = (JSON.parse(stdout) as OtlpTraces).resourceSpans;
  const spans = resource?.scopeSpans[0]?.spans ?? [];
  const agent = spans.find(({ name }) => name === "invoke_agent");
  assert.match(agent?.traceId ?? "", /^[0-9a-f]{32}$/);
  assert.match(agent?.startTimeUnixNano ?? "", /^\d{16,19}$/);
  const under = spans.filter(({ parentSpanId }) => parentSpanId === agent?.spanId).map(({ name }) => name);
  assert.deepEqual(under, ["turn 1", "turn 2"]);
  const turn = spans.find(({ name }) => name === "turn 1");
  const inside = spans.filter(({ parentSpanId }) => parentSpanId === turn?.spanId).map(({ name }) => name);
  assert.deepEqual(inside.slice(0, 2), ["chat", "execute_tool read"]);
  assert.ok(spans.every(({ traceId }) => traceId === agent?.traceId));
  assert.ok(!stdout.includes("gen_ai.tool.call.arguments"));
  assert.ok((await run("--to", "otlp", "--content", "full")).stdout.includes("gen_ai.tool.call.arguments"));
  assert.equal((await run("--to", "otlp")).stdout, stdout, "the same trace gives the same spans");
});

test("what cannot be exported is said in a line", async () => {
  const missing = await run();
  assert.deepEqual([missing.code, missing.stdout], [2, ""]);
  assert.match(missing.stderr, /--to/);
  const content = await run("--to", "chrome", "--content", "none");
  assert.match(content.stderr, /--content is for --to otlp/);
  const nowhere = await run("--to", "chrome", "-o", "no/such/folder.json");
  assert.match(nowhere.stderr, /no\/such\/folder\.json cannot be written/);
  const before = await readFile(join(folder, "run.jsonl"), "utf8");
  const itself = await run("--to", "chrome", "-o", "./run.jsonl");
  assert.match(itself.stderr, /run\.jsonl is the trace itself, which would be lost; write to another file/);
  assert.equal(await readFile(join(folder, "run.jsonl"), "utf8"), before);
});
