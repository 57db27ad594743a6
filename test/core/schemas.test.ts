import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { defineTool, type JsonSchema, type Schema, type StandardSchema } from "../../src/index.ts";
import { brief, errorOf, schemaOf, Stage, touch } from "../support/stage.ts";

const ORDER_ZOD = z.object({
  item: z.string(),
  count: z.number().int().min(1),
  address: z.object({ zip: z.string().regex(/^\d{5}$/) }),
  tags: z.array(z.string()).optional(),
});

const ORDER_JSON: JsonSchema = {
  type: "object",
  properties: {
    item: { type: "string" },
    count: { type: "integer", minimum: 1 },
    address: {
      type: "object",
      properties: { zip: { type: "string", pattern: "^\\d{5}$" } },
      required: ["zip"],
    },
    tags: { type: "array", items: { type: "string" } },
  },
  required: ["item", "count", "address"],
};

async function check(schema: Schema, inputs: readonly unknown[]) {
  const stage = new Stage();
  const seen: unknown[] = [];
  const tool = stage.tool("order", { input: schema, effects: "none", execute: (input) => seen.push(input) });
  const outcomes = await stage
    .executor({ tools: [tool] })
    .run(inputs.map((input) => ({ name: "order", input })));
  return { outcomes, seen };
}

const GOOD = { item: "tea", count: 2, address: { zip: "10115" } };

/** What is wrong with an input, and what the message must speak of. */
const BAD: ReadonlyArray<readonly [unknown, readonly RegExp[]]> = [
  [{ ...GOOD, count: "two" }, [/count: .*(number|integer)/]],
  [{ ...GOOD, address: { zip: "1" } }, [/address\.zip: .*\^\\d\{5\}\$/]],
  [{ ...GOOD, tags: ["a", 7] }, [/tags\.1: .*string/]],
  [{ count: 0, address: GOOD.address }, [/item/, /count: .*1/]],
  ["text", [/object/]],
  [null, [/object/]],
  [[], [/object/]],
];

for (const [kind, schema] of [
  ["zod", ORDER_ZOD],
  ["JSON Schema", ORDER_JSON],
] as const) {
  test(`an input that ${kind} refuses is answered with each field and what was expected; the others run (case 58)`, async () => {
    const { outcomes, seen } = await check(schema, [GOOD, ...BAD.map(([input]) => input), GOOD]);
    assert.deepEqual(seen, [GOOD, GOOD]);
    for (const [i, [, patterns]] of BAD.entries()) {
      const error = errorOf(outcomes[i + 1]);
      assert.equal(error.code, "invalid-input");
      for (const pattern of patterns) assert.match(error.message, pattern);
      assert.doesNotMatch(error.message, /\n|undefined\b.*undefined/);
    }
  });
}

test("a JSON Schema's message names what is wrong, not every schema around it", async () => {
  const { outcomes } = await check(ORDER_JSON, [{ ...GOOD, address: { zip: 7 } }]);
  assert.doesNotMatch(errorOf(outcomes[0]).message, /does not match schema/);
});

test("a tool gets what the validator makes of the input: defaults, coercions, transforms", async () => {
  const schema = z.object({
    n: z.coerce.number().default(7),
    day: z.string().transform((text) => text.slice(0, 2)),
  });
  const { seen } = await check(schema, [{ day: "Monday" }, { n: "3", day: "Friday" }]);
  assert.deepEqual(seen, [
    { n: 7, day: "Mo" },
    { n: 3, day: "Fr" },
  ]);
});

test("an asynchronous validator is awaited, be its promise of another library", async () => {
  const thenable = (value: unknown) => ({
    // eslint-disable-next-line unicorn/no-thenable
    then: (resolve: (result: unknown) => void) => resolve({ value: { ...(value as object), checked: true } }),
  });
  const validators: readonly StandardSchema["~standard"]["validate"][] = [
    async (value) => ({ value: { ...(value as object), checked: true } }),
    thenable as unknown as StandardSchema["~standard"]["validate"],
  ];
  for (const validate of validators) {
    const { seen } = await check(schemaOf(validate), [{ n: 1 }]);
    assert.deepEqual(seen, [{ n: 1, checked: true }]);
  }
  const refuses = async () => ({ issues: [{ message: "no such customer", path: ["customer", { key: 0 }] }] });
  const { outcomes } = await check(schemaOf(refuses), [{}]);
  assert.equal(errorOf(outcomes[0]).message, "customer.0: no such customer");
});

test("G1, G2: a validator that throws, rejects or returns junk fails its call alone (case 18)", async () => {
  const bare = Object.create(null) as Error;
  const wrong: ReadonlyArray<readonly [() => unknown, RegExp]> = [
    [
      () => Promise.reject(new Error("the database is down")),
      /^the input could not be checked: the database is down$/,
    ],
    [() => Promise.reject(bare), /could not be checked/],
    [() => undefined, /could not be checked/],
    [() => ({ issues: 7 }), /could not be checked/],
    [() => ({ issues: [{ message: "no", path: [Symbol("key")] }] }), /^Symbol\(key\): no$/],
    [throwing(new Error("out of memory")), /could not be checked: out of memory/],
    [throwing(bare), /could not be checked/],
    [throwing(undefined), /^the input could not be checked: the check failed without a message$/],
  ];
  const stage = new Stage();
  const tools = wrong.map(([validate], i) =>
    stage.tool(`odd${i}`, {
      input: schemaOf(validate as StandardSchema["~standard"]["validate"]),
      effects: "none",
    }),
  );
  const running = stage
    .executor({ tools: [...tools, stage.tool("touch")] })
    .run([...tools.map(({ name }) => ({ name, input: {} })), touch("sibling")]);
  await stage.settle();
  await stage.finish("sibling");
  const outcomes = await running;
  assert.deepEqual(brief(outcomes), [...wrong.map(() => "invalid-input"), "sibling done"]);
  for (const [i, [, message]] of wrong.entries()) assert.match(errorOf(outcomes[i]).message, message);
});

function throwing(thrown: unknown) {
  return () => {
    throw thrown;
  };
}

test("G1: an output that does not match is `invalid-output`, however the validator fails", async () => {
  const validators: ReadonlyArray<readonly [Schema, RegExp]> = [
    [z.object({ n: z.number() }), /^the tool returned what it should not: n: /],
    [{ type: "object", properties: { n: { type: "number" } } }, /returned what it should not: n: /],
    [schemaOf(() => Promise.reject(new Error("late"))), /should not: late$/],
    [schemaOf(throwing(Object.create(null))), /should not: /],
    [schemaOf(throwing(undefined)), /should not: the check failed without a message$/],
  ];
  const stage = new Stage();
  const tools = validators.map(([output], i) =>
    stage.tool(`odd${i}`, { output, effects: "none", execute: () => ({ n: "one" }) }),
  );
  const outcomes = await stage.executor({ tools }).run(tools.map(({ name }) => ({ name, input: {} })));
  assert.deepEqual(
    brief(outcomes),
    validators.map(() => "invalid-output"),
  );
  for (const [i, [, message]] of validators.entries()) assert.match(errorOf(outcomes[i]).message, message);
});

test("an output that matches is what the validator makes of it", async () => {
  const stage = new Stage();
  const output = z.object({ n: z.number().default(7) });
  const tool = stage.tool("count", { output, effects: "none", execute: () => ({}) });
  const [outcome] = await stage.executor({ tools: [tool] }).run([{ name: "count" }]);
  assert.deepEqual(outcome?.output, { n: 7 });
});

function toolWith(input: unknown, inputJsonSchema?: JsonSchema) {
  return defineTool({
    name: "t",
    description: "d",
    input: input as Schema,
    inputJsonSchema,
    effects: "none",
    execute: () => {},
  });
}

test("a tool tells the provider its JSON Schema: zod's, one's own, or the one beside a validator", () => {
  const { inputSchema } = toolWith(ORDER_ZOD);
  assert.equal(inputSchema["$schema"], undefined);
  assert.equal(inputSchema["type"], "object");
  assert.deepEqual(inputSchema["required"], ["item", "count", "address"]);
  assert.deepEqual(toolWith(ORDER_JSON).inputSchema, ORDER_JSON);
  const silent = { "~standard": { version: 1, vendor: "silent", validate: (value: unknown) => ({ value }) } };
  assert.deepEqual(toolWith(silent, ORDER_JSON).inputSchema, ORDER_JSON);
});

test("a schema that cannot be used is a TypeError that says what to do", () => {
  const silent = { "~standard": { version: 1, vendor: "silent", validate: (value: unknown) => ({ value }) } };
  const wrong: ReadonlyArray<readonly [unknown, RegExp]> = [
    [
      silent,
      /`input`: this version of silent cannot say its JSON Schema; pass the JSON Schema as `inputJsonSchema`/,
    ],
    [z.string(), /`input` must describe an object, got the type "string"/],
    [{ properties: {} }, /`input` must describe an object, got the type undefined/],
    [z.object({ at: z.date() }), /`input` has no JSON Schema: /],
    [
      undefined,
      /`input` must be a Standard Schema \(zod, valibot, …\) or a JSON Schema object, got undefined/,
    ],
    [null, /got null/],
    [7, /got 7/],
    [[], /got an array/],
    [() => ({}), /got a function/],
  ];
  for (const [input, message] of wrong) assert.throws(() => toolWith(input), { name: "TypeError", message });
});
