import assert from "node:assert/strict";
import { test } from "node:test";
import { runAgent } from "../../src/agent/run-agent.ts";
import { createExecutor } from "../../src/executor/create-executor.ts";
import { anthropicModel } from "../../src/model/anthropic-model.ts";
import { deferred } from "../../src/testing/deferred.ts";
import { twoTools } from "../support/agents.ts";
import { simulate } from "../support/simulators.ts";

const ids = ["a", "b", "c"];
const orders = [
  ["a", "b", "c"],
  ["c", "b", "a"],
  ["b", "c", "a"],
];

test("G8: whatever the order in which calls end, the requests are the same bytes", async (context) => {
  const get = ids.map((id) => ({ name: "get", input: { id } }));
  const calls = [...get, { name: "got", input: {} }, { name: "get", input: {} }];
  const bodies = new Set<string>();
  for (const order of orders) {
    const { client, simulator } = await simulate(context, [{ calls }, { text: "Done." }]);
    const ends = new Map(ids.map((id) => [id, deferred<string>()]));
    const ended: string[] = [];
    let started = 0;
    const tools = twoTools(({ id }) => {
      if (++started === ids.length) ends.get(order[0] ?? "")?.resolve(`got ${order[0]}`);
      return ends.get(id)?.promise;
    });
    const { status } = await runAgent({
      model: anthropicModel(client, { model: "m", maxTokens: 1024 }),
      executor: createExecutor({ tools }),
      prompt: "Go.",
      onEvent: (event) => {
        if (event.type !== "call.settled" || event.outcome.status !== "ok") return;
        ended.push((event.outcome.call.input as { id: string }).id);
        const next = order[ended.length];
        if (next !== undefined) ends.get(next)?.resolve(`got ${next}`);
      },
    }).result;
    assert.equal(status, "done");
    assert.deepEqual(ended, order);
    bodies.add(JSON.stringify(simulator.requests.map(({ body }) => body)));
  }
  assert.equal(bodies.size, 1);
});
