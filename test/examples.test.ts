import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parseScenario, startSimulator, type Simulator } from "../src/simulator/simulator.ts";

const root = new URL("../", import.meta.url);

/** Runs an example as a user would, against a simulator if it asks a model. */
async function run(name: string, simulator?: Simulator, more: readonly string[] = []): Promise<string> {
  const url = simulator?.url ?? "http://127.0.0.1:9";
  const hook = fileURLToPath(new URL("test/support/source-entries.ts", root));
  const example = fileURLToPath(new URL(`examples/${name}`, root));
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", hook, example, ...more], {
    env: {
      ...process.env,
      ANTHROPIC_API_KEY: "none",
      ANTHROPIC_BASE_URL: url,
      OPENAI_API_KEY: "none",
      OPENAI_BASE_URL: `${url}/v1`,
      GEMINI_API_KEY: "none",
      GOOGLE_GEMINI_BASE_URL: url,
    },
  });
  return stdout;
}

async function simulate(
  t: TestContext,
  calls: readonly string[],
  input: Record<string, string>,
): Promise<Simulator> {
  const scenario = parseScenario({
    timeToFirstTokenMs: 0,
    tokensPerSecond: 10_000,
    turns: [{ calls: calls.map((name) => ({ name, input })) }, { text: "That is all." }],
  });
  const simulator = await startSimulator({ scenario });
  t.after(() => simulator.close());
  return simulator;
}

test("a loop of one's own runs the calls of a turn at once and answers them in one message", async (t) => {
  const simulator = await simulate(t, ["profile", "orders", "tickets"], { id: "1234" });
  const output = await run("own-loop.ts", simulator);
  assert.match(output, /^profile ok \d+ ms\norders ok \d+ ms\ntickets ok \d+ ms\n$/);
  assert.deepEqual(
    simulator.requests.map(({ verdict, warnings }) => [verdict.kind, warnings]),
    [
      ["answered", []],
      ["answered", []],
    ],
  );
});

test("the agent's example tells of its calls and ends with the model's answer", async (t) => {
  const simulator = await simulate(t, ["get_profile", "get_orders", "get_tickets"], { customer_id: "1234" });
  const output = await run("agent.ts", simulator);
  assert.equal(output.match(/^settled \S+ ok$/gm)?.length, 3);
  assert.match(output, /done \d+ 4 That is all\.\n$/);
});

test("a loop of one's own around OpenAI's client goes on from a history that a crash has left", async (t) => {
  // The model's broken turn counts as its first.
  const scenario = parseScenario({
    timeToFirstTokenMs: 0,
    tokensPerSecond: 10_000,
    turns: [
      { calls: [{ name: "get_profile" }] },
      { calls: ["get_orders", "get_tickets"].map((name) => ({ name, input: { customer_id: "1234" } })) },
      { text: "That is all." },
    ],
  });
  const simulator = await startSimulator({ scenario });
  t.after(() => simulator.close());
  const output = await run("own-loop-openai.ts", simulator);
  assert.match(output, /^tool .*no result of this call was kept.*$/m);
  assert.match(output, /assistant That is all\.\n$/);
  assert.deepEqual(
    simulator.requests.map(({ verdict, warnings }) => [verdict.kind, warnings]),
    [
      ["answered", []],
      ["answered", []],
    ],
  );
});

for (const provider of ["anthropic", "openai", "openai-responses", "gemini"]) {
  test(`the same agent runs on ${provider} by changing the line with the model`, async (t) => {
    const simulator = await simulate(t, ["get_profile", "get_orders", "get_tickets"], {
      customer_id: "1234",
    });
    const output = await run("any-provider.ts", simulator, [provider]);
    assert.equal(output, `${provider}: done, 3 calls per turn. That is all.\n`);
    assert.deepEqual(
      simulator.requests.map(({ verdict, warnings }) => [verdict.kind, warnings]),
      [
        ["answered", []],
        ["answered", []],
      ],
    );
  });
}

test("edits of one file run in the model's order, and one behind a failed edit does not run", async () => {
  assert.equal(
    await run("edits.ts"),
    [
      "ok ",
      "ok ",
      'failed b.txt has no "zero"',
      "skipped not executed: it depends on call 3 (edit), which did not succeed",
      "{ 'a.txt': 'three', 'b.txt': 'two' }",
      "",
    ].join("\n"),
  );
});

test("a tool that computes holds up no other call, and is killed when it takes too long (case J84)", async () => {
  const printed = [
    "count_primes ok 5133",
    "count_primes timed-out count_primes took more than 2000 ms; it was stopped while it ran",
    "greet ok Hello Ada",
  ].join("\n");
  assert.equal(await run("cpu-bound.ts"), `${printed}\n`);
  const page = await readFile(new URL("docs/cpu-bound-tools.md", root), "utf8");
  const [tool = "", module = ""] = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(
    ([, code]) => code as string,
  );
  assert.ok((await readFile(new URL("examples/cpu-bound.ts", root), "utf8")).includes(tool.trim()));
  assert.ok((await readFile(new URL("examples/primes.ts", root), "utf8")).includes(module.trim()));
  assert.ok(page.includes(printed));
});

test("what is cut to a budget is found and read with read_result", async () => {
  const [list, found, page] = (await run("result-budget.ts")).split("\n\n");
  assert.match(
    list ?? "",
    /^\[\{"id":0,.*"\[Left out\]"\}\]\n\[cut: 335 of 128,891 characters shown; call read_result /,
  );
  assert.match(found ?? "", /^111256: ".*Graz.*"\n\[1 of 1 matches from offset 0 on\]$/);
  assert.match(page ?? "", /^\{"id":4321,"city":"Graz"\},\n\[characters 111237 to 111263 of 128891; /);
});

test("the page on result budgets shows its example as it is", async () => {
  const [page, example] = await Promise.all(
    ["docs/result-budgets.md", "examples/result-budget.ts"].map((path) =>
      readFile(new URL(path, root), "utf8"),
    ),
  );
  const [, block] = /^```ts\n(.*?)^```$/ms.exec(page ?? "") ?? [];
  assert.ok(block !== undefined && example?.includes(block.trim()));
});

test("the README shows the examples as they are", async () => {
  const readme = await readFile(new URL("README.md", root), "utf8");
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code as string);
  assert.ok(blocks.length >= 2);
  const names = ["own-loop.ts", "own-loop-openai.ts", "edits.ts", "agent.ts", "any-provider.ts", "tools.ts"];
  const examples = await Promise.all(
    names.map((name) => readFile(new URL(`examples/${name}`, root), "utf8")),
  );
  for (const block of blocks) {
    assert.ok(
      examples.some((example) => example.includes(block.trim())),
      `no example holds this block of the README:\n${block}`,
    );
  }
});
