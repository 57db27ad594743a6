/** What `checkEffects` takes, how it runs what it is given, and what it refuses. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defineTool, planTool, type Effects, type Tool, type ToolContext } from "../../src/index.ts";
import { checkEffects, type EffectsSamples } from "../../src/testing.ts";
import { bankTool, makeAccounts, type Accounts } from "../support/bank.ts";
import { schemaOf } from "../support/stage.ts";

interface Odd {
  readonly name?: string;
  readonly effects?: Effects<Record<string, unknown>>;
  readonly [more: string]: unknown;
}

function odd(
  execute: (input: Record<string, unknown>, context: ToolContext) => unknown,
  more: Odd = {},
): Tool {
  const facts = {
    name: "odd",
    description: "odd",
    input: { type: "object" } as const,
    effects: "read" as const,
  };
  return defineTool({ ...facts, ...more, execute });
}

describe("trials", () => {
  test("tools that share a state of their own have it set back by `makeState`", async () => {
    const files = new Map<string, string>();
    const write = odd(({ path, text }) => void files.set(path as string, text as string), {
      effects: ({ path }) => ({ writes: [path as string] }),
    });
    const report = await checkEffects(
      write,
      [
        { path: "a", text: "1" },
        { path: "b", text: "2" },
      ],
      {
        makeState: async () => {
          await Promise.resolve();
          files.clear();
        },
        snapshot: async () => {
          await Promise.resolve();
          return Object.fromEntries(files);
        },
      },
    );
    assert.equal(String(report), "3 pairs of calls, from 3 states: nothing found");
  });

  test("what has to do with load and with people is off: each call runs, once", async () => {
    let runs = 0;
    const tool = odd(
      () => {
        runs++;
        throw Object.assign(new Error("busy"), { status: 429 });
      },
      {
        after: ["another"],
        pools: ["of the executor"],
        needsApproval: true,
        idempotent: true,
        retry: true,
        share: { ttlMs: 1000 },
        hedge: { afterMs: 1 },
      },
    );
    const report = await checkEffects(tool, [{}], { makeState: () => ({}), callsBefore: 0 });
    assert.equal(String(report), "1 pair of calls, from 1 state: nothing found");
    // Alone, and alone again; two in turn, and two at once.
    assert.equal(runs, 6);
  });

  test("an output that is a part of the state is taken as it was returned", async () => {
    const tools = (lines: string[]) => [
      odd(() => lines, { name: "list", effects: () => ({ reads: ["log"] }) }),
      odd(() => void lines.push("x"), { name: "add", effects: () => ({ commutes: ["log"] }) }),
    ];
    const report = await checkEffects(tools, { list: [{}], add: [{}] }, () => [] as string[]);
    assert.deepEqual([report.tooWeak, report.tooStrong], [[], []]);
  });

  test("a tool that changes its input changes no sample, and a sample that is there twice is one", async () => {
    const sample = { path: "a", deep: { n: 1 } };
    const tool = odd((input) => {
      (input["deep"] as { n: number }).n++;
      return delete input["path"];
    });
    const report = await checkEffects(tool, [sample, { deep: { n: 1 }, path: "a" }], () => ({}));
    assert.deepEqual(sample, { path: "a", deep: { n: 1 } });
    assert.equal(report.pairs, 1);
  });

  test("effects are those of the validated input, and validators may be asynchronous", async () => {
    const input = schemaOf(async (value) => ({ value: { id: "by default", ...(value as object) } }));
    const tool = odd(() => "", { input, effects: ({ id }) => ({ commutes: [id as string] }) });
    const { tooStrong } = await checkEffects(tool, [{}], () => ({}));
    assert.match(tooStrong[0]?.message as string, /Declared: commutes by default$/);
  });

  test("calls inside a call, and tools that gather, run as ever", async () => {
    const tools = (accounts: Accounts) => [
      bankTool("balance", accounts),
      odd(async (_, { run }) => (await run([{ name: "balance", input: { id: "a" } }]))[0]?.output, {
        name: "through",
      }),
      defineTool({
        name: "many",
        description: "many",
        input: { type: "object" },
        effects: "none",
        gather: { maxSize: 9, execute: (inputs) => inputs.map(() => accounts.get("a")) },
      }),
      bankTool("deposit", accounts),
    ];
    const samples = { balance: [], through: [{}], many: [{}], deposit: [{ id: "a" }] };
    const { tooWeak } = await checkEffects(tools, samples, makeAccounts);
    assert.deepEqual(
      tooWeak.map(({ calls }) => calls.map(({ name }) => name)),
      [["many", "deposit"]],
    );
  });
});

describe("misuse", () => {
  const bank = (accounts: Accounts) => [bankTool("balance", accounts), bankTool("deposit", accounts)];
  const refuses = (what: string, run: () => Promise<unknown>, message: RegExp) => {
    test(`${what} is refused`, () => assert.rejects(run, { name: "TypeError", message }));
  };

  const SAMPLES: readonly (readonly [string, unknown, RegExp])[] = [
    [
      "an input that its tool does not accept",
      { balance: [{ name: "a" }], deposit: [] },
      /^the sample balance \{"name":"a"\} is no valid input: .*id/,
    ],
    [
      "effects that throw",
      { balance: [{ id: "" }], deposit: [] },
      /^the effects of the sample balance \{"id":""\} are unknown: .*non-empty/,
    ],
    [
      "a tool that is forgotten",
      { balance: [] },
      /`samples` must have a list of inputs for `deposit`, be it empty, got undefined/,
    ],
    [
      "a tool that there is not",
      { balance: [], deposit: [], balanec: [] },
      /inputs for `balanec`, and there is no such tool/,
    ],
    ["one list for two tools", [{ id: "a" }], /lists by the names of the tools/],
    ["no sample at all", { balance: [], deposit: [] }, /must hold an input/],
    ["samples of another kind", "balance", /must be an array or an object, got "balance"/],
  ];
  for (const [what, samples, message] of SAMPLES)
    refuses(what, () => checkEffects(bank, samples as EffectsSamples, makeAccounts), message);

  const samples = { balance: [{ id: "a" }], deposit: [{ id: "a" }] };
  const given = (options: unknown) => () => checkEffects(bank, samples, options as typeof makeAccounts);
  refuses(
    "an option that there is not",
    given({ makeState: makeAccounts, depth: 1 }),
    /has no option `depth`/,
  );
  refuses(
    "a state in place of `makeState`",
    given({ makeState: makeAccounts() }),
    /`makeState` must be a function/,
  );
  refuses(
    "a number of calls that is none",
    given({ makeState: makeAccounts, callsBefore: -1 }),
    /`callsBefore` must be .* got -1/,
  );

  refuses("no `makeState`", given(undefined), /must have a function that makes the state/);
  refuses(
    "a list of calls as a sample",
    () => checkEffects(planTool(), [{ calls: [] }], makeAccounts),
    /^the sample plan \{"calls":\[\]\} is a list of calls/,
  );
  for (const tools of ["balance", () => undefined, [{}]] as never[]) {
    refuses(
      `tools that are none (${JSON.stringify(tools)})`,
      () => checkEffects(tools, [{}], makeAccounts),
      /`tools` must be tools from defineTool, or a function that makes them, got/,
    );
  }

  class Counter {
    #count = 0;
    next() {
      return ++this.#count;
    }
  }
  const next = (counter: Counter) => odd(() => counter.next(), { effects: "write" });
  refuses(
    "a state with private parts",
    () => checkEffects(next, [{}], () => new Counter()),
    /^the state holds a Counter, whose content cannot be compared: give `snapshot`/,
  );
  refuses(
    "a state of functions",
    () =>
      checkEffects(
        odd(() => 1),
        [{}],
        () => ({ next: () => 1 }),
      ),
    /^the state holds a function/,
  );
  refuses(
    "a state that is not returned",
    () =>
      checkEffects(
        odd(() => 1),
        [{}],
        () => {},
      ),
    /`makeState` must return the state/,
  );

  let last = 0;
  refuses(
    "a tool that does something else each time",
    () =>
      checkEffects(
        odd(() => ++last),
        [{}],
        () => ({}),
      ),
    /^odd \{\} does not always do the same: from the same state it returned 1, then it returned 2; what comes from elsewhere/,
  );
  refuses(
    "a tool that leaves something else each time",
    () =>
      checkEffects(
        (state: { n: number }) => odd(() => void (state.n = ++last)),
        [{}],
        () => ({ n: 0 }),
      ),
    /^odd \{\} does not always do the same: from the same state it left \{"n":\d+\}, then it left/,
  );
  refuses(
    "a state that is never the same",
    () =>
      checkEffects(
        odd(() => 1),
        [{}],
        () => ({ n: ++last }),
      ),
    /^`makeState` must always make the same state: it made \{"n":\d+\}, then \{"n":\d+\}/,
  );
});
