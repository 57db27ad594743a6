/** A back-end that is down: after a few failures calls fail at once, until it is well again. Needs no key. */
import { setTimeout as sleep } from "node:timers/promises";
import { createExecutor, defineTool } from "tutti";
import { z } from "zod";

let isUp = false;
let requests = 0;
const getStock = defineTool({
  name: "get_stock",
  description: "How many of an item are left",
  input: z.object({ item: z.string() }),
  effects: "read",
  pools: ["warehouse"],
  execute: () => {
    requests++;
    if (!isUp) throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    return 7;
  },
});

const executor = createExecutor({
  tools: [getStock],
  pools: { warehouse: { circuit: { failures: 3, forMs: 0, openMs: 300 } } },
});
async function ask(item: string): Promise<void> {
  const [outcome] = await executor.run([{ name: "get_stock", input: { item } }]);
  console.log(item, outcome?.status, outcome?.output ?? outcome?.error?.message);
}

for (const item of ["lamp", "desk", "sofa", "shelf", "chair"]) await ask(item);
isUp = true;
await sleep(350);
await ask("lamp");
console.log("requests:", requests);
