/** Random schemas, each with a value that it lets through, and the places in it where a reference could stand. */
import fc from "fast-check";
import type { JsonSchema } from "../../src/core/schema.ts";

/** The keys that lead to a value inside another. */
export type Path = readonly (string | number)[];

/** A schema of a value, such a value, and where references could stand inside it. */
export interface Sample {
  readonly schema: unknown;
  readonly value: unknown;
  /** Whether one could stand for the value itself. */
  readonly isPlace: boolean;
  readonly places: readonly Path[];
}

const keys = ["a", "b/c", "~", "$ref", "const"] as const;

function leaf(schema: unknown, values: readonly unknown[], isPlace = true): fc.Arbitrary<Sample> {
  return fc.constantFrom(...values).map((value) => ({ schema, value, isPlace, places: [] }));
}

const leaves = fc.oneof(
  leaf({ type: "string" }, ["", "word"]),
  leaf({ type: "string", enum: ["x", "y"] }, ["x", "y"]),
  leaf({ type: "string", pattern: "^[a-c]+$", maxLength: 5 }, ["a", "abc"]),
  leaf({ type: "string", format: "email", minLength: 4 }, ["ada@x.example"]),
  leaf({ enum: ["x", 1, null] }, ["x", 1, null]),
  leaf({ type: "integer", minimum: 1 }, [1, 7]),
  leaf({ type: ["number", "null"] }, [1.5, null]),
  leaf({ type: "boolean", description: "Whether." }, [true, false]),
  leaf({ type: "null" }, [null], false),
  leaf({ const: "k" }, ["k"], false),
  leaf(true, [1, "x", { y: [2] }]),
  leaf({}, [[], null]),
  leaf({ not: { type: "integer" } }, [0.5, true]),
  leaf({ $ref: "#/$defs/colour" }, ["red", "green"]),
  leaf({ $ref: "#/$defs/name" }, ["ada"]),
  leaf({ $ref: "#/$defs/one/oneOf/0" }, [1, 2]),
  leaf({ $ref: "#/$defs/pair/properties/size" }, [1, 2]),
);

/** What the leaves point to. */
const $defs = {
  colour: { type: "string", enum: ["red", "green"] },
  name: { type: "string" },
  one: { oneOf: [{ type: "integer" }, { type: "boolean" }] },
  pair: { type: "object", properties: { size: { type: "integer" } } },
};

/** Parts of an object: each field with what it holds. */
type Fields = readonly (readonly [string, Sample])[];

function under(fields: readonly (readonly [string | number, Sample])[]): Path[] {
  return fields.flatMap(([key, { isPlace, places }]) => [
    ...(isPlace ? [[key]] : []),
    ...places.map((path) => [key, ...path]),
  ]);
}

function schemasOf(fields: Fields): Record<string, unknown> {
  return Object.fromEntries(fields.map(([key, { schema }]) => [key, schema]));
}

function valuesOf(fields: Fields): Record<string, unknown> {
  return Object.fromEntries(fields.map(([key, { value }]) => [key, value]));
}

function objects(inner: fc.Arbitrary<Sample>): fc.Arbitrary<Sample> {
  const fields = fc.uniqueArray(fc.tuple(fc.constantFrom<string>(...keys), inner), {
    selector: ([key]) => key,
    maxLength: 3,
  });
  return fc
    .tuple(fields, inner, fc.constantFrom("closed", "open", "pattern", "all", "dependent"))
    .map(([known, more, how]): Sample => {
      const sample = (rest: object, extra: Fields = []): Sample => ({
        schema: {
          type: "object",
          properties: schemasOf(known),
          required: known.map(([key]) => key),
          ...rest,
        },
        value: { ...valuesOf(known), ...valuesOf(extra) },
        isPlace: true,
        places: under([...known, ...extra]),
      });
      switch (how) {
        case "open":
          return sample({ additionalProperties: more.schema }, [["more", more]]);
        case "pattern":
          return sample({ patternProperties: { "^m": more.schema } }, [["more", more]]);
        case "all":
          return sample({ allOf: [{ properties: { more: more.schema } }, { required: ["more"] }] }, [
            ["more", more],
          ]);
        case "dependent":
          return sample({ dependentSchemas: { more: { properties: { more: more.schema } } } }, [
            ["more", more],
          ]);
        case "closed":
          return sample({ additionalProperties: false });
      }
    });
}

function arrays(inner: fc.Arbitrary<Sample>): fc.Arbitrary<Sample> {
  return fc
    .tuple(inner, inner, fc.constantFrom("items", "prefix", "contains"))
    .map(([first, second, how]) => {
      const both = under([
        [0, first],
        [1, second],
      ]);
      const value = [first.value, second.value];
      switch (how) {
        case "items":
          return {
            schema: { items: first.schema, type: "array" },
            value: [first.value],
            isPlace: true,
            places: under([[0, first]]),
          };
        case "prefix": {
          const schema = { type: "array", prefixItems: [first.schema], items: second.schema };
          return { schema, value, isPlace: true, places: both };
        }
        case "contains": {
          const schema = { type: "array", contains: first.schema, minItems: 2 };
          // Where one value only is looked for, a reference to it is not found.
          return { schema, value, isPlace: true, places: both.filter(([at]) => at === 1 || first.isPlace) };
        }
      }
    });
}

function unions(inner: fc.Arbitrary<Sample>): fc.Arbitrary<Sample> {
  return fc.tuple(inner, inner, fc.constantFrom("anyOf", "oneOf", "both")).map(([one, other, how]) => {
    const members = [one.schema, other.schema];
    const schema = how === "both" ? { anyOf: members, oneOf: members } : { [how]: members };
    return { ...one, schema, isPlace: true };
  });
}

const { samples } = fc.letrec<{ samples: Sample }>((tie) => {
  const inner = tie("samples");
  return {
    samples: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      leaves,
      { weight: 3, arbitrary: objects(inner) },
      arrays(inner),
      unions(inner),
    ),
  };
});

/** Inputs of tools: the top level is an object. */
export const inputs: fc.Arbitrary<Sample & { readonly schema: JsonSchema }> = objects(samples).map(
  (sample) => ({
    ...sample,
    schema: { ...(sample.schema as JsonSchema), $defs },
  }),
);

/** A value with another in this place. */
export function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((item, i) => (i === key ? replaced(item, rest, by) : item));
  const fields = Object.entries(value as object);
  return Object.fromEntries(
    fields.map(([name, item]) => [name, name === key ? replaced(item, rest, by) : item]),
  );
}
