/** The model asks for users one by one; the API is asked once for all of them. Needs no key. */
import { createExecutor, defineTool } from "tutti";
import { z } from "zod";

const names = new Map(Object.entries({ u1: "Ada", u2: "Ben", u4: "Dee" }));
const getUser = defineTool({
  name: "get_user",
  description: "A user's name",
  input: z.object({ id: z.string() }),
  effects: "read",
  gather: {
    maxSize: 100,
    execute: async (inputs, { signal }) => {
      const ids = inputs.map(({ id }) => id);
      return await fetchNames(ids, signal);
    },
  },
});

async function fetchNames(ids: readonly string[], signal: AbortSignal): Promise<(string | Error)[]> {
  console.log(`GET /users?ids=${ids.join(",")}`);
  await Promise.resolve(signal);
  return ids.map((id) => names.get(id) ?? new Error(`there is no user ${id}`));
}

const executor = createExecutor({ tools: [getUser] });
const calls = ["u1", "u2", "u3", "u4"].map((id) => ({ name: "get_user", input: { id } }));
for (const { call, status, output, error } of await executor.run(calls))
  console.log(call.key, status, output ?? error?.message);
