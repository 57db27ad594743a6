import assert from "node:assert/strict";
import { setImmediate as tick } from "node:timers/promises";
import { test } from "node:test";
import { systemClock, type Clock } from "../../src/core/clock.ts";
import { TuttiError } from "../../src/core/errors.ts";
import { parseScenario } from "../../src/simulator/scenario-file.ts";
import { startSimulator } from "../../src/simulator/server.ts";
import { ask, simulate } from "../support/simulators.ts";

const turns = [{ text: "Hi." }];

/** The platform's clock, with a count of the timers that are set. */
function countingClock() {
  const timers = new Set<unknown>();
  const clock: Clock = {
    now: () => systemClock.now(),
    setTimer: (fire, ms) => {
      const timer = systemClock.setTimer(() => {
        timers.delete(timer);
        fire();
      }, ms);
      timers.add(timer);
      return timer;
    },
    clearTimer: (timer) => {
      timers.delete(timer);
      systemClock.clearTimer(timer);
    },
  };
  return { clock, timers };
}

/** An hour before the first token: nothing here waits for it. */
const slow = { pacing: { timeToFirstTokenMs: 3_600_000, tokensPerSecond: Infinity } };

/** Lets the event loop turn until something holds. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await tick();
}

for (const stream of [true, false]) {
  const kind = stream ? "a stream" : "a whole response";

  test(`a client that goes away from ${kind} stops the work and leaves no timer`, async (context) => {
    const { clock, timers } = countingClock();
    const { client, simulator } = await simulate(context, turns, { ...slow, clock });
    const controller = new AbortController();
    const request = client.messages.create({ ...ask(), stream }, { signal: controller.signal });
    const rejected = assert.rejects(request);
    await until(() => timers.size === 1);
    controller.abort();
    await rejected;
    await until(() => simulator.requests[0]?.endedMs !== undefined);
    assert.deepEqual(simulator.requests[0]?.verdict, { kind: "aborted" });
    assert.equal(timers.size, 0);
  });

  test(`closing cuts ${kind} off and leaves no timer`, async (context) => {
    const { clock, timers } = countingClock();
    const { client, simulator } = await simulate(context, turns, { ...slow, clock });
    const rejected = assert.rejects(client.messages.create({ ...ask(), stream }));
    await until(() => timers.size === 1);
    await simulator.close();
    await rejected;
    assert.deepEqual(simulator.requests[0]?.verdict, { kind: "aborted" });
    assert.equal(timers.size, 0);
  });
}

test("a client that goes away in the middle of a stream stops it there", async (context) => {
  const { clock, timers } = countingClock();
  const { client, simulator } = await simulate(
    context,
    [{ text: "Hi.", calls: [{ name: "get_orders", pauseMs: 3_600_000 }] }],
    { clock },
  );
  const stream = await client.messages.create({ ...ask(), stream: true });
  for await (const event of stream) if (event.type === "content_block_stop") break;
  await until(() => simulator.requests[0]?.endedMs !== undefined);
  assert.deepEqual(simulator.requests[0]?.verdict, { kind: "aborted" });
  assert.equal(timers.size, 0);
});

test("closing twice is fine, and after it nobody listens", async (context) => {
  const { client, simulator } = await simulate(context, turns);
  await client.messages.create(ask());
  await Promise.all([simulator.close(), simulator.close()]);
  await simulator.close();
  await assert.rejects(fetch(simulator.url));
});

test("a simulator is closed when it is disposed of, as at the end of an `await using` block", async () => {
  const simulator = await startSimulator({ scenario: parseScenario({ turns }) });
  assert.equal((await fetch(simulator.url)).status, 200);
  await simulator[Symbol.asyncDispose]();
  await assert.rejects(fetch(simulator.url));
});

test("a port that is taken is told as such", async (context) => {
  const { simulator } = await simulate(context, turns);
  const port = Number(new URL(simulator.url).port);
  await assert.rejects(
    startSimulator({ scenario: parseScenario({ turns }), port }),
    (error) => error instanceof TuttiError && error.code === "unreachable",
  );
});
