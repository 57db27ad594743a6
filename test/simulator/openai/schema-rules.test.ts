/** What OpenAI refuses of a function's schema, in its own words. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkParameters } from "../../../src/simulator/openai/schema-rules.ts";

const closed = { type: "object", additionalProperties: false };

/** What is said of a schema behind "Invalid schema for function 'f': ". */
function fault(parameters: unknown, strict = false): string | undefined {
  const found = checkParameters({ name: "f", parameters, strict }, "tools[0].parameters");
  assert.ok(found === undefined || found.param === "tools[0].parameters");
  return found?.message.replace("Invalid schema for function 'f': ", "");
}

test("a schema describes an object, and nothing else beside that", () => {
  const told =
    "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level.";
  for (const keyword of ["oneOf", "anyOf", "allOf", "enum", "not"])
    assert.equal(fault({ type: "object", [keyword]: [] }), told);
  assert.equal(fault([]), `schema must be a JSON Schema of 'type: "object"', got 'type: "None"'.`);
  assert.equal(fault(undefined), undefined);
});

test("what strict mode has no grammar for is taken where it is off", () => {
  assert.equal(fault({ type: "object", properties: { a: { oneOf: [{ type: "object" }] } } }), undefined);
});

const STRICT: Readonly<Record<string, readonly [schema: object, says: string | undefined]>> = {
  "an open object inside another": [
    { ...closed, properties: { a: { type: "object" } }, required: ["a"] },
    "In context=('properties', 'a'), 'additionalProperties' is required to be supplied and to be false.",
  ],
  "an optional field": [
    {
      ...closed,
      properties: { a: { type: "array", items: { ...closed, properties: { b: {} } } } },
      required: ["a"],
    },
    "In context=('properties', 'a', 'items'), 'required' is required to be supplied and to be an array including every key in properties. Missing 'b'.",
  ],
  "a list of which one has to fit": [
    { ...closed, properties: { a: { anyOf: [{ oneOf: [] }] } }, required: ["a"] },
    "In context=('properties', 'a', 'anyOf', '0'), 'oneOf' is not permitted.",
  ],
  "a definition": [
    { ...closed, $defs: { a: { allOf: [] } } },
    "In context=('$defs', 'a'), 'allOf' is not permitted.",
  ],
  "a schema in order": [
    {
      ...closed,
      properties: { a: { anyOf: [{ $ref: "#/$defs/b" }, { type: "string", pattern: "^a$" }] } },
      required: ["a"],
      $defs: { b: { ...closed, properties: {}, required: [] } },
    },
    undefined,
  ],
};

for (const [what, [schema, says]] of Object.entries(STRICT)) {
  test(`strict mode: ${what} ${says === undefined ? "is taken" : "is refused"}`, () => {
    assert.equal(fault(schema, true), says);
  });
}
