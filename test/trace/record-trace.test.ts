import assert from "node:assert/strict";
import { test } from "node:test";
import { createExecutor, defineTool } from "../../src/index.ts";
import { parseTrace } from "../../src/trace/parse-trace.ts";
import { recordTrace } from "../../src/trace/record-trace.ts";
import { toTraceLine } from "../../src/trace/trace-line.ts";

const echo = defineTool({
  name: "echo",
  description: "echo",
  input: { type: "object" },
  effects: "none",
  execute: (input) => input,
});

test("very many lines of one moment are written some at a time: whole, in order, and each once", async () => {
  const executor = createExecutor({ tools: [echo], maxCalls: Infinity, concurrency: Infinity });
  const written: string[] = [];
  const told: string[] = [];
  const stop = recordTrace(executor, (lines) => written.push(lines));
  executor.events.listen((event) => told.push(toTraceLine(event)));
  await executor.run(
    Array.from({ length: 300 }, (_, i) => ({ name: "echo", input: { text: `${i} ${"x".repeat(500)}` } })),
  );
  await Promise.resolve();
  stop();
  const [opened, ...pieces] = written;
  assert.equal(JSON.parse(opened ?? "").type, "trace.opened");
  assert.deepEqual(pieces.join("").split("\n"), [...told, ""]);
  const longest = Math.max(...told.map(({ length }) => length)) + 1;
  for (const piece of pieces) assert.ok(piece.endsWith("\n") && piece.length < 16_384 + longest);
  assert.ok(pieces.length < told.length / 5, `${pieces.length} pieces of ${told.length} lines`);
});

test("what a writer throws later than at first disturbs neither the calls nor what is written next", async () => {
  const executor = createExecutor({ tools: [echo] });
  let writes = 0;
  let written = "";
  const stop = recordTrace(executor, (lines) => {
    if (++writes === 2) throw new Error("the disk is full");
    written += lines;
  });
  const outcomes = await executor.run([{ name: "echo", input: {} }]);
  await executor.run([{ name: "echo", input: { is: "second" } }]);
  await Promise.resolve();
  stop();
  assert.equal(outcomes[0]?.status, "ok");
  const { events, rest, skipped } = parseTrace(written);
  assert.deepEqual([events[0]?.type, rest, skipped], ["trace.opened", "", []]);
  const settled = events.flatMap((event) =>
    event.type === "call.settled" ? [event.outcome.call.input] : [],
  );
  assert.deepEqual(settled.at(-1), { is: "second" });
});
