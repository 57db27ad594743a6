/** Pages of several hosts, each with its own limits, for two conversations at once. Needs no key. */
import { setTimeout as sleep } from "node:timers/promises";
import { createExecutor, defineTool } from "tutti";
import { z } from "zod";

const fetchPage = defineTool({
  name: "fetch_page",
  description: "Fetches a page",
  input: z.object({ url: z.url() }),
  effects: "read",
  pools: ({ url }) => [`host:${new URL(url).host}`],
  execute: async ({ url }, { signal }) => {
    await sleep(100, undefined, { signal });
    return `the page ${url}`;
  },
});

const executor = createExecutor({
  tools: [fetchPage],
  pools: {
    "host:*": { concurrency: 2 },
    "host:api.example": { rate: { count: 20, perMs: 1_000 }, burst: 2, maxQueue: 1 },
  },
  onEvent: (event) => {
    if (event.type !== "call.started") return;
    for (const wait of event.waits)
      if ("pool" in wait) console.log(event.call, "waited for", wait.for, wait.pool);
  },
});

const pages = (host: string, count: number) =>
  Array.from({ length: count }, (_, n) => ({ name: "fetch_page", input: { url: `https://${host}/${n}` } }));
const busy = executor.run(pages("docs.example", 4));
const other = executor.run([...pages("docs.example", 1), ...pages("api.example", 4)]);
for (const [name, { running, waiting }] of Object.entries(executor.stats.pools))
  console.log(name, `${running} running, ${waiting} waiting`);
for (const { call, status, error } of [...(await busy), ...(await other)])
  if (error !== undefined) console.log(call.key, status, error.message);
