/** References between the calls of a turn: what they stand for, what waits, and what is said of those that lead nowhere. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  createExecutor,
  defineTool,
  type Footprint,
  type Outcome,
  type ReferenceMode,
} from "../../src/index.ts";
import { fileResource } from "../../src/files.ts";
import { deferred, VirtualClock } from "../../src/testing.ts";
import { brief, schemaOf, Stage, touch } from "../support/stage.ts";

const anything = { type: "object" };

/** An executor whose `say` returns its input's `value`, whose `show` returns its input, whose `hold` waits for a promise. */
function setUp(references: ReferenceMode | boolean = true, output?: unknown) {
  const gates = new Map<string, ReturnType<typeof deferred<void>>>();
  const started: string[] = [];
  const gate = (name: string) => {
    const found = gates.get(name) ?? deferred<void>();
    gates.set(name, found);
    return found;
  };
  const executor = createExecutor({
    references: references === "exact" ? true : references,
    clock: new VirtualClock(),
    tools: [
      defineTool({
        name: "say",
        description: "says",
        input: anything,
        effects: "none",
        execute: ({ value }) => (output === undefined ? value : output),
      }),
      defineTool({
        name: "show",
        description: "shows",
        input: anything,
        effects: "none",
        execute: (input) => input,
      }),
      defineTool({
        name: "hold",
        description: "holds",
        input: anything,
        effects: ({ reads, writes }) => ({ reads, writes }) as Footprint,
        execute: async ({ name, value, fail }) => {
          started.push(name as string);
          await gate(name as string).promise;
          if (fail !== undefined) throw new Error(fail as string);
          return value;
        },
      }),
      defineTool({
        name: "typed",
        description: "takes a number",
        input: { type: "object", properties: { n: { type: "number" } }, required: ["n"] },
        effects: "none",
        execute: ({ n }) => n,
      }),
    ],
  });
  return { executor, gate, started };
}

const say = (value: unknown) => ({ name: "say", input: { value } });
const show = (of: unknown) => ({ name: "show", input: { of } });

/** What `show` was shown. */
function shown(outcome: Outcome | undefined): unknown {
  assert.ok(outcome?.status === "ok", outcome?.error?.message);
  return (outcome.output as { of: unknown }).of;
}

function errorOf(outcome: Outcome | undefined): { code: string; message: string } {
  assert.ok(outcome?.error, `it ended ${outcome?.status}`);
  const { code, message } = outcome.error;
  return { code, message };
}

async function shows(value: unknown, of: unknown, mode: ReferenceMode = "exact"): Promise<unknown> {
  return shown((await setUp(mode).executor.run([say(value), show(of)]))[1]);
}

describe("a reference", () => {
  const cases: [what: string, value: unknown, reference: string, expected: unknown][] = [
    ["a number stays a number", { n: 3 }, "$1.n", 3],
    ["a boolean stays one", { yes: false }, "$1.yes", false],
    ["null is a value", { nothing: null }, "$1.nothing", null],
    ["a text of digits stays a text", { id: "007" }, "$1.id", "007"],
    ["an object goes as a whole", { city: { name: "Bonn" } }, "$1.city", { name: "Bonn" }],
    ["the whole output", [1, 2], "$1", [1, 2]],
    ["an item of a list, by dot", { list: ["a", "b"] }, "$1.list.1", "b"],
    ["an item of a list, by bracket", { list: [{ id: 5 }] }, "$1.list[0].id", 5],
    ["any key in quotes", { "a b.c": 1 }, '$1["a b.c"]', 1],
    ["a key of another script", { größe: 2 }, "$1.größe", 2],
    ["a text that is JSON is looked into", '{"city":{"name":"Bonn"}}', "$1.city.name", "Bonn"],
    ["a key of a Map", new Map([["k", 1]]), "$1.k", 1],
    ["a BigInt keeps its digits", { id: 2n ** 63n }, "$1.id", 2n ** 63n],
    ["bytes stay bytes", { bytes: Buffer.from("hi") }, "$1.bytes", Buffer.from("hi")],
    ["a byte", { bytes: Buffer.from("hi") }, "$1.bytes[1]", 105],
    ["a buffer stays one", new ArrayBuffer(2), "$1", new ArrayBuffer(2)],
    ["a Date is its text", { at: new Date(0) }, "$1.at", "1970-01-01T00:00:00.000Z"],
    [
      "a key called __proto__",
      JSON.parse('{"__proto__":{"a":1}}'),
      "$1",
      JSON.parse('{"__proto__":{"a":1}}'),
    ],
  ];
  for (const [what, value, reference, expected] of cases) {
    test(`is the value it names: ${what}`, async () => {
      assert.deepEqual(await shows(value, reference), expected);
    });
  }

  test("is a copy: who gets it may change it", async () => {
    const value = { list: [1] };
    const copied = await shows(value, "$1.list");
    assert.notEqual(copied, value.list);
  });

  test("may stand anywhere in an input, and often", async () => {
    const { executor } = setUp();
    const outcomes = await executor.run([say(1), say("b"), show({ deep: [["$1", { x: "$2" }], "$1"] })]);
    assert.deepEqual(shown(outcomes[2]), { deep: [[1, { x: "b" }], 1] });
  });

  test("may write the number of a call in several ways", async () => {
    const { executor, gate } = setUp();
    const held = { name: "hold", input: { name: "a", value: 1 } };
    const running = executor.run([held, show(["$1", "$01", "$1"])]);
    gate("a").resolve();
    assert.deepEqual(shown((await running)[1]), [1, 1, 1]);
  });

  test("may name a later call, which then comes first", async () => {
    const { executor } = setUp();
    const outcomes = await executor.run([show("$2.a"), say({ a: 1 })]);
    assert.equal(shown(outcomes[0]), 1);
  });

  test("is resolved before the input is checked", async () => {
    const { executor } = setUp();
    const typed = (n: unknown) => ({ name: "typed", input: { n } });
    const outcomes = await executor.run([say(4), say("four"), typed("$1"), typed("$2")]);
    assert.equal(outcomes[2]?.output, 4);
    assert.equal(errorOf(outcomes[3]).code, "invalid-input");
  });

  test("shows in the outcome as what it stood for", async () => {
    const { executor } = setUp();
    const outcomes = await executor.run([say(4), show("$1")]);
    assert.deepEqual(outcomes[1]?.call.input, { of: 4 });
  });

  test("is a text like any other where references are off", async () => {
    const { executor } = setUp(false);
    assert.equal(shown((await executor.run([say(1), show("$1")]))[1]), "$1");
  });

  test("G1: is looked for in any input: one that throws, holds itself, or holds one value often", async () => {
    const { executor } = setUp();
    const itself: Record<string, unknown> = { of: "$1" };
    itself["a"] = itself["b"] = { itself };
    let often: object = { of: "$1" };
    for (let i = 0; i < 50; i++) often = { a: often, b: often };
    const bad = {
      get of(): unknown {
        throw new Error("no luck");
      },
    };
    const outcomes = await executor.run([
      say(5),
      ...[itself, often, bad].map((input) => ({ name: "typed", input: { n: 1, input } })),
    ]);
    assert.deepEqual(
      outcomes.map(({ status, error }) => error?.code ?? status),
      ["ok", "ok", "ok", "invalid-input"],
    );
    assert.match(errorOf(outcomes[3]).message, /no luck/);
  });

  test("takes a value that is held often as often", async () => {
    let often: object = { n: 1 };
    for (let i = 0; i < 50; i++) often = { a: often, b: often };
    const { executor } = setUp(true, often);
    assert.deepEqual(Object.keys(shown((await executor.run([say(0), show("$1")]))[1]) as object), ["a", "b"]);
  });

  test("is never read in what a tool returned", async () => {
    for (const mode of ["exact", "template"] as const) {
      const { executor } = setUp(mode, { text: "$1.secret", list: ["$1", "is $1"], secret: 1 });
      const outcomes = await executor.run([say(0), show("$1.text"), show("$1.list"), show("$2.of")]);
      const [, ...showing] = outcomes.map((outcome) => outcome);
      assert.deepEqual(showing.map(shown), ["$1.secret", ["$1", "is $1"], "$1.secret"]);
    }
  });

  test("is not read in the calls that a tool makes inside", async () => {
    const executor = createExecutor({
      references: "template",
      tools: [
        defineTool({
          name: "outer",
          description: "makes a call",
          input: anything,
          effects: "none",
          execute: (_, { run }) => run([say("$1"), say("is $1")].map((call) => ({ ...call, name: "echo" }))),
        }),
        defineTool({
          name: "echo",
          description: "echoes",
          input: anything,
          effects: "none",
          execute: (i) => i,
        }),
      ],
    });
    const [outcome] = await executor.run([{ name: "outer" }]);
    const inside = outcome?.output as Outcome[];
    assert.deepEqual(
      inside.map(({ output }) => output),
      [{ value: "$1" }, { value: "is $1" }],
    );
  });
});

describe("a text that is no reference", () => {
  for (const text of [
    "$",
    "$x",
    "$ 1",
    "$1 off",
    "costs $1",
    "$1.",
    "$1..a",
    "$1.a b",
    "US$1",
    "$$",
    "$-1",
    "$1.00/month",
  ]) {
    test(`stays as it is: ${JSON.stringify(text)}`, async () => {
      assert.equal(await shows(1, text), text);
    });
  }

  test("is written with two dollars where it looks like one", async () => {
    assert.equal(await shows(1, "$$1"), "$1");
    assert.equal(await shows(1, "$$2.50"), "$2.50");
    assert.equal(await shows(1, "$$$1"), "$$$1");
    assert.equal(await shows(1, "for $$1 it is $1", "template"), "for $1 it is 1");
  });
});

describe("a template", () => {
  test("has values in a longer text, as texts", async () => {
    const value = { city: "Bonn", n: 3, o: { a: 1 }, list: [1], big: { n: 5n } };
    const text = "weather in $1.city, $1.n days, $1.o, $1.list, $1.big, $1.big.n.";
    const shown = 'weather in Bonn, 3 days, {"a":1}, [1], {"n":"5"}, 5.';
    assert.equal(await shows(value, text, "template"), shown);
  });

  test("that is but one reference keeps the type of the value", async () => {
    assert.equal(await shows({ n: 3 }, "$1.n", "template"), 3);
  });

  test("is not read unless asked for", async () => {
    assert.equal(await shows({ city: "Bonn" }, "weather in $1.city"), "weather in $1.city");
  });
});

describe("a reference that leads nowhere fails its call alone, and says why", () => {
  const cases: [what: string, of: unknown, output: unknown, message: RegExp][] = [
    [
      "no such call",
      "$7.a",
      1,
      /"\$7\.a" refers to call 7, and there are 2 calls; if the text itself.* "\$\$7\.a"/,
    ],
    ["call 0", "$0", 1, /refers to call 0/],
    ["its own call", "$2.x", 1, /refers to the call that it stands in/],
    ["no such key", "$1.town", { city: 1, pop: 2 }, /no `town` in the output, which has city, pop/],
    ["no such key further down", "$1.a.b", { a: {} }, /no `b` in `a` of the output, which has no keys/],
    ["beyond a list", "$1[3]", [1], /which is a list of 1/],
    ["beyond a Set", "$1[3]", new Set([1]), /which is a list of 1/],
    ["into a number", "$1.a", 5, /which is a number/],
    ["what every object inherits", "$1.constructor", {}, /no `constructor`/],
    ["the length of a list", "$1.length", [1], /no `length`/],
    ["a value that holds itself", "$1", circular(), /holds itself/],
    [
      "a getter that throws",
      "$1.a.b",
      {
        get a() {
          throw new Error("boom");
        },
      },
      /boom/,
    ],
  ];
  for (const [what, of, output, message] of cases) {
    test(what, async () => {
      const { executor } = setUp(true, output);
      const [first, second] = await executor.run([say(undefined), show(of)]);
      assert.equal(first?.status, "ok");
      assert.equal(errorOf(second).code, "invalid-reference");
      assert.match(errorOf(second).message, message);
    });
  }

  test("an empty output", async () => {
    const { executor } = setUp();
    assert.match(errorOf((await executor.run([say(undefined), show("$1")]))[1]).message, /is empty/);
  });

  test("round a circle: each call on it fails, one behind it is skipped, others run", async () => {
    const { executor } = setUp();
    const outcomes = await executor.run([show("$2"), show("$3"), show("$2"), show("$1"), show("fine")]);
    assert.deepEqual(
      outcomes.map(({ error }) => error?.code),
      ["dependency-failed", "invalid-reference", "invalid-reference", "dependency-failed", undefined],
    );
    assert.match(errorOf(outcomes[1]).message, /circle: (2 → 3 → 2|3 → 2 → 3)/);
  });
});

describe("a call that refers to others", () => {
  test("starts when they are done, and not when all others are", async () => {
    const { executor, gate, started } = setUp();
    const hold = (name: string, value: unknown) => ({ name: "hold", input: { name, value } });
    const running = executor.run([hold("a", "b2"), hold("slow", 1), hold("$1", 2)]);
    await settle();
    assert.deepEqual(started, ["a", "slow"]);
    gate("a").resolve();
    await settle();
    assert.deepEqual(started, ["a", "slow", "b2"]);
    for (const name of ["slow", "b2"]) gate(name).resolve();
    assert.equal(
      (await running).every(({ status }) => status === "ok"),
      true,
    );
  });

  test("is skipped when one of them failed, and names it", async () => {
    const { executor, gate } = setUp();
    const running = executor.run([
      { name: "hold", input: { name: "a", fail: "no luck" } },
      show("$1.x"),
      show("$2"),
    ]);
    gate("a").resolve();
    const outcomes = await running;
    assert.equal(outcomes[1]?.status, "skipped");
    assert.match(errorOf(outcomes[1]).message, /depends on call 1 \(hold\), which did not succeed/);
    assert.match(errorOf(outcomes[2]).message, /depends on call 2 \(show\)/);
  });

  test("leaves no failed write when it is skipped: what it would have written is not known", async () => {
    const { executor, gate, started } = setUp("template");
    const hold = (input: object) => ({ name: "hold", input });
    const running = executor.run([
      hold({ name: "a", fail: "no luck" }),
      hold({ name: "b", writes: ["x/$1"] }),
      hold({ name: "c", writes: ["x/9"] }),
    ]);
    for (const name of ["a", "c"]) gate(name).resolve();
    const outcomes = await running;
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["failed", "skipped", "ok"],
    );
    assert.deepEqual(started, ["a", "c"]);
  });

  test("starts while the model still streams, once those are done", async () => {
    const { executor } = setUp();
    const batch = executor.open();
    batch.add(say({ a: 1 }));
    batch.add(show("$1.a"));
    await settle();
    batch.add(show("$2.of"));
    await settle();
    assert.equal(executor.stats.running, 0);
    const outcomes = await batch.close();
    assert.deepEqual(outcomes.slice(1).map(shown), [1, 1]);
    assert.deepEqual(
      outcomes.map(({ queuedMs }) => queuedMs),
      [0, 0, 0],
    );
  });

  test("tells what it waited for", async () => {
    const clock = new VirtualClock();
    const waits: unknown[] = [];
    const executor = createExecutor({
      references: true,
      clock,
      tools: [
        defineTool({
          name: "sleep",
          description: "sleeps",
          input: anything,
          effects: "none",
          execute: ({ ms }) => clock.sleep(ms as number).then(() => ms),
        }),
      ],
      onEvent: (event) => event.type === "call.started" && waits.push(event.waits),
    });
    const running = executor.run([10, "$1"].map((ms) => ({ name: "sleep", input: { ms } })));
    await clock.runAll();
    await running;
    assert.deepEqual(waits, [[], [{ for: "call", call: "b1.1", ms: 10 }]]);
  });
});

describe("what a call touches whose input is not whole", () => {
  /** Which of the calls have started before any is done. */
  async function startedAtOnce(
    ...inputs: { name: string; reads?: string[]; writes?: string[]; value?: unknown }[]
  ) {
    const { executor, gate, started } = setUp("template");
    const running = executor.run(inputs.map((input) => ({ name: "hold", input })));
    await settle();
    const first = [...started];
    for (const { name } of inputs) gate(name).resolve();
    const outcomes = await running;
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      inputs.map(() => "ok"),
      JSON.stringify(outcomes),
    );
    return first;
  }

  test("G3: is all that it may be, so that no later call overtakes it", async () => {
    const first = await startedAtOnce(
      { name: "a", value: "7" },
      { name: "b", writes: ["customer/$1/address"] },
      { name: "c", reads: ["customer/7"] },
      { name: "d", reads: ["order/7"] },
    );
    assert.deepEqual(first, ["a", "d"]);
  });

  test("G3: of a path that may be absolute is every file", async () => {
    const clock = new VirtualClock();
    const started: string[] = [];
    const executor = createExecutor({
      references: true,
      clock,
      tools: ["read", "write"].map((name) =>
        defineTool({
          name,
          description: name,
          input: anything,
          effects: ({ path }) =>
            ({ [`${name}s`]: [fileResource(path as string, { cwd: "/home" })] }) as Footprint,
          execute: async ({ path }) => {
            started.push(`${name} ${path as string}`);
            await clock.sleep(5);
            return "/etc/hosts";
          },
        }),
      ),
    });
    const running = executor.run(
      [
        ["read", "a"],
        ["write", "$1"],
        ["read", "/etc/hosts"],
      ].map(([name, path]) => ({ name: name as string, input: { path } })),
    );
    await clock.runAll();
    assert.ok((await running).every(({ status }) => status === "ok"));
    assert.deepEqual(started, ["read a", "write /etc/hosts", "read /etc/hosts"]);
  });

  test("G3: is everything where it cannot be told", async () => {
    const first = await startedAtOnce(
      { name: "a", value: ["x"] },
      { name: "b", writes: "$1" as never },
      { name: "c", reads: ["y"] },
    );
    assert.deepEqual(first, ["a"]);
  });

  test("is told by what the tool's check makes of the input, and by what a value may be", async () => {
    const effects: readonly (readonly [
      value: unknown,
      (input: { of: never; tenant: string }) => Footprint,
    ])[] = [
      [{ id: 1 }, ({ of }) => ({ writes: [`customer/${(of as { id: string }).id}`] })],
      [4, ({ of }) => ({ writes: [`row/${of - 1}`] })],
      ["abcd", ({ of }) => ({ writes: [`shard/${String(of).slice(0, 2)}`] })],
      [["a", "b"], ({ of }) => ({ writes: [...(of as string[])].map((id) => ["customer", id]) })],
      [1, ({ of, tenant }) => ({ writes: [`${tenant}/${String(of)}`] })],
    ];
    for (const [value, of] of effects) {
      const validate = (input: object) => ({ value: { tenant: "main", ...input } });
      const executor = createExecutor({
        references: true,
        tools: [
          defineTool({
            name: "act",
            description: "acts",
            input: { "~standard": { version: 1, vendor: "test", validate } } as never,
            inputJsonSchema: anything,
            effects: of as never,
            execute: () => value,
          }),
        ],
      });
      const call = (input: object) => ({ name: "act", input });
      const [, second] = await executor.run([call({ of: value }), call({ of: "$1" })]);
      assert.equal(second?.status, "ok", second?.error?.message);
    }
  });

  test("G3: that leads elsewhere than could be told fails the call, which never runs", async () => {
    const { executor, started } = setUp("template");
    const [, second] = await executor.run([
      say("../b"),
      { name: "hold", input: { name: "x", writes: ["a/$1/c"] } },
    ]);
    assert.equal(errorOf(second).code, "invalid-effects");
    assert.match(errorOf(second).message, /it writes b\/c, which could not be told before/);
    assert.deepEqual(started, []);
  });

  test("is known of one whose outcome is: a write behind a failed one is skipped", async () => {
    const { executor, gate } = setUp();
    for (const name of ["w", "again"]) gate(name).resolve();
    const calls = [
      say("x"),
      { name: "hold", input: { name: "w", writes: ["$1"], fail: "no luck" } },
      { name: "hold", input: { name: "again", writes: ["x"] } },
    ];
    const [found, failed] = await executor.run(calls);
    const known = [{ ...calls[0]!, outcome: found! }, { ...calls[1]!, outcome: failed! }, calls[2]!];
    assert.equal(errorOf((await executor.run(known))[2]).code, "dependency-failed");
  });

  test("G5: is narrowed as soon as it is known", async () => {
    const { executor, gate, started } = setUp();
    const hold = (input: object) => ({ name: "hold", input });
    const running = executor.run([
      hold({ name: "a", value: "x" }),
      hold({ name: "b", writes: ["$1"] }),
      hold({ name: "c", writes: ["y"] }),
      hold({ name: "d", writes: ["x"] }),
    ]);
    await settle();
    assert.deepEqual(started, ["a"]);
    gate("a").resolve();
    await settle();
    assert.deepEqual(started, ["a", "b", "c"]);
    for (const name of ["b", "c", "d"]) gate(name).resolve();
    assert.equal(
      (await running).every(({ status }) => status === "ok"),
      true,
    );
  });
});

function circular(): object {
  const value: Record<string, unknown> = {};
  value["self"] = value;
  return value;
}

async function settle(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}

test("G4: a call whose input is made whole counts against the pools of its tool", async () => {
  const stage = new Stage();
  const pooled = stage.tool("pooled", { effects: "none", pools: ["p"] });
  const executor = stage.executor({
    tools: [stage.tool("touch"), pooled],
    pools: { p: { concurrency: 1 } },
    references: true,
  });
  const of = (as: string) => ({ name: "pooled", input: { as, value: "$1" } });
  const running = executor.run([touch("first"), of("second"), of("third")]);
  await stage.settle();
  await stage.finish("first");
  assert.deepEqual(stage.started, ["first", "second"]);
  await stage.finish("second");
  await stage.finish("third");
  await running;
});

test("the time for the check of an input that was made whole is over with the check", async () => {
  const stage = new Stage();
  const input = schemaOf(async (value) => {
    await stage.clock.sleep(5);
    return { value };
  });
  const checked = stage.tool("checked", { input, effects: "none", timeoutMs: 10 });
  const executor = stage.executor({ tools: [stage.tool("touch"), checked], references: true });
  const running = executor.run([touch("first"), { name: "checked", input: { as: "checked", value: "$1" } }]);
  await stage.settle();
  await stage.finish("first");
  await stage.clock.advance(5);
  assert.deepEqual(stage.waits("checked"), [{ for: "validation", ms: 5 }]);
  await stage.clock.advance(9);
  await stage.finish("checked");
  assert.deepEqual(brief(await running), ["first done", "checked done"]);
});
