/** A replica that hangs now and then: a second request joins it, and what comes first counts. Needs no key. */
import { setTimeout as sleep } from "node:timers/promises";
import { createExecutor, defineTool } from "tutti";
import { z } from "zod";

let requests = 0;
const search = defineTool({
  name: "search",
  description: "Searches the index",
  input: z.object({ words: z.string() }),
  effects: "read",
  idempotent: true,
  hedge: { afterMs: 100 },
  execute: async ({ words }, { signal }) => {
    const ms = ++requests === 2 ? 5_000 : 20;
    await sleep(ms, undefined, { signal });
    return `pages on ${words}`;
  },
});

const executor = createExecutor({
  tools: [search],
  onEvent: (event) => {
    if (event.type === "attempt.started") console.log("attempt", event.attempt, "of", event.call, event.as);
    if (event.type === "attempt.stopped") console.log("attempt", event.attempt, "of", event.call, "stopped");
  },
});
const calls = ["tea", "milk", "rye"].map((words) => ({ name: "search", input: { words } }));
for (const { status, output, attempts, runningMs } of await executor.run(calls))
  console.log(status, output, `attempts: ${attempts}`, runningMs < 1_000 ? "in time" : "late");
