import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { resolveEffects } from "../../src/core/effects.ts";
import type { BatchEvent } from "../../src/index.ts";
import { createRandom } from "../../src/simulator/seed.ts";
import { effectsOf } from "../../bench/workloads/bfcl-effects.ts";
import { findWaits } from "../../bench/workloads/explained-waits.ts";
import { usualLatencies } from "../../bench/workloads/latencies.ts";
import { measureLoops } from "../../bench/workloads/llmcompiler.ts";
import { measureSet, SLOTS, TUTTI, TUTTI_TOLD, type SetFigures } from "../../bench/workloads/set-figures.ts";
import { workloadsMissing, type Pair, type WorkloadTurn } from "../../bench/workloads/workload.ts";
import {
  graphSet,
  knownPairs,
  multiTurnSets,
  readSets,
  type WorkloadSet,
} from "../../bench/workloads/workload-set.ts";

const SEEDS = 5;
const ROUNDING = 1e-9;

describe("a workload made up", () => {
  const latencies = [120, 30, 60, 90, 240, 30, 70];
  const turnOf = (calls: readonly (readonly [string, object])[], conflicts: Pair[], data: Pair[] = []) => ({
    id: "made-up",
    source: "made-up",
    calls: calls.map(([tool, input], i) => ({
      tool,
      input: { ...input },
      ms: latencies[i] ?? 0,
      heavyMs: 1,
    })),
    data,
    conflicts,
  });
  const site: WorkloadTurn = turnOf(
    [
      ["cd", { folder: "site" }],
      ["touch", { file_name: "a.css" }],
      ["echo", { content: "a", file_name: "a.css" }],
      ["touch", { file_name: "b.html" }],
      ["echo", { content: "b", file_name: "b.html" }],
      ["mean", { numbers: [1, 2] }],
      ["ls", {}],
    ],
    // prettier-ignore
    [[0, 1], [0, 3], [1, 2], [3, 4], [1, 6], [3, 6]],
    [[1, 5]],
  );
  const classes = { GorillaFileSystem: ["cd", "touch", "echo", "ls"], MathAPI: ["mean"] };
  const described = Object.entries(classes).flatMap(([of, names]) =>
    names.map((name) => ({ name, class: of, description: name, parameters: { type: "object" } })),
  );
  const [plain, referring] = multiTurnSets({ site: [site] }, described) as [WorkloadSet, WorkloadSet];

  test("conflicts are known from the declarations, and outputs that are needed from references", () => {
    const known = new Set(knownPairs(plain, site).map(String));
    for (const pair of site.conflicts)
      assert.ok(known.has(String(pair)), `${pair.join(" before ")} is known`);
    assert.ok(!known.has("2,4") && !known.has("1,5"));
    assert.ok(knownPairs(referring, site).map(String).includes("1,5"));
  });

  test("G3: no pair is broken, and each wait is explained", async () => {
    const figures = await measureSet(plain, { seeds: SEEDS });
    assertOrdered(figures);
    assert.deepEqual(figures.waits.unexplained, []);
    // All but `cd` and the sum wait, with slots without end and with few.
    assert.equal(figures.waits.late, 5 * SEEDS * SLOTS.length);
    assertOrdered(await measureSet(referring, { seeds: SEEDS }));
  });

  test("pairs are broken where effects are not declared, so that they would be seen", async () => {
    const tools = plain.tools.map((tool) => ({ ...tool, effects: "none" as const }));
    const { tallies } = await measureSet({ ...plain, tools }, { seeds: 1 });
    assert.equal(tallies.get(TUTTI)?.[0]?.broken, site.conflicts.length);
  });

  test("G5: with slots without end a turn takes its critical path", async () => {
    const { tallies } = await measureSet(plain, { seeds: SEEDS });
    assert.ok(Math.abs((tallies.get(TUTTI)?.[0]?.overKnownBound ?? NaN) - 1) < ROUNDING);
  });

  test("G5: on random graphs no makespan is beyond Graham's bound", async () => {
    const random = createRandom("graphs");
    const turns = Array.from({ length: 40 }, (_, graph): WorkloadTurn => {
      const calls = Array.from({ length: 2 + Math.floor(random() * 12) }, () => ({
        tool: "step",
        input: {},
        ms: 10 + Math.floor(random() * 200),
        heavyMs: 1,
      }));
      const data = calls.flatMap((_call, j) =>
        calls.slice(0, j).flatMap((_earlier, i): Pair[] => (random() < 0.2 ? [[i, j]] : [])),
      );
      return { id: `graph ${graph}`, source: "random", calls, data, conflicts: [] };
    });
    const set = graphSet("random graphs", turns, { about: "random", latencies: usualLatencies });
    const figures = await measureSet(set, { seeds: 2, solved: 1 });
    assertOrdered(figures);
    assertWithinGraham(figures);
    assert.ok(figures.optimum.tally.overBound <= figures.optimum.told.overBound + ROUNDING);
  });
});

describe("explained waits", () => {
  const call = (index: number) => ({ key: `b1.${index}`, index }) as never;
  const events = (resource: string, ms: number): BatchEvent[] => [
    { type: "batch.opened", at: 100, batch: "b1" },
    { type: "call.queued", at: 100, batch: "b1", call: call(0) },
    { type: "call.queued", at: 100, batch: "b1", call: call(1) },
    { type: "call.started", at: 100, call: "b1.0", waits: [] },
    { type: "call.started", at: 150, call: "b1.1", waits: [{ for: "lock", resource, heldBy: "b1.0", ms }] },
  ];
  const touched = [
    resolveEffects(() => ({ writes: ["file/a"], reads: ["file/c"] }), {}),
    resolveEffects(() => ({ reads: ["file/a", "file/b"] }), {}),
  ];

  test("a wait is explained by a resource that both declare, and by its length", () => {
    assert.deepEqual(findWaits(events("file/a", 50), { touched, data: [] }), { late: 1, unexplained: [] });
    assert.equal(findWaits(events("file/b", 50), { touched, data: [] }).unexplained.length, 1);
    assert.equal(findWaits(events("file/a", 20), { touched, data: [] }).unexplained.length, 1);
    const [, reader] = touched as [never, (typeof touched)[number]];
    assert.equal(
      findWaits(events("file/a", 50), { touched: [reader, reader], data: [] }).unexplained.length,
      1,
    );
  });
});

describe("declared effects", () => {
  const paths = (name: string, input: Readonly<Record<string, unknown>>) => {
    const { reads, writes } = resolveEffects(effectsOf("GorillaFileSystem", name) ?? "write", input);
    return { reads: reads.map((path) => path.join("/")), writes: writes.map((path) => path.join("/")) };
  };

  test("text that is only shown touches nothing, a file that is written does", () => {
    assert.deepEqual(paths("echo", { content: "hello" }), { reads: [], writes: [] });
    assert.deepEqual(paths("echo", { content: "hello", file_name: "a.txt" }), {
      reads: ["file-system/current-folder"],
      writes: ["file-system/files/a.txt"],
    });
  });

  test("a path that leads out of the folder reads all files", () => {
    assert.ok(paths("find", { path: "../b" }).reads.includes("file-system/files"));
    assert.ok(paths("find", { path: "./b" }).reads.includes("file-system/files/b"));
    assert.ok(paths("find", { path: "." }).reads.includes("file-system/files"));
  });
});

describe("the workloads", { skip: workloadsMissing }, () => {
  test("BFCL multi-turn: no pair is broken, each wait is explained, and turns are 1.15 times as fast", async () => {
    let product = 1;
    const sets = readSets().filter(({ name }) => name.startsWith("BFCL multi-turn"));
    for (const set of sets) {
      const figures = await measureSet(set, { seeds: 3 });
      assertOrdered(figures);
      assert.deepEqual(figures.waits.unexplained, []);
      if (!set.references) product *= figures.tallies.get(TUTTI)?.[0]?.speedUp ?? NaN;
    }
    assert.ok(Math.sqrt(product) >= 1.15, `${Math.sqrt(product)}`);
  });

  test("graphs: no pair is broken, the bound is kept where slots are many, and Graham's always", async () => {
    const sets = readSets().filter(({ name }) => !name.startsWith("BFCL multi-turn"));
    for (const set of sets) {
      const figures = await measureSet(set, { seeds: 1 });
      assertOrdered(figures);
      assertWithinGraham(figures);
      const [endless, ten] = figures.tallies.get(TUTTI) ?? [];
      assert.ok((endless?.overBound ?? NaN) <= 1.01 && (ten?.overBound ?? NaN) <= 1.01, set.name);
    }
  });

  test("LLMCompiler's loops: as fast as it published, and faster when calls start early", async () => {
    for (const {
      shape,
      counts,
      onePerTurnMs,
      oneTurnMs,
      eagerMs,
      publishedSpeedUp,
    } of await measureLoops()) {
      assert.ok(eagerMs <= oneTurnMs + ROUNDING, shape);
      if (counts) assert.ok(onePerTurnMs / eagerMs >= publishedSpeedUp, shape);
    }
  });
});

function assertOrdered({ set, tallies }: SetFigures): void {
  for (const name of [TUTTI, TUTTI_TOLD])
    for (const { broken, turns } of tallies.get(name) ?? []) {
      assert.ok(turns > 0);
      assert.equal(broken, 0, `${set.name}: ${name}`);
    }
}

function assertWithinGraham({ set, tallies }: SetFigures): void {
  for (const name of [TUTTI, TUTTI_TOLD])
    for (const { worstOverGraham } of tallies.get(name) ?? [])
      assert.ok(worstOverGraham <= 1 + ROUNDING, `${set.name}: ${name}: ${worstOverGraham}`);
}
