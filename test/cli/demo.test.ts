import assert from "node:assert/strict";
import { describe, test } from "node:test";
import pc from "picocolors";
import { CUSTOMER_SCENE } from "../../src/cli/demo/customer-scene.ts";
import { playDemo } from "../../src/cli/demo/demo.ts";
import type { ModeFigures, SceneFigures } from "../../src/cli/demo/figures.ts";
import { MODES } from "../../src/cli/demo/mode.ts";
import { playScene } from "../../src/cli/demo/play.ts";
import { RELEASE_SCENE } from "../../src/cli/demo/release-scene.ts";
import { renderTable, tellSaving } from "../../src/cli/demo/report.ts";
import { createScene } from "../../src/cli/demo/scene.ts";
import { providerOf } from "../../src/cli/provider.ts";
import { tutti } from "../support/command-line.ts";

const provider = providerOf("anthropic");
const SCENES = [CUSTOMER_SCENE, RELEASE_SCENE];
const FIELDS = [
  "mode",
  "wallMs",
  "modelMs",
  "toolMs",
  "slowestToolMs",
  "lowerBoundMs",
  "turns",
  "calls",
  "inputTokens",
  "outputTokens",
  "ratioToLowerBound",
];

describe("each scene, in each mode, ends the same way", () => {
  const turns = { customer: [4, 2, 2, 2], release: [8, 2, 2, 2] };
  const statuses = {
    customer: ["ok", "ok", "ok"],
    release: ["ok", "failed", "ok", "ok", "ok", "ok", "ok"],
  };
  for (const script of SCENES) {
    for (const [i, mode] of MODES.entries()) {
      test(`${script.name}, ${mode.title}`, async () => {
        const { result, events, wallMs, plan } = await playScene(createScene(script, 100), mode, {
          provider,
        });
        const name = script.name as keyof typeof statuses;
        const settled = events.filter((event) => event.type === "call.settled");
        const inOrder = settled.map(({ outcome }) => outcome).sort((a, b) => keyOf(a.call) - keyOf(b.call));
        assert.deepEqual(
          inOrder.map(({ status }) => status),
          statuses[name],
        );
        assert.equal(result.turns, turns[name][i]);
        assert.equal(result.calls, statuses[name].length);
        assert.match(result.text, name === "customer" ? /Ada Park/ : /212 tests pass/);
        // A timer may fire a little early, and here each is short.
        assert.ok(wallMs >= plan.lowerBoundMs * 0.9, `${wallMs} ms is less than ${plan.lowerBoundMs} ms`);
      });
    }
  }
});

/** The batch and the place in it, as a number. */
function keyOf({ key }: { readonly key: string }): number {
  const [batch = 0, place = 0] = key.slice(1).split(".").map(Number);
  return batch * 100 + place;
}

test("edits of one file come in order, and the tests run after all edits", async () => {
  const [, , , eager] = MODES;
  assert.ok(eager);
  const { events } = await playScene(createScene(RELEASE_SCENE, 100), eager, { provider });
  const position = (type: "call.started" | "call.settled", place: number) =>
    events.findIndex(
      (event) =>
        event.type === type &&
        (event.type === "call.started" ? event.call : event.outcome.call.key).endsWith(`.${place}`),
    );
  for (const [before, after] of [
    [3, 5],
    [5, 6],
    [4, 7],
    [6, 7],
  ] as const) {
    assert.ok(position("call.settled", before) < position("call.started", after), `${before}, then ${after}`);
  }
});

test("the demo shows everything on a screen that is no terminal, without a control character", async () => {
  const lines: string[] = [];
  const screen = {
    isLive: false,
    width: 80,
    height: 24,
    colours: pc.createColors(false),
    print: (...more: string[]) => void lines.push(...more),
    draw: () => {},
    keep: (more: readonly string[]) => void lines.push(...more),
  };
  const scenes = SCENES.map((script) => createScene(script, 100));
  const figures = await playDemo({ provider, scenes, modes: MODES, screen });
  assert.deepEqual(
    figures.map(({ scene, modes }) => [scene, ...modes.map(({ mode }) => mode)]),
    SCENES.map(({ name }) => [name, ...MODES.map((mode) => mode.name)]),
  );
  assert.ok(
    lines.every((line) => line.length <= 80 && !/\p{Cc}/u.test(line)),
    lines.join("\n"),
  );
  const text = lines.join("\n");
  for (const { prompt } of SCENES) assert.equal(text.split(prompt).length, 2, prompt);
  for (const { about } of MODES) assert.equal(text.split(about).length, 3, about);
  assert.equal(text.split("get_profile 1234").length, 5);
});

describe("as a command", { concurrency: true }, () => {
  test("tutti demo --json prints one object and nothing else", async () => {
    const { code, stdout, stderr } = await tutti([
      "demo",
      "--json",
      "--scene",
      "customer",
      "--mode",
      "eager",
    ]);
    assert.deepEqual([code, stderr], [0, ""]);
    const { scenes, ...rest } = JSON.parse(stdout) as { scenes: SceneFigures[] };
    assert.deepEqual(rest, {});
    assert.deepEqual(
      scenes.map(({ scene, modes }) => [scene, modes.map(({ mode }) => mode)]),
      [["customer", ["eager"]]],
    );
    const [figures] = scenes[0]?.modes ?? [];
    assert.ok(figures);
    assert.deepEqual(Object.keys(figures), FIELDS);
    assert.ok(figures.ratioToLowerBound >= 0.99);
    assert.deepEqual([figures.turns, figures.calls, figures.toolMs], [2, 3, 1_500]);
  });

  for (const name of ["openai", "openai-responses", "gemini"]) {
    test(`tutti demo --provider ${name} plays the same with another client`, async () => {
      const args = ["demo", "--provider", name, "--json", "--scene", "customer", "--mode", "parallel"];
      const { code, stdout, stderr } = await tutti(args);
      assert.deepEqual([code, stderr], [0, ""]);
      const { scenes } = JSON.parse(stdout) as { scenes: SceneFigures[] };
      const [figures] = scenes[0]?.modes ?? [];
      assert.deepEqual([figures?.turns, figures?.calls, figures?.toolMs], [2, 3, 1_500]);
    });
  }

  test("tutti demo in a pipe prints plain text, even where colour is asked for", async () => {
    const { code, stdout } = await tutti(["demo", "--scene", "customer", "--mode", "eager"], {
      env: { FORCE_COLOR: "1", CI: "true" },
    });
    assert.equal(code, 0);
    assert.match(stdout, /get_tickets 1234 +█+ ✓ \d+ ms\n/);
    assert.doesNotMatch(stdout, /(?!\n)\p{Cc}/u);
  });

  test("without the provider's package the demo says how to get it", async () => {
    const hook = `import { registerHooks } from "node:module";
    registerHooks({ resolve: (specifier, context, next) => {
      if (specifier !== "@anthropic-ai/sdk") return next(specifier, context);
      throw Object.assign(new Error("not there"), { code: "ERR_MODULE_NOT_FOUND" });
    } });`;
    const node = ["--import", `data:text/javascript,${encodeURIComponent(hook)}`];
    const { code, stdout, stderr } = await tutti(["demo"], { node });
    assert.deepEqual([code, stdout], [2, ""]);
    assert.equal(
      stderr,
      "tutti: the package @anthropic-ai/sdk is not installed; run: npm install @anthropic-ai/sdk\n",
    );
  });
});

describe("the table", () => {
  const figures = (mode: string, wallMs: number): ModeFigures => ({
    mode,
    wallMs,
    modelMs: 2_000,
    toolMs: 1_500,
    slowestToolMs: 600,
    lowerBoundMs: 2_400,
    turns: 2,
    calls: 3,
    inputTokens: 1_234,
    outputTokens: 567,
    ratioToLowerBound: 1,
  });
  const all = [4_000, 3_500, 2_600, 2_400].map((ms, i) => figures(MODES[i]?.name ?? "", ms));

  test("compares each mode with the first", () => {
    assert.equal(
      `\n${renderTable(all, pc.createColors(false)).join("\n")}\n`,
      `
                       wall   model   tools  turns  tokens in  out   saved
  one call per turn  4.00 s  2.00 s  1.50 s      2      1,234  567
  one by one         3.50 s  2.00 s  1.50 s      2      1,234  567  500 ms  13 %
  parallel           2.60 s  2.00 s  1.50 s      2      1,234  567  1.40 s  35 %
  eager              2.40 s  2.00 s  1.50 s      2      1,234  567  1.60 s  40 %
`,
    );
  });

  test("is followed by what was saved, and by what", () => {
    assert.equal(
      tellSaving(all),
      "2.40 s instead of 4.00 s, 40 % less: 500 ms by asking the model once for all calls, 900 ms by running calls side " +
        "by side, 200 ms by starting reads while the model still writes.",
    );
  });

  test("claims nothing where nothing was saved, or nothing is compared", () => {
    assert.equal(tellSaving([]), undefined);
    assert.equal(tellSaving(all.slice(0, 1)), undefined);
    assert.equal(tellSaving([figures("parallel", 1_000), figures("eager", 1_001)]), undefined);
    assert.equal(
      tellSaving([figures("one-by-one", 2_000), figures("parallel", 2_001), figures("eager", 1_000)]),
      "1.00 s instead of 2.00 s, 50 % less: 1.00 s by starting reads while the model still writes.",
    );
  });
});
