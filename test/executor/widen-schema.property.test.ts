/** What holds of every widened schema: it takes what the schema took, and a reference in the place of any value. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createCheck, type JsonSchema } from "../../src/core/schema.ts";
import { widenSchema } from "../../src/executor/widen-schema.ts";
import { inputs, replaced } from "../support/schemas-with-values.ts";

const references = fc
  .tuple(
    fc.integer({ min: 1, max: 128 }),
    fc.array(fc.constantFrom(".name", "[0]", ".0", '["any key"]'), { maxLength: 4 }),
  )
  .map(([number, path]) => `$${number}${path.join("")}`);
const modes = fc.constantFrom<"exact" | "template">("exact", "template");

async function takes(schema: JsonSchema, value: unknown): Promise<boolean> {
  return (await createCheck("input", schema)(value)).ok;
}

test("what a schema lets through, the widened one does, and a reference in the place of any value of it", async () => {
  let places = 0;
  const holds = fc.asyncProperty(
    inputs,
    modes,
    references,
    async ({ schema, value, places: paths }, mode, reference) => {
      fc.pre(await takes(schema, value));
      const widened = widenSchema(schema, mode);
      assert.ok(await takes(widened, value), "the value itself");
      for (const path of paths) {
        places++;
        assert.ok(
          await takes(widened, replaced(value, path, reference)),
          `${reference} at ${path.join(" ")}`,
        );
      }
    },
  );
  await fc.assert(holds, { numRuns: 1000 });
  assert.ok(places > 500, `only ${places} places`);
});

test("where texts may hold references, one that restricts its text takes a text with one in it", async () => {
  const schema = { type: "object", properties: { a: { type: "string", format: "uri" } } };
  const holds = fc.asyncProperty(fc.string(), references, fc.string(), async (before, reference, after) => {
    const a = (before + reference + after).replaceAll(/[\n\r\u2028\u2029]/g, " ");
    assert.ok(await takes(widenSchema(schema, "template"), { a }));
  });
  await fc.assert(holds);
});

test("widening twice is widening once, gives the same bytes each time, and leaves what it was given alone", () => {
  const holds = fc.property(inputs, modes, ({ schema }, mode) => {
    const before = JSON.stringify(schema);
    const widened = widenSchema(schema, mode);
    assert.equal(JSON.stringify(widenSchema(widened, mode)), JSON.stringify(widened));
    assert.equal(JSON.stringify(widenSchema(schema, mode)), JSON.stringify(widened));
    assert.equal(JSON.stringify(schema), before);
  });
  fc.assert(holds, { numRuns: 1000 });
});
