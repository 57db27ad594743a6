/**
 * The random plans of the guarantees' property test, for long: `npm run soak [runs] [seed]`, a million by default.
 *
 * It ends with 1, and prints the seed and the smallest plan it could find, at the first violation.
 */
import fc from "fast-check";
import { judge } from "./support/judge.ts";
import { plans } from "./support/chaos-plan.ts";
import { play } from "./support/chaos.ts";

/** Plans that are drawn at once; all of them are held in memory. */
const CHUNK = 10_000;

const runs = Number(process.argv[2] ?? 1_000_000);
const firstSeed = Number(process.argv[3] ?? Date.now() % 1_000_000_007);
const property = fc.asyncProperty(plans, async (plan) => {
  const violations = judge(await play(plan));
  if (violations.length > 0) throw new Error(violations.join("\n"));
});

for (let done = 0; done < runs; done += CHUNK) {
  const seed = firstSeed + done;
  const numRuns = Math.min(CHUNK, runs - done);
  const result = await fc.check(property, { numRuns, seed });
  if (result.failed) {
    console.error(await fc.asyncDefaultReportMessage(result));
    console.error(result.errorInstance);
    process.exit(1);
  }
  console.log(`${done + numRuns} plans, no violation (seed ${seed})`);
}
