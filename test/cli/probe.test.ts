/** `tutti probe` against simulated models that call in parallel, that do not, that do when they are asked to, and that batch. */
import assert from "node:assert/strict";
import { describe, test, type TestContext } from "node:test";
import pc from "picocolors";
import type { ProbeFigures } from "../../src/agent/probe.ts";
import { oneLine } from "../../src/cli/format.ts";
import { HEAD, renderFigures, tellFinding } from "../../src/cli/probe/report.ts";
import type { CallsPerTurn } from "../../src/simulator/scenario.ts";
import { tutti } from "../support/command-line.ts";
import { simulate } from "../support/simulators.ts";

const read = (path: string) => ({ name: "read_file", input: { path } });
const FILES = ["north.txt", "east.txt", "south.txt", "west.txt", "centre.txt", "harbour.txt"];
const turns = [
  { calls: [read("index.txt")] },
  { calls: FILES.map(read) },
  { text: "There were 11575 visitors in all." },
];

/** What a probe of a simulated model says, and the widest turn in each way. */
async function probe(
  context: TestContext,
  provider: string,
  callsPerTurn: CallsPerTurn,
): Promise<{ readonly stdout: string; readonly widest: Record<string, number> }> {
  const { simulator } = await simulate(context, turns, { callsPerTurn });
  const address = `${simulator.url}${provider.startsWith("openai") ? "/v1" : ""}`;
  const args = ["probe", "--provider", provider, "--base-url", address];
  const [text, json] = await Promise.all([tutti(args), tutti([...args, "--json"])]);
  assert.deepEqual([text.code, text.stderr, json.code, json.stderr], [0, "", 0, ""]);
  const { variants } = JSON.parse(json.stdout) as { variants: ProbeFigures[] };
  assert.ok(variants.every(({ status }) => status === "done"));
  return {
    stdout: text.stdout,
    widest: Object.fromEntries(variants.map(({ variant, widest }) => [variant, widest])),
  };
}

describe("tutti probe", { concurrency: 2 }, () => {
  for (const provider of ["anthropic", "openai", "openai-responses", "gemini"]) {
    test(`a model that does so by itself is told (${provider})`, async (context) => {
      const { stdout, widest } = await probe(context, provider, "all");
      assert.deepEqual(Object.values(widest), [6, 6, 6, 6, 6]);
      assert.match(stdout, /This model calls in parallel by itself\.\n$/);
    });

    test(`a model that does so when it is asked to is told with what (${provider})`, async (context) => {
      const { stdout, widest } = await probe(context, provider, "when-asked");
      assert.deepEqual(widest, { "as-it-is": 1, mild: 6, strong: 6, "per-turn": 6, "batch-tool": 1 });
      assert.match(
        oneLine(stdout),
        /one call per turn by itself\. It calls in parallel with: the \w+ nudge, runAgent/,
      );
    });
  }

  test("a model that never does is told", async (context) => {
    const { stdout, widest } = await probe(context, "anthropic", "one");
    assert.deepEqual(Object.values(widest), [1, 1, 1, 1, 1]);
    assert.match(oneLine(stdout), /This model makes one call per turn, whatever it is told\./);
  });

  test("a model that does so through the batch tool alone is told", async (context) => {
    const { stdout, widest } = await probe(context, "openai", "batched");
    assert.deepEqual(widest, { "as-it-is": 1, mild: 1, strong: 1, "per-turn": 1, "batch-tool": 6 });
    assert.match(oneLine(stdout), /calls in parallel with: the batch tool, batchTool\(\)/);
  });

  test("a model that fails is told in one line, with exit code 1", async (context) => {
    const failing = [{ text: "Hi.", failures: [{ kind: "status" as const, status: 400, times: 99 }] }];
    const { simulator } = await simulate(context, failing);
    const { code, stderr } = await tutti(["probe", "--base-url", simulator.url]);
    assert.equal(code, 1);
    assert.match(stderr, /^tutti: the model failed: 400 .*\n$/);
  });
});

test("a way that failed is a line of the table, and says why", () => {
  const figures: ProbeFigures = {
    variant: "strong",
    status: "failed",
    error: new Error("429 rate_limit_error:\nslow down"),
    callsPerTurn: 0,
    widest: 0,
    turns: 1,
    calls: 0,
    wallMs: 12,
    usage: { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 },
  };
  const line = renderFigures(figures, pc.createColors(false));
  assert.match(line, /^strong nudge .* failed: 429 rate_limit_error: slow down$/);
  assert.equal(HEAD.split(/ {2,}|(?<=in) /).filter(Boolean).length, 6);
  assert.match(tellFinding([figures]), /made no call at all/);
});
