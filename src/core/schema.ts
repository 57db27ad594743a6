/**
 * Input schemas: any Standard Schema validator (https://standardschema.dev; zod, valibot, arktype), or plain JSON Schema.
 *
 * Owns the check of a call's input and the JSON Schema that the provider is told. What the model reads about an invalid
 * input names each field and what was expected.
 */
import { Validator as JsonValidator, type Schema as CfworkerSchema } from "@cfworker/json-schema";
import { isObject } from "./is-object.ts";
import { show } from "./options.ts";

/** A JSON Schema document, draft 2020-12. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** The part of Standard Schema v1 that Tutti uses. */
export interface StandardSchema<Output = unknown> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
    validate(value: unknown): StandardResult<Output> | Promise<StandardResult<Output>>;
    /** Standard JSON Schema; zod has it from 4.2. */
    readonly jsonSchema?: { input(options: { target: string }): Record<string, unknown> } | undefined;
  };
}

interface StandardIssue {
  readonly message: string;
  readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined;
}

type StandardResult<Output> =
  { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly StandardIssue[] };

/** What `input` and `output` of a tool may be. */
export type Schema<Value = unknown> = StandardSchema<Value> | JsonSchema;

/** The type of the values that a schema lets through. */
export type SchemaValue<S> = S extends {
  readonly "~standard": { readonly types?: { readonly output: infer Output } | undefined };
}
  ? Output
  : Record<string, unknown>;

/** A value that was let through, or one line about what was wrong with it. */
export type Checked =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string };

/** Checks one value. Asynchronous only where the user's validator is. */
export type Check = (value: unknown) => Checked | Promise<Checked>;

/**
 * The check for a schema.
 *
 * @throws TypeError when it is no schema
 */
export function createCheck(name: string, schema: Schema): Check {
  if (isStandardSchema(schema)) return standardCheck(schema);
  if (isObject(schema)) return jsonCheck(name, schema);
  throw noSchema(name, schema);
}

/**
 * The JSON Schema that a provider is told.
 *
 * @throws TypeError when the validator cannot say its JSON Schema, or its top level is no object
 */
export function toJsonSchema(name: string, schema: Schema): JsonSchema {
  const json = isStandardSchema(schema) ? convert(name, schema) : schema;
  if (!isObject(json)) throw noSchema(name, json);
  // Every provider wants an object: "tools.0.custom.input_schema.type: Field required".
  if (json["type"] !== "object") {
    throw new TypeError(`\`${name}\` must describe an object, got the type ${show(json["type"])}`);
  }
  const { $schema: _, ...rest } = json;
  return rest;
}

function noSchema(name: string, value: unknown): TypeError {
  return new TypeError(
    `\`${name}\` must be a Standard Schema (zod, valibot, …) or a JSON Schema object, got ${show(value)}`,
  );
}

function convert(name: string, schema: StandardSchema): JsonSchema {
  const { jsonSchema, vendor } = schema["~standard"];
  if (jsonSchema === undefined) {
    throw new TypeError(
      `\`${name}\`: this version of ${vendor} cannot say its JSON Schema; pass the JSON Schema as \`${name}JsonSchema\``,
    );
  }
  try {
    return jsonSchema.input({ target: "draft-2020-12" });
  } catch (cause) {
    throw new TypeError(
      `\`${name}\` has no JSON Schema: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
  }
}

function standardCheck(schema: StandardSchema): Check {
  const standard = schema["~standard"];
  return (value) => {
    const result = standard.validate(value);
    return isThenable(result) ? Promise.resolve(result).then(fromStandard) : fromStandard(result);
  };
}

function fromStandard(result: StandardResult<unknown>): Checked {
  if (result.issues === undefined) return { ok: true, value: result.value };
  const lines = result.issues.map((issue) => {
    const path = (issue.path ?? [])
      .map((part) => String(typeof part === "object" ? part.key : part))
      .join(".");
    return path === "" ? issue.message : `${path}: ${issue.message}`;
  });
  return { ok: false, message: lines.join("; ") };
}

function jsonCheck(name: string, schema: JsonSchema): Check {
  let validator: JsonValidator;
  try {
    validator = new JsonValidator(schema as CfworkerSchema, "2020-12", false);
  } catch (cause) {
    throw new TypeError(`\`${name}\` is no JSON Schema: ${String(cause)}`, { cause });
  }
  return (value) => {
    const { valid, errors } = validator.validate(value);
    if (valid) return { ok: true, value };
    // The validator reports the leaf and every schema around it ("Property \"a\" does not match schema"): keep the leaves.
    const leaves = errors.filter(
      (error) =>
        !errors.some(
          (other) => other !== error && other.keywordLocation.startsWith(`${error.keywordLocation}/`),
        ),
    );
    const lines = leaves.map(({ instanceLocation, keywordLocation, error }) => {
      const path = instanceLocation.replace(/^#\/?/, "").replaceAll("/", ".");
      const pattern = patternAt(schema, keywordLocation);
      // Which one it is, the validator does not say.
      const expected = pattern === undefined ? error : `String does not match pattern ${pattern}.`;
      return path === "" ? expected : `${path}: ${expected}`;
    });
    return { ok: false, message: [...new Set(lines)].join("; ") };
  };
}

function patternAt(schema: JsonSchema, location: string): string | undefined {
  if (!location.endsWith("/pattern")) return undefined;
  let at: unknown = schema;
  for (const step of location.split("/").slice(1)) at = isObject(at) ? at[step] : undefined;
  return typeof at === "string" ? at : undefined;
}

/** A promise of any library or realm: one that is mistaken for a result would let anything through. */
function isThenable(value: unknown): value is PromiseLike<StandardResult<unknown>> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

function isStandardSchema(schema: unknown): schema is StandardSchema {
  if ((typeof schema !== "object" && typeof schema !== "function") || schema === null) return false;
  const standard: unknown = (schema as Record<string, unknown>)["~standard"];
  return typeof standard === "object" && standard !== null && "validate" in standard;
}
