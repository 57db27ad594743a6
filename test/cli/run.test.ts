import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { parseScenario, type ScenarioInput } from "../../src/simulator/scenario-file.ts";
import { tutti, type CommandOptions } from "../support/command-line.ts";
import { simulate } from "../support/simulators.ts";

const index = JSON.stringify(new URL("../../src/index.ts", import.meta.url).href);
const exampleScenario = new URL("../../examples/scenarios/customer-360.yaml", import.meta.url);
const exampleTools = fileURLToPath(new URL("../../examples/tools.ts", import.meta.url));

/** Tools of all kinds, each exported by its name. */
const TOOLS = `import { setTimeout as sleep } from "node:timers/promises";
import { defineTool } from ${index};
const define = (name, effects, execute) =>
  defineTool({ name, description: "A tool.", input: { type: "object" }, effects, execute });
export const look = define("look", "read", () => 12n);
export const fix = define("fix", ({ id }) => ({ writes: [id] }), (_, { signal }) => {
  console.log("fixing");
  return sleep(60_000, "done", { signal });
});
export const deaf = define("deaf", "none", () => sleep(60_000));
export default define("count", "none", () => { throw new Error("cannot count"); });
export const unrelated = 1;
`;

/** Tools that use a pool, are refused once, and need approval. */
const LIMITED_TOOLS = `import { defineTool } from ${index};
const define = (name, more) =>
  defineTool({ name, description: "A tool.", input: { type: "object" }, effects: "read", execute: () => 1, ...more });
const seen = new Set();
const running = new Set();
export const tools = [
  define("fetch", {
    pools: ["api"],
    execute: ({ id }) => {
      if (!seen.has(id) && seen.add(id)) throw Object.assign(new Error("too many requests"), { status: 429 });
    },
  }),
  define("width", {
    execute: async ({ id }) => {
      running.add(id);
      const width = running.size;
      await new Promise((resolve) => setTimeout(resolve, 20));
      running.delete(id);
      if (width > 1) throw new Error("not alone");
    },
  }),
  define("remove", { needsApproval: true }),
];
export const executor = { pools: { api: { rate: { count: 10, perMs: 1_000 } } }, retry: { baseMs: 1 }, concurrency: 1 };
`;

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "tutti-run-"));
  await writeFile(join(folder, "tools.mjs"), TOOLS);
  await writeFile(join(folder, "limited.mjs"), LIMITED_TOOLS);
  await writeFile(
    join(folder, "approving.mjs"),
    `import { executor as options } from "./limited.mjs";
    export { tools } from "./limited.mjs";
    export const executor = { ...options, approve: ({ input }) => (input.id === "a" ? "allow" : "deny") };`,
  );
});

after(() => rm(folder, { recursive: true, force: true }));

const call = (name: string, id: string) => ({ name, input: { id } });

/** Runs the tools of the folder against these turns. */
async function runWith(
  context: TestContext,
  turns: ScenarioInput["turns"],
  options: CommandOptions & { readonly more?: readonly string[] } = {},
) {
  const { simulator } = await simulate(context, turns);
  const args = ["run", "Go.", "--tools", "tools.mjs", "--base-url", simulator.url, ...(options.more ?? [])];
  return { simulator, ...(await tutti(args, { cwd: folder, ...options })) };
}

describe("tutti run", { concurrency: 2 }, () => {
  test("shows what the model says, a line for each call, and what was saved", async (context) => {
    const scenario = parseScenario(await readFile(exampleScenario, "utf8"));
    const { simulator } = await simulate(context, [{ text: "unused" }], { scenario });
    const args = ["run", "The full picture", "--tools", exampleTools, "--base-url", simulator.url];
    const { code, stdout, stderr } = await tutti([...args, "--system", "Be brief.", "--model", "some-model"]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(
      stdout,
      new RegExp(
        [
          "^I'll pull up the profile, .*",
          "✓ get_profile\\(1234\\) \\d+ ms",
          "✓ get_orders\\(1234\\) \\d+ ms",
          "✓ get_tickets\\(1234\\) \\d+ ms",
          "Customer 1234 is Ada Park, .*",
          "",
          "[\\d.]+ m?s · 2 turns · 3 calls · [\\d,]+ tokens in, \\d+ out",
          "tools worked 1\\.5\\d s and were waited for [\\d.]+ m?s: [\\d.]+ m?s saved",
          "$",
        ].join("\n"),
      ),
    );
    const body = simulator.requests[0]?.body as { model: string; system: string; tools: { name: string }[] };
    assert.deepEqual([body.model, body.system], ["some-model", "Be brief."]);
    assert.deepEqual(
      body.tools.map(({ name }) => name),
      ["get_profile", "get_orders", "get_tickets", "read_result"],
    );
  });

  for (const [provider, path] of [
    ["openai", "/v1"],
    ["openai-responses", "/v1"],
    ["gemini", ""],
  ] as const) {
    test(`speaks ${provider} by changing one word`, async (context) => {
      const turns = [{ text: "On it.", calls: [call("look", "a"), call("look", "b")] }, { text: "Done." }];
      const { simulator } = await simulate(context, turns);
      const address = `${simulator.url}${path}`;
      const args = ["run", "Go.", "--tools", "tools.mjs", "--provider", provider, "--base-url", address];
      const { code, stdout, stderr } = await tutti(args, { cwd: folder });
      assert.deepEqual([code, stderr], [0, ""]);
      assert.match(stdout, /^On it\.\n✓ look\(a\) .*\n✓ look\(b\) .*\nDone\.\n/);
      assert.deepEqual(
        simulator.requests.map(({ verdict, warnings }) => [verdict.kind, warnings]),
        [
          ["answered", []],
          ["answered", []],
        ],
      );
    });
  }

  test("with --parallel one-at-a-time the model is told so, and makes one call per turn", async (context) => {
    const turns = [{ calls: [call("look", "a"), call("look", "b")] }, { text: "Done." }];
    const { code, stdout } = await runWith(context, turns, { more: ["--parallel", "one-at-a-time"] });
    assert.equal(code, 0);
    assert.match(stdout, /3 turns · 2 calls/);
  });

  test("takes the tools that a file exports one by one, and writes a trace", async (context) => {
    const turns = [
      { calls: [call("look", "a"), call("count", "b"), call("nobody", "c")] },
      { text: "Done." },
    ];
    const { code, stdout } = await runWith(context, turns, { more: ["--trace", "trace.jsonl"] });
    assert.equal(code, 0);
    assert.match(stdout, /✓ look\(a\)/);
    assert.match(stdout, /✗ count\(b\) \d+ ms · tool-error: cannot count\n/);
    assert.match(stdout, /✗ nobody\(c\) failed · unknown-tool: .*the tools are deaf, count, fix, look/);
    const lines = (await readFile(join(folder, "trace.jsonl"), "utf8")).trimEnd().split("\n");
    const events = lines.map((line) => JSON.parse(line) as { type: string; at: number });
    assert.equal(events[0]?.type, "trace.opened");
    assert.equal(events.at(-1)?.type, "run.ended");
    assert.ok(events.every(({ at }) => typeof at === "number"));
    assert.equal(events.filter(({ type }) => type === "call.settled").length, 3);
    assert.match(lines.join("\n"), /"output":12[,}]/);
    assert.match(lines.join("\n"), /"message":"cannot count","stack":"Error: cannot count/);
  });

  test("writes a trace without its content, if it is told so", async (context) => {
    const turns = [{ calls: [call("look", "a"), call("count", "b")] }, { text: "Done." }];
    const more = ["--trace", "bare.jsonl", "--trace-content", "none"];
    assert.equal((await runWith(context, turns, { more })).code, 0);
    const text = await readFile(join(folder, "bare.jsonl"), "utf8");
    assert.match(text, /"input":"\[removed\]"/);
    assert.doesNotMatch(text, /cannot count|Done\./);
  });

  test("takes the executor's options of a file, and shows why calls waited and were tried again", async (context) => {
    const turns = [{ calls: [call("fetch", "a"), call("fetch", "b")] }, { text: "Done." }];
    const { code, stdout, stderr } = await runWith(context, turns, { more: ["--tools", "limited.mjs"] });
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /↻ fetch\(a\) too many requests · trying again in \d+ ms\n/);
    assert.match(stdout, /✓ fetch\(b\) \d+ ms in 2 attempts · .*waited \d+ ms for the rate of api/);
  });

  test("the command line's limits come before the file's", async (context) => {
    const turns = [{ calls: [call("width", "a"), call("width", "b")] }, { text: "Done." }];
    const own = await runWith(context, turns, { more: ["--tools", "limited.mjs"] });
    assert.match(own.stdout, /✓ width\(a\) .*\n✓ width\(b\) .* for width\(a\)\n/);
    const wider = await runWith(context, turns, { more: ["--tools", "limited.mjs", "--concurrency", "2"] });
    assert.match(wider.stdout, /✗ width\(b\) .*tool-error: not alone\n/);
  });

  test("where there is no terminal, what needs approval is denied, and how to allow it is told once", async (context) => {
    const turns = [{ text: "On it.", calls: [call("remove", "a"), call("remove", "b")] }, { text: "Done." }];
    const { code, stdout, stderr } = await runWith(context, turns, { more: ["--tools", "limited.mjs"] });
    assert.deepEqual([code, stderr], [0, ""]);
    const denied = "denied · not executed: it could not be approved: there is no terminal to ask in";
    // A machine that is busy has calls wait, and says so.
    const said = stdout.replace(/ · waited \d+ ms for [^·\n]*(?= ·)/g, "");
    assert.ok(
      said.startsWith(
        [
          "On it.",
          "! calls that need approval are denied: there is no terminal to ask in; --approve all allows them",
          `– remove(a) ${denied}`,
          `– remove(b) ${denied}`,
          "Done.",
        ].join("\n"),
      ),
      stdout,
    );
  });

  for (const [file, flag, a, b] of [
    ["limited.mjs", "all", /✓ remove\(a\)/, /✓ remove\(b\)/],
    ["limited.mjs", "none", /– remove\(a\) denied/, /– remove\(b\) denied/],
    ["approving.mjs", undefined, /✓ remove\(a\)/, /– remove\(b\) denied/],
    ["approving.mjs", "all", /✓ remove\(a\)/, /✓ remove\(b\)/],
    ["approving.mjs", "ask", /there is no terminal [^]* remove\(a\) denied/, /– remove\(b\) denied/],
  ] as const) {
    test(`who approves: ${file}, with --approve ${flag ?? "left out"}`, async (context) => {
      const turns = [{ calls: [call("remove", "a"), call("remove", "b")] }, { text: "Done." }];
      const more = ["--tools", file, ...(flag === undefined ? [] : ["--approve", flag])];
      const { code, stdout } = await runWith(context, turns, { more });
      assert.equal(code, 0);
      assert.match(stdout, a);
      assert.match(stdout, b);
      assert.match(stdout, /Done\./);
    });
  }

  test("Ctrl-C stops cleanly, and says what was done and what was not", async (context) => {
    const turns = [
      { text: "On it.", calls: [call("look", "a"), call("fix", "b"), call("fix", "b"), call("deaf", "c")] },
    ];
    let interrupted = false;
    const { code, stdout, stderr, simulator } = await runWith(context, turns, {
      more: ["--trace", "interrupted.jsonl"],
      onOutput: (text, child) => {
        if (!interrupted && text.includes("fixing")) interrupted = child.kill("SIGINT");
      },
    });
    assert.deepEqual([code, stderr], [130, ""]);
    assert.match(stdout, /stopping …/);
    assert.match(stdout, /! deaf\(c\) ignores that it was told to stop; it may still run\n/);
    assert.match(
      stdout,
      /\ninterrupted\n {2}done: look\(a\)\n {2}may have taken effect: fix\(b\)\n {2}not done: fix\(b\), deaf\(c\)\n/,
    );
    assert.equal(simulator.requests.length, 1);
    const trace = await readFile(join(folder, "interrupted.jsonl"), "utf8");
    assert.match(trace, /"type":"run\.ended","status":"aborted"/);
  });

  test("Ctrl-C before the model has made a call says so", async (context) => {
    let interrupted = false;
    const turns = [{ text: "Hmm", calls: [{ ...call("look", "a"), pauseMs: 60_000 }] }];
    const { code, stdout } = await runWith(context, turns, {
      onOutput: (text, child) => {
        if (!interrupted && text.includes("Hmm")) interrupted = child.kill("SIGINT");
      },
    });
    assert.equal(code, 130);
    assert.match(stdout, /^Hmm\nstopping …[^\n]+\n\ninterrupted before the model made a call\n/);
  });

  test("a second Ctrl-C leaves at once", async (context) => {
    let sent = 0;
    const { code, stdout } = await runWith(context, [{ calls: [call("look", "a"), call("deaf", "c")] }], {
      onOutput: (text, child) => {
        if (sent === 0 && text.includes("✓ look(a)")) sent = Number(child.kill("SIGINT"));
        if (sent === 1 && text.includes("stopping …")) sent += Number(child.kill("SIGINT"));
      },
    });
    assert.deepEqual([code, sent], [130, 2]);
    assert.doesNotMatch(stdout, /interrupted/);
  });

  test("a model that fails is told in one line, with exit code 1", async (context) => {
    const failures: ScenarioInput["turns"][number]["failures"] = [
      { kind: "status", status: 400, message: "prompt is too long" },
    ];
    const { code, stdout, stderr } = await runWith(context, [{ text: "Hi.", failures }]);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.equal(stderr, "tutti: the model failed: 400 invalid_request_error: prompt is too long\n");
  });

  test("a run that does not get to its end is told in one line, with exit code 1", async (context) => {
    const looks = { calls: [call("look", "a")] };
    const turns = await runWith(context, [looks, looks, looks], { more: ["--max-turns", "2"] });
    assert.equal(turns.code, 1);
    assert.equal(turns.stderr, "tutti: the model was not done after 2 turns; allow more with --max-turns\n");
    const tokens = await runWith(context, [{ text: "I was just about to", stop: "truncated" }]);
    assert.equal(tokens.code, 1);
    assert.equal(
      tokens.stderr,
      "tutti: the model's token limit cut its answer off; allow more with --max-tokens\n",
    );
    const refused = await runWith(context, [{ text: "No.", stop: "refused" }]);
    assert.equal(refused.code, 1);
    assert.equal(refused.stderr, "tutti: the model declined to answer\n");
  });
});
