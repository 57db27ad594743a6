import assert from "node:assert/strict";
import { test } from "node:test";
import { createBucket, startLimitedServer, theoryMs } from "../../bench/limited-server.ts";

const LIMITS = { atOnce: 10, perSecond: 100, burst: 10, ms: 20 };

test("the bucket serves its burst, then so many a second, and says when to come again", () => {
  const waitMs = createBucket(LIMITS);
  const waits = Array.from({ length: 11 }, () => waitMs(0));
  assert.deepEqual(waits, [...Array<number>(10).fill(0), 10]);
  assert.deepEqual([waitMs(9), waitMs(10), waitMs(10)], [1, 0, 10]);
});

test("theory is what the tighter of the two limits allows", () => {
  assert.equal(theoryMs(50, { ...LIMITS, ms: 100 }), 500);
  assert.equal(theoryMs(50, { ...LIMITS, ms: 100, burst: 1 }), 590);
  assert.equal(theoryMs(50, { ...LIMITS, ms: 300 }), 1_500);
  assert.equal(theoryMs(5, LIMITS), 20);
});

test("the server serves ten at once, refuses the others with a time to wait, and counts both", async () => {
  const ms = 300;
  await using server = await startLimitedServer({ ...LIMITS, ms });
  const paths = Array.from({ length: 15 }, (_, i) => `${server.url}/${i}`);
  const responses = await Promise.all(paths.map((path) => fetch(path)));
  const refused = responses.filter(({ status }) => status === 429);
  assert.equal(refused.length, server.tally().refused);
  assert.ok(refused.length > 0);
  for (const { headers } of refused) {
    assert.equal(headers.get("retry-after"), "1");
    assert.ok(Number(headers.get("retry-after-ms")) <= ms);
  }
  assert.deepEqual(server.tally(), { requests: 0, refused: 0, served: 0 });
});
