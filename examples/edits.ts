import { createExecutor, defineTool } from "tutti";
import { z } from "zod";

const files = new Map([
  ["a.txt", "one"],
  ["b.txt", "two"],
]);

const edit = defineTool({
  name: "edit",
  description: "Replaces a word in a file",
  input: z.object({ path: z.string(), find: z.string(), replace: z.string() }),
  effects: ({ path }) => ({ writes: [["file", path]] }),
  execute: async ({ path, find, replace }) => {
    const text = files.get(path);
    if (text === undefined || !text.includes(find)) throw new Error(`${path} has no "${find}"`);
    await Promise.resolve();
    files.set(path, text.replace(find, replace));
    return "edited";
  },
});

const executor = createExecutor({ tools: [edit] });
const outcomes = await executor.run([
  { name: "edit", input: { path: "a.txt", find: "one", replace: "two" } },
  { name: "edit", input: { path: "a.txt", find: "two", replace: "three" } },
  { name: "edit", input: { path: "b.txt", find: "zero", replace: "one" } },
  { name: "edit", input: { path: "b.txt", find: "two", replace: "three" } },
]);
for (const { status, error } of outcomes) console.log(status, error?.message ?? "");
console.log(Object.fromEntries(files));
