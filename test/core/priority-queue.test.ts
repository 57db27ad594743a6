import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PriorityQueue } from "../../src/core/priority-queue.ts";
import { heapUsed } from "../support/heap.ts";

interface Item {
  readonly seq: number;
}

type Step =
  { readonly do: "push"; readonly seq: number } | { readonly do: "pop" } | { readonly do: "retain" };

/** Mostly in order, as calls come; some are late. */
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.nat(3).map((late): Step => ({ do: "push", seq: -late })) },
  { weight: 5, arbitrary: fc.constant<Step>({ do: "pop" }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: "retain" }) },
);

test("a priority queue gives the smallest first, in whatever order items come and go", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const queue = new PriorityQueue<Item>((a, b) => a.seq <= b.seq);
      let model: Item[] = [];
      for (const [at, next] of steps.entries()) {
        if (next.do === "push") {
          // No two alike: a late item takes its place between those that came before it.
          const item = { seq: at + next.seq * 1.3 };
          queue.push(item);
          model.push(item);
          model.sort((a, b) => a.seq - b.seq);
        } else if (next.do === "pop") {
          assert.equal(queue.pop(), model.shift());
        } else {
          const keep = ({ seq }: Item) => Math.floor(seq) % 3 > 0;
          queue.retain(keep);
          model = model.filter(keep);
        }
        assert.equal(queue.peek(), model[0]);
        assert.equal(queue.size, model.length);
      }
    }),
    { numRuns: 500 },
  );
});

test("a queue that never runs empty gives all that passes through, and keeps none of it", async () => {
  const queue = new PriorityQueue<Item>((a, b) => a.seq <= b.seq);
  queue.push({ seq: -1 });
  const before = await heapUsed();
  for (let seq = 0; seq < 200_000; seq++) {
    queue.push({ seq });
    assert.equal(queue.pop()?.seq, seq - 1);
  }
  // A taken item that was kept, or its mere place in the list, would take 8 bytes or more.
  assert.ok((await heapUsed()) - before < 200_000);
  assert.deepEqual([queue.pop(), queue.pop()], [{ seq: 199_999 }, undefined]);
});
