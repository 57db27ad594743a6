import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { z } from "zod";
import { CUSTOMER_SCENE } from "../../src/cli/demo/customer-scene.ts";
import { MODES } from "../../src/cli/demo/mode.ts";
import { planScene } from "../../src/cli/demo/plan.ts";
import { RELEASE_SCENE } from "../../src/cli/demo/release-scene.ts";
import { createScene, standIn, type SceneScript } from "../../src/cli/demo/scene.ts";

const input = z.object({ id: z.string() });

/** A model that needs 100 ms to its first token, then 100 ms for each call: 25 tokens, 24 of them for the call itself. */
const script: SceneScript = {
  name: "test",
  prompt: "Go.",
  scenario: {
    timeToFirstTokenMs: 100,
    tokensPerSecond: 270,
    turns: [
      {
        calls: [
          { name: "read", input: { id: "a" } },
          { name: "write", input: { id: "a" } },
          { name: "write", input: { id: "b" } },
          { name: "read", input: { id: "c" } },
        ],
      },
      { text: "x", timeToFirstTokenMs: 0, tokensPerSecond: Infinity },
    ],
  },
  tools: [
    standIn({
      name: "read",
      description: "Reads.",
      input,
      effects: ({ id }) => ({ reads: [id] }),
      ms: 500,
      answer: () => "",
    }),
    standIn({
      name: "write",
      description: "Writes.",
      input,
      effects: ({ id }) => ({ writes: [id] }),
      ms: 300,
      answer: () => "",
    }),
  ],
};

function plan(mode: string, scene = createScene(script)) {
  const found = MODES.find(({ name }) => name === mode);
  assert.ok(found);
  const { modelMs, toolMs, slowestToolMs, lowerBoundMs } = planScene(scene, found);
  return [modelMs, toolMs, slowestToolMs, lowerBoundMs].map(Math.round);
}

describe("the least time of a scene", () => {
  // Each call is written in 24 + 10 / 4 tokens, at 270 a second: 98 ms. The stream is over at 100 + 4 × 98 = 493 ms.
  test("one call per turn: each call pays for a turn, and runs after it", () => {
    assert.deepEqual(plan("one-call-per-turn"), [793, 1_600, 500, 2_393]);
  });

  test("one by one: the model, then all calls", () => {
    assert.deepEqual(plan("one-by-one"), [493, 1_600, 500, 2_093]);
  });

  test("in parallel: the model, then the longest chain of calls in conflict", () => {
    assert.deepEqual(plan("parallel"), [493, 1_600, 500, 493 + 500 + 300]);
  });

  test("eagerly: a read starts when it is committed, a write when the model has stopped and the read before it is done", () => {
    // The first read is committed at 198 ms and done at 698 ms; the last one is committed at the end.
    assert.deepEqual(plan("eager"), [493, 1_600, 500, 698 + 300]);
  });

  test("at another speed all of it shrinks", () => {
    assert.deepEqual(plan("parallel", createScene(script, 10)), [49, 160, 50, 129]);
  });
});

test("the customer scene in parallel is the model and the slowest tool", () => {
  const [modelMs = 0, toolMs, slowestMs = 0, leastMs] = plan("parallel", createScene(CUSTOMER_SCENE));
  assert.deepEqual([toolMs, slowestMs], [1_500, 600]);
  assert.equal(leastMs, modelMs + slowestMs);
});

test("each mode of each scene can be faster than the one before it", () => {
  for (const scene of [CUSTOMER_SCENE, RELEASE_SCENE].map((each) => createScene(each))) {
    const bounds = MODES.map((mode) => planScene(scene, mode).lowerBoundMs);
    assert.deepEqual(
      bounds,
      [...bounds].sort((a, b) => b - a),
    );
    assert.equal(new Set(bounds).size, bounds.length);
  }
});
