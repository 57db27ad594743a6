import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { plans } from "../support/chaos-plan.ts";
import { play } from "../support/chaos.ts";
import { judge } from "../support/judge.ts";

/** 10,000 random plans: effects, `after`, limits, throws, hangs, aborts, unknown tools, bad input, nested batches. */
const RUNS = Number(process.env["CHAOS_RUNS"] ?? 10_000);

test("G1, G2, G3, G4, G5, G6, G7, G9, G10: hold for random batches", async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      assert.deepEqual(judge(await play(plan)), []);
    }),
    { numRuns: RUNS },
  );
});
