/** An executor in the browser while it works. Needs no key. `KEEP=1` keeps the page up until Ctrl-C. */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { createExecutor, defineTool } from "tutti";
import { createViewer } from "tutti/viewer";
import { z } from "zod";

const write = defineTool({
  name: "write_file",
  description: "Writes a file",
  input: z.object({ path: z.string() }),
  effects: ({ path }) => ({ writes: [["file", path]] }),
  execute: async ({ path }) => {
    await sleep(300);
    return `wrote ${path}`;
  },
});
const executor = createExecutor({ tools: [write] });

const viewer = await createViewer(executor);
console.log(viewer.url);

const outcomes = await executor.run(
  ["a.md", "b.md", "a.md"].map((path) => ({ name: "write_file", input: { path } })),
);
for (const { call, output } of outcomes) console.log(call.key, output);
if (process.env["KEEP"] !== undefined) await once(process, "SIGINT");
await viewer.close();
