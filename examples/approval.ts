/** What cannot be undone is asked about first; the rest goes on meanwhile. Needs no key. */
import { createExecutor, defineTool, type Approve } from "tutti";
import { z } from "zod";

const remove = defineTool({
  name: "remove",
  description: "Removes a file",
  input: z.object({ path: z.string() }),
  effects: ({ path }) => ({ writes: [path] }),
  needsApproval: ({ path }) => !path.startsWith("tmp/"),
  execute: ({ path }) => `removed ${path}`,
});

// Your program asks its user here.
const approve: Approve = (call, { calls }) => {
  console.log("asked about", call.input, `one of ${calls.length}`);
  return call.index === 2 ? "deny" : "allow";
};

const executor = createExecutor({
  tools: [remove],
  approve,
  onEvent: (event) => {
    if (event.type === "call.started")
      console.log("started", event.call, ...event.waits.map((wait) => wait.for));
  },
});
const paths = ["draft.md", "tmp/1", "thesis.md"];
const outcomes = await executor.run(paths.map((path) => ({ name: "remove", input: { path } })));
for (const { call, status, output, error } of outcomes)
  console.log(call.key, status, output ?? error?.message);
