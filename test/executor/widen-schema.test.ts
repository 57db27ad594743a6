/** Schemas widened for references: what is widened and how, what stays, and that pointers still lead where they led. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { z } from "zod";
import { createCheck, toJsonSchema, type JsonSchema } from "../../src/core/schema.ts";
import { widenSchema } from "../../src/executor/widen-schema.ts";

const REFERENCE = { type: "string", pattern: "^[$][$1-9].*$" };
const TEXT = { type: "string", pattern: "^.*[$][$1-9].*$" };

/** How the schema of a field is widened, in a document with these other keywords. */
function field(schema: unknown, mode: "exact" | "template" = "exact", more: JsonSchema = {}): unknown {
  const widened = widenSchema({ type: "object", properties: { field: schema }, ...more }, mode);
  return (widened["properties"] as Record<string, unknown>)["field"];
}

function or(schema: unknown, reference: unknown = REFERENCE) {
  return { anyOf: [schema, reference] };
}

async function takes(schema: JsonSchema, value: unknown): Promise<boolean> {
  return (await createCheck("input", schema)(value)).ok;
}

describe("what takes a reference as it is stays as it is", () => {
  const schemas = [
    true,
    {},
    { description: "Anything." },
    { type: "string", description: "A name." },
    { type: "string", minLength: 1, maxLength: 2000 },
    { type: ["string", "null"] },
    { anyOf: [{ type: "string" }, { type: "number" }] },
    { allOf: [{ type: "string" }, { minLength: 1 }] },
  ];
  for (const schema of schemas) test(JSON.stringify(schema), () => assert.deepEqual(field(schema), schema));
});

describe("what has one value only needs no reference", () => {
  for (const schema of [{ const: "circle" }, { type: "null" }, { enum: ["circle"] }, false])
    test(JSON.stringify(schema), () => assert.deepEqual(field(schema), schema));
});

describe("other values take a reference beside what they were", () => {
  const schemas = [
    { type: "integer", minimum: 1, description: "How many." },
    { type: "number" },
    { type: "boolean" },
    { type: ["integer", "null"] },
    { type: "object" },
    { type: "array", items: { type: "string" } },
    { type: "string", enum: ["a", "b"] },
    { type: "string", format: "date" },
    { type: "string", pattern: "^[a-z]+$" },
    { type: "string", minLength: 3 },
    { type: "string", maxLength: 20 },
    { not: { type: "string" } },
  ];
  for (const schema of schemas)
    test(JSON.stringify(schema), () => assert.deepEqual(field(schema), or(schema)));

  test("a union takes it as a further member", () => {
    const members = [{ type: "integer" }, { type: "null" }];
    assert.deepEqual(field({ anyOf: members, description: "Maybe." }), {
      anyOf: [...members, REFERENCE],
      description: "Maybe.",
    });
  });

  test("a union beside what excludes strings is wrapped", () => {
    const schema = { type: "object", anyOf: [{ required: ["a"] }, { required: ["b"] }] };
    assert.deepEqual(field(schema), or(schema));
  });
});

describe("what is inside a value is widened too", () => {
  const number = { type: "number" };
  const wide = or(number);
  const inside: readonly (readonly [string, unknown, unknown])[] = [
    ["properties", { a: number, b: { type: "string" } }, { a: wide, b: { type: "string" } }],
    ["patternProperties", { "^n": number }, { "^n": wide }],
    ["additionalProperties", number, wide],
    ["items", number, wide],
    ["prefixItems", [number, { const: 1 }], [wide, { const: 1 }]],
    ["contains", number, wide],
    ["allOf", [{ properties: { a: number } }], [{ properties: { a: wide } }]],
    ["dependentSchemas", { a: { properties: { b: number } } }, { a: { properties: { b: wide } } }],
    ["additionalProperties", false, false],
    ["required", ["a"], ["a"]],
    ["not", { properties: { a: number } }, { properties: { a: number } }],
    ["propertyNames", { enum: ["a", "b"] }, { enum: ["a", "b"] }],
    ["if", { properties: { a: number } }, { properties: { a: number } }],
    ["default", { properties: { a: number } }, { properties: { a: number } }],
  ];
  for (const [keyword, from, to] of inside) {
    test(`${keyword}: ${JSON.stringify(from)}`, () => {
      assert.deepEqual(widenSchema({ type: "object", [keyword]: from }, "exact"), {
        type: "object",
        [keyword]: to,
      });
    });
  }

  test("fields named like keywords are fields", () => {
    const properties = { const: number, $ref: number, constructor: number, ["__proto__"]: number };
    const widened = widenSchema({ type: "object", properties }, "exact")["properties"] as object;
    assert.deepEqual(Object.values(widened), [wide, wide, wide, wide]);
    assert.deepEqual(Object.keys(widened), Object.keys(properties));
  });

  test("of contained values that are counted, none is counted in that was not", () => {
    const schema = { type: "object", contains: number, maxContains: 1 };
    assert.deepEqual(widenSchema(schema, "exact"), schema);
  });
});

test("a list of which one has to fit becomes one of which any may, so that two that fit do no harm", async () => {
  const shape = (kind: string, size: unknown) => ({
    type: "object",
    properties: { kind: { enum: ["any", kind] }, size },
    required: ["kind"],
  });
  const schema = {
    type: "object",
    properties: { shape: { oneOf: [shape("circle", { type: "number" }), shape("line", { type: "null" })] } },
  };
  const input = { shape: { kind: "$1.kind", size: null } };
  const widened = widenSchema(schema, "exact");
  assert.equal(JSON.stringify(widened).includes("oneOf"), false);
  assert.deepEqual([await takes(schema, input), await takes(widened, input)], [false, true]);
  assert.ok(await takes(widenSchema({ ...schema, anyOf: [true], oneOf: [true, true] }, "exact"), {}));
});

describe("references within a document", () => {
  test("a schema of its own is written once, and each use of it takes a reference", async () => {
    const tree = {
      type: "object",
      properties: { size: { type: "integer" }, children: { type: "array", items: { $ref: "#/$defs/tree" } } },
      required: ["size"],
      additionalProperties: false,
    };
    const widened = widenSchema(
      { type: "object", properties: { tree: { $ref: "#/$defs/tree" } }, $defs: { tree } },
      "exact",
    );
    assert.deepEqual(widened["properties"], { tree: or({ $ref: "#/$defs/tree" }) });
    const input = { tree: { size: 1, children: ["$1", { size: "$2.size", children: "$3" }] } };
    assert.ok(await takes(widened, input));
    assert.equal(await takes(widened, { tree: { size: 1, children: [{ size: "large" }] } }), false);
  });

  test("one that takes references as it is needs nothing", () => {
    const $defs = { name: { type: "string" } };
    assert.deepEqual(field({ $ref: "#/$defs/name" }, "exact", { $defs }), { $ref: "#/$defs/name" });
  });

  test("the top level is no value, except where it is one of its own", async () => {
    const schema = { type: "object", properties: { next: { $ref: "#" } }, additionalProperties: false };
    const widened = widenSchema(schema, "exact");
    assert.deepEqual(widened["properties"], { next: or({ $ref: "#" }) });
    assert.deepEqual(
      [await takes(widened, { next: { next: "$1" } }), await takes(widened, "$1")],
      [true, false],
    );
  });

  test("a pointer through what was wrapped leads where it led", async () => {
    const colour = { type: "string", enum: ["red", "green"] };
    const schema = {
      type: "object",
      properties: {
        "a/b": { type: "object", properties: { colour }, additionalProperties: false },
        one: { oneOf: [{ type: "object", properties: { colour } }, { type: "null" }] },
        x: { $ref: "#/properties/a~1b/properties/colour" },
        y: { $ref: "#/properties/one/oneOf/0/properties/colour" },
        z: { not: { $ref: "#/properties/a~1b/properties/colour" } },
      },
    };
    const widened = widenSchema(schema, "exact");
    for (const document of [schema, widened]) {
      assert.ok(await takes(document, { "a/b": { colour: "red" }, x: "red", y: "green", z: "blue" }));
      for (const name of ["x", "y"]) assert.equal(await takes(document, { [name]: "blue" }), false);
      assert.equal(await takes(document, { z: "red" }), false);
    }
    assert.ok(await takes(widened, { "a/b": { colour: "$1" }, x: "$1", y: "$1.a" }));
  });

  test("one that leads nowhere, or round, is left alone", () => {
    for (const $ref of ["#/$defs/none", "#name", "https://a.example/b", "#/%"]) {
      assert.deepEqual(field({ $ref }), or({ $ref }));
    }
    const $defs = { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } };
    assert.deepEqual(field({ $ref: "#/$defs/a" }, "exact", { $defs }), or({ $ref: "#/$defs/a" }));
  });
});

test("where texts may hold references, what restricts a text lets them in, and other values take nothing else", () => {
  const date = { type: "string", format: "date" };
  assert.deepEqual(field(date, "template"), or(date, TEXT));
  assert.deepEqual(field({ type: "integer" }, "template"), or({ type: "integer" }));
  assert.deepEqual(field({ enum: ["a", "b"] }, "template"), or({ enum: ["a", "b"] }, TEXT));
  assert.deepEqual(field({ type: "string" }, "template"), { type: "string" });
});

test("a text that is meant as it is can be written with two dollars", async () => {
  const widened = widenSchema({ type: "object", properties: { price: { enum: ["$5", "$10"] } } }, "exact");
  assert.ok(await takes(widened, { price: "$$5" }));
});

test("a zod schema keeps what it says, and takes references", async () => {
  const Item = z.object({ id: z.uuid(), amount: z.number().int().positive(), note: z.string().optional() });
  const input = z.object({
    items: z.array(Item).min(1).describe("What is bought."),
    day: z.iso.date().nullable(),
    pay: z.discriminatedUnion("by", [
      z.object({ by: z.literal("card"), number: z.string().length(16) }),
      z.object({ by: z.literal("bill"), days: z.int() }),
    ]),
  });
  const schema = toJsonSchema("input", input);
  const widened = widenSchema(schema, "exact");
  const values = [
    { items: "$1.items", day: "$2.day", pay: "$3" },
    { items: ["$1"], day: null, pay: { by: "card", number: "$2" } },
    { items: [{ id: "$1.id", amount: "$2.amount" }], day: null, pay: { by: "bill", days: "$3[0].days" } },
  ];
  for (const value of values) assert.ok(await takes(widened, value));
  assert.equal(await takes(widened, { ...values[0], pay: { by: "cash" } }), false);
  assert.ok(JSON.stringify(widened).includes("What is bought."));
});
