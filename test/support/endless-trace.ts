/** A process that makes calls without an end, and writes the trace of them to the file that it is told. */
import { openSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { createExecutor, defineTool } from "../../src/index.ts";
import { recordTrace } from "../../src/trace.ts";

const file = openSync(process.argv[2] as string, "w");
const tool = defineTool({
  name: "wait",
  description: "Waits.",
  input: { type: "object" },
  effects: "none",
  execute: () => sleep(1, "x".repeat(2_000)),
});
const executor = createExecutor({ tools: [tool] });
recordTrace(executor, (lines) => writeSync(file, lines));
for (;;) await executor.run([1, 2, 3].map((n) => ({ name: "wait", input: { n } })));
