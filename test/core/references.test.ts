/** References between the calls of a turn: what they stand for, and what is said of those that lead nowhere. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createExecutor, defineTool, type Outcome, type ReferenceMode } from "../../src/index.ts";
import { anything, errorOf, say, setUp, show, shown } from "../support/referring-calls.ts";

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

function circular(): object {
  const value: Record<string, unknown> = {};
  value["self"] = value;
  return value;
}
