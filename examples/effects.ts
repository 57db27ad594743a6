/** Votes that may come in any order, and edits of one file under two names. Needs no key. */
import { setTimeout as sleep } from "node:timers/promises";
import { createExecutor, defineTool, resource } from "tutti";
import { fileResource } from "tutti/files";
import { z } from "zod";

const votes = new Map<string, number>();
const vote = defineTool({
  name: "vote",
  description: "Votes for a dish",
  input: z.object({ poll: z.string(), dish: z.string() }),
  effects: ({ poll }) => ({ commutes: [resource`poll/${poll}`] }),
  execute: async ({ poll, dish }) => {
    await sleep(30);
    votes.set(`${poll} ${dish}`, (votes.get(`${poll} ${dish}`) ?? 0) + 1);
    return "noted";
  },
});
const count = defineTool({
  name: "count",
  description: "Counts the votes for a dish",
  input: z.object({ poll: z.string(), dish: z.string() }),
  effects: ({ poll }) => ({ reads: [resource`poll/${poll}`] }),
  execute: ({ poll, dish }) => votes.get(`${poll} ${dish}`) ?? 0,
});

const file = (path: string) => fileResource(path, { cwd: "/menus", followSymlinks: true });
const edit = defineTool({
  name: "edit",
  description: "Changes a file",
  input: z.object({ path: z.string() }),
  effects: ({ path }) => ({ writes: [file(path)] }),
  execute: async ({ path }) => {
    await sleep(10);
    return `edited ${path}`;
  },
});

const executor = createExecutor({
  tools: [vote, count, edit],
  onEvent: (event) => {
    if (event.type !== "call.started") return;
    const locks = event.waits?.flatMap((wait) => (wait.for === "lock" ? wait.resource : [])) ?? [];
    console.log("started", event.call, ...locks.map((path) => `behind ${path}`));
  },
});
const outcomes = await executor.run([
  { name: "vote", input: { poll: "lunch", dish: "soup" } },
  { name: "vote", input: { poll: "lunch", dish: "rice" } },
  { name: "vote", input: { poll: "lunch", dish: "soup" } },
  { name: "count", input: { poll: "lunch", dish: "soup" } },
  { name: "count", input: { poll: "../lunch", dish: "soup" } },
  { name: "edit", input: { path: "week.md" } },
  { name: "edit", input: { path: "./old/../week.md" } },
]);
for (const { call, output } of outcomes) console.log(call.key, call.name, output);
