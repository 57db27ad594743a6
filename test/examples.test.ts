import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { before, test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parseScenario, startSimulator, type Simulator } from "../src/simulator/simulator.ts";
import { buildViewer } from "../viewer/build.ts";

const root = new URL("../", import.meta.url);

before(() => buildViewer({ ifChanged: true }));

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

function readExample(name: string): Promise<string> {
  return readFile(new URL(`examples/${name}`, root), "utf8");
}

/** The blocks of code of a page, in this language. */
function blocksOf(page: string, language: string): string[] {
  const blocks = [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)];
  return blocks.flatMap(([, is, code]) => (is === language ? [code as string] : []));
}

function lines(...texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}

function matches(text: string, expected: string | RegExp): boolean {
  return typeof expected === "string" ? text === expected : expected.test(text);
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

/** The pages with examples of their own: what these print, and what each of them shows. */
const PAGES: readonly {
  readonly page: string;
  readonly shows: string;
  /** By the names of the examples; what varies from run to run is a pattern. */
  readonly prints: Readonly<Record<string, string | RegExp>>;
  /** Files that the page shows and that are no programs. */
  readonly modules?: readonly string[];
}[] = [
  {
    page: "cpu-bound-tools.md",
    shows: "a tool that computes holds up no other call, and is killed when it takes too long (case J84)",
    prints: {
      "cpu-bound.ts": lines(
        "count_primes ok 5133",
        "count_primes timed-out count_primes took more than 2000 ms; it was stopped while it ran",
        "greet ok Hello Ada",
      ),
    },
    modules: ["primes.ts"],
  },
  {
    page: "effects.md",
    shows: "writes that commute overlap, a file has one name, and a declaration that is too weak is found",
    prints: {
      "effects.ts": lines(
        "started b1.1",
        "started b1.2",
        "started b1.3",
        "started b1.5",
        "started b1.6",
        "started b1.7 behind file/menus/week.md",
        "started b1.4 behind poll/lunch",
        "b1.1 vote noted",
        "b1.2 vote noted",
        "b1.3 vote noted",
        "b1.4 count 2",
        "b1.5 count 0",
        "b1.6 edit edited week.md",
        "b1.7 edit edited ./old/../week.md",
      ),
      "check-effects.ts": lines(
        "15 pairs of calls, from 4 states.",
        "too weak: unsafe",
        '  balance {"id":"b"} and transfer {"from":"a","to":"b","amount":5} must conflict: balance returned 0, and ' +
          "after transfer it returned 5. Declared: reads account/b; writes account/a",
        "too strong: slow",
        '  deposit {"id":"a","amount":1} and deposit {"id":"a","amount":2} may not have to conflict: their order ' +
          "made no difference from 4 states; if it never does, `commutes` in place of `writes` lets them overlap. " +
          "Declared by both: writes account/a",
      ),
    },
  },
  {
    page: "viewer.md",
    shows: "an executor is shown at a link, and the link goes with it",
    prints: {
      "viewer.ts":
        /^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}\nb1\.1 wrote a\.md\nb1\.2 wrote b\.md\nb1\.3 wrote a\.md\n+$/,
    },
  },
  {
    page: "pools.md",
    shows: "each host has its limits, and a free slot goes to the conversation that holds the fewest",
    prints: {
      "pools.ts": lines(
        "host:api.example 2 running, 1 waiting",
        "host:docs.example 2 running, 3 waiting",
        "b2.4 waited for rate host:api.example",
        "b2.1 waited for slot host:docs.example",
        "b1.3 waited for slot host:docs.example",
        "b1.4 waited for slot host:docs.example",
        "b2.5 skipped not executed: 1 call waits for host:api.example already, and no more may; make this call again later",
      ),
    },
  },
  {
    page: "adaptive-limits.md",
    shows: "a limit that nobody has said is found",
    prints: { "adaptive-limit.ts": /^100 ok; refused on the way: [1-9]\d?\nthe limit now: [4-8]\n$/ },
  },
  {
    page: "circuit.md",
    shows: "calls to a back-end that is down fail at once, until it is back",
    prints: {
      "circuit.ts": lines(
        "lamp failed connect ECONNREFUSED",
        "desk failed connect ECONNREFUSED",
        "sofa failed connect ECONNREFUSED",
        "shelf failed not executed: warehouse has been failing and is left alone; try again in 0.3 s",
        "chair failed not executed: warehouse has been failing and is left alone; try again in 0.3 s",
        "lamp ok 7",
        "requests: 4",
      ),
    },
  },
  {
    page: "retries.md",
    shows: "a call is tried again where nothing happened, or twice is as good as once",
    prints: {
      "retries.ts": lines(
        "send_mail { to: 'ada' } attempts: 2 ok sent",
        "send_mail { to: 'ben' } attempts: 1 failed bad gateway (may have taken effect)",
        "send_once { to: 'cleo' } attempts: 2 ok sent",
        "send_mail { to: 'dan' } attempts: 2 ok sent",
      ),
    },
  },
  {
    page: "hedging.md",
    shows: "a call that hangs is joined by a second attempt",
    prints: {
      "hedging.ts": lines(
        "attempt 2 of b1.2 hedge",
        "ok pages on tea attempts: 1 in time",
        "ok pages on milk attempts: 2 in time",
        "ok pages on rye attempts: 1 in time",
        "attempt 1 of b1.2 stopped",
      ),
    },
  },
  {
    page: "analyze.md",
    shows: "two turns with a call each could have been one",
    prints: {
      "analyze.ts": "anthropic-messages: 1 calls per turn, could be 2\nhistory.json certain 1 + 2\n",
    },
  },
  {
    page: "sharing.md",
    shows: "identical calls run once, until something writes what they read",
    prints: {
      "sharing.ts": lines(
        "fetching the plan",
        "fetching the plan",
        "b1.1 get_plan basic attempts: 1",
        "b2.1 get_plan basic attempts: 0",
        "b3.1 get_plan basic attempts: 0",
        "b3.2 upgrade upgraded attempts: 1",
        "b3.3 get_plan business attempts: 1",
      ),
    },
  },
  {
    page: "gathering.md",
    shows: "calls of one tool go to the back-end as one, and fail one by one",
    prints: {
      "gathering.ts": lines(
        "GET /users?ids=u1,u2,u3,u4",
        "b1.1 ok Ada",
        "b1.2 ok Ben",
        "b1.3 failed there is no user u3",
        "b1.4 ok Dee",
      ),
    },
  },
  {
    page: "references.md",
    shows: "a call takes what another one of its turn returns, and is skipped if that fails",
    prints: {
      "references.ts": lines(
        "find_customer ok { id: 1234, address: { city: 'Wien' } }",
        "get_weather ok sun in Wien",
        "get_orders ok [ 'O-1235' ]",
        "find_customer failed there is no Bob",
        "get_weather skipped not executed: it depends on call 1 (find_customer), which did not succeed",
        "get_orders skipped not executed: it depends on call 1 (find_customer), which did not succeed",
      ),
    },
  },
  {
    page: "plans.md",
    shows: "a graph of calls runs as one, and each is answered",
    prints: {
      "plan.ts": lines(
        '{"id":"who","tool":"find_user","status":"ok","output":{"id":15,"team":"kitchen"}}',
        '{"id":"orders","tool":"list_orders","status":"ok","output":["O-15","O-16"]}',
        '{"id":"cancel","tool":"cancel_order","status":"failed","error":{"code":"tool-error","message":"O-15 has left the kitchen","retryable":false,"mayHaveTakenEffect":true}}',
        '{"id":"mail","tool":"send_mail","status":"skipped","error":{"code":"dependency-failed","message":"not executed: it depends on \\"cancel\\" (cancel_order), which did not succeed","retryable":false,"mayHaveTakenEffect":false}}',
      ),
    },
  },
  {
    page: "approval.md",
    shows: "some calls are asked about, and a turn that is resumed elsewhere does nothing twice (case J72)",
    prints: {
      "approval.ts": lines(
        "started b1.2",
        "asked about { path: 'draft.md' } one of 2",
        "asked about { path: 'thesis.md' } one of 2",
        "started b1.1 approval",
        "b1.1 ok removed draft.md",
        "b1.2 ok removed tmp/1",
        "b1.3 denied not executed: the user denied it",
      ),
      "resume.ts": lines(
        "charging O-9131",
        "call_charge ok { charged: 'O-9131' }",
        "call_ship denied not executed: cancelled by the user, before it was approved",
        "call_charge ok { charged: 'O-9131' }",
        "call_ship ok shipped O-9131",
      ),
    },
  },
  {
    page: "result-budgets.md",
    shows: "what is cut to a budget is found and read with read_result",
    prints: {
      "result-budget.ts": new RegExp(
        [
          /^\[\{"id":0,.*"\[Left out\]"\}\]\n\[cut: 335 of 128,891 characters shown; call read_result .*\]\n\n/,
          /111256: ".*Wien.*"\n\[1 of 1 matches from offset 0 on\]\n\n/,
          /\{"id":4321,"city":"Graz"\},\n\[characters 111237 to 111263 of 128891; .*\]\n+$/,
        ]
          .map(({ source }) => source)
          .join(""),
      ),
    },
  },
];

for (const { page, shows, prints, modules = [] } of PAGES) {
  test(`${page}: ${shows}`, async () => {
    const text = await readFile(new URL(`docs/${page}`, root), "utf8");
    const printed = blocksOf(text, "");
    for (const [name, expected] of Object.entries(prints)) {
      const output = (await run(name)).replace(/ +$/gm, "");
      assert.ok(matches(output, expected), `${name} prints what it should not:\n${output}`);
      assert.ok(
        printed.some((block) => matches(block, expected)),
        `${page} does not show what ${name} prints`,
      );
      assert.ok(text.includes(`examples/${name}`), `${page} does not name ${name}`);
    }
    const code = await Promise.all([...Object.keys(prints), ...modules].map(readExample));
    for (const block of blocksOf(text, "ts"))
      assert.ok(
        code.some((example) => example.includes(block.trim())),
        `no example holds:\n${block}`,
      );
    assert.equal(printed.length, Object.keys(prints).length, `${page} shows what no example prints`);
  });
}

test("every page with an example is held to it", async () => {
  const pages = (await readdir(new URL("docs/", root))).filter((name) => name.endsWith(".md"));
  const texts = await Promise.all(pages.map((page) => readFile(new URL(`docs/${page}`, root), "utf8")));
  const withCode = pages.filter((_, i) => blocksOf(texts[i] as string, "ts").length > 0);
  const held = PAGES.map(({ page }) => page);
  assert.deepEqual(
    withCode.filter((page) => !held.includes(page)),
    [],
  );
});

test("under pressure: a back-end that bears four at once answers thirty calls", async () => {
  const [, ok, requests] = /^(\d+) ok, (\d+) requests\n$/.exec(await run("under-pressure.ts")) ?? [];
  assert.equal(ok, "30");
  // 20 orders, and what was refused or hedged.
  assert.ok(Number(requests) >= 21 && Number(requests) <= 30, `${requests} requests`);
});

test("the README shows the examples as they are", async () => {
  const readme = await readFile(new URL("README.md", root), "utf8");
  const blocks = blocksOf(readme, "ts");
  assert.ok(blocks.length >= 2);
  const names = ["own-loop.ts", "own-loop-openai.ts", "edits.ts", "agent.ts", "any-provider.ts", "tools.ts"];
  const examples = await Promise.all([...names, "under-pressure.ts"].map(readExample));
  for (const block of blocks) {
    assert.ok(
      examples.some((example) => example.includes(block.trim())),
      `no example holds this block of the README:\n${block}`,
    );
  }
});
