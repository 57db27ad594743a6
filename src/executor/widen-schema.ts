/**
 * The schema of a tool's input as the model is shown it where it may write references: wherever a value is expected, a string that
 * is one is taken as well. It decides nothing: what comes is checked by the tool's own schema when references are resolved.
 *
 * A value gets `{ anyOf: [its schema, a pattern] }` and nothing beside `anyOf`: lists of types, and descriptions beside `anyOf`, are
 * refused by endpoints of Gemini's (langchain-google#1216, generative-ai-docs#444), and `oneOf` by OpenAI's strict mode. What takes
 * a reference as it is, such as a plain string, stays as it is, since every request pays for it; and so does what can have one value
 * only, such as a `const`: nobody needs a reference for it, and it tells the members of a union apart.
 */
import { isObject } from "../core/is-object.ts";
import type { ReferenceMode } from "../core/reference.ts";
import type { JsonSchema } from "../core/schema.ts";
import { decodePointer, REFERENCE, takesReferences, TEMPLATE } from "./takes-references.ts";

/**
 * Widens a schema whose top level is an object, which no reference can stand for. It is widened once: a second time changes
 * nothing.
 */
export function widenSchema(schema: JsonSchema, mode: ReferenceMode): JsonSchema {
  return new Widening(schema, mode).widen();
}

type Fields = Record<string, unknown>;

/** Where a schema stands, as a pointer: in the document that came, and in the one that is made. */
interface At {
  readonly from: string;
  readonly to: string;
  /** Inside a condition or a negation, which wider schemas would make narrower: nothing is widened. */
  readonly kept: boolean;
}

/**
 * What a keyword holds: one or more schemas of values inside the value, or of the same value once more; or a condition on it.
 */
const HOLDS = new Map<string, "value" | "values" | "schema" | "schemas" | "condition">([
  ["properties", "values"],
  ["patternProperties", "values"],
  ["prefixItems", "values"],
  ["items", "value"],
  ["additionalItems", "value"],
  ["unevaluatedItems", "value"],
  ["additionalProperties", "value"],
  ["unevaluatedProperties", "value"],
  ["contains", "value"],
  ["allOf", "schemas"],
  ["anyOf", "schemas"],
  ["oneOf", "schemas"],
  ["$defs", "schemas"],
  ["definitions", "schemas"],
  ["dependentSchemas", "schemas"],
  ["dependencies", "schemas"],
  ["then", "schema"],
  ["else", "schema"],
  ["if", "condition"],
  ["not", "condition"],
  ["propertyNames", "condition"],
]);

class Widening {
  readonly #root: JsonSchema;
  readonly #mode: ReferenceMode;
  /** Where the schemas stand that stood elsewhere. */
  readonly #moved = new Map<string, string>();
  readonly #withRef: Fields[] = [];

  constructor(root: JsonSchema, mode: ReferenceMode) {
    this.#root = root;
    this.#mode = mode;
  }

  widen(): JsonSchema {
    const widened = this.#inside(this.#root, { from: "#", to: "#", kept: false }) as Fields;
    for (const schema of this.#withRef) schema["$ref"] = this.#follow(schema["$ref"] as string);
    return widened;
  }

  /** The schema of a value. */
  #value(schema: unknown, at: At): unknown {
    if (!isObject(schema) || at.kept || hasOneValue(schema) || takesReferences(schema, this.#root)) {
      return this.#inside(schema, at);
    }
    const reference = { type: "string", pattern: this.#mayBeText(schema) ? TEMPLATE : REFERENCE };
    const { anyOf, oneOf, ...rest } = schema;
    if ((anyOf === undefined) !== (oneOf === undefined) && takesReferences(rest, this.#root)) {
      const widened = this.#inside(schema, at) as { anyOf: unknown[] };
      widened.anyOf.push(reference);
      return widened;
    }
    return { anyOf: [this.#inside(schema, { ...at, to: `${at.to}/anyOf/0` }), reference] };
  }

  #mayBeText({ type }: Fields): boolean {
    if (this.#mode !== "template") return false;
    return type === undefined || type === "string" || (Array.isArray(type) && type.includes("string"));
  }

  /** A schema with what is inside it widened, and not itself. */
  #inside(schema: unknown, at: At): unknown {
    if (!isObject(schema)) return schema;
    if (at.from !== at.to) this.#moved.set(at.from, at.to);
    const { oneOf, ...rest } = schema;
    const widened: Fields = Object.fromEntries(
      Object.entries(at.kept ? schema : rest).map(([keyword, value]) => {
        const below = { ...at, from: `${at.from}/${keyword}`, to: `${at.to}/${keyword}` };
        return [keyword, this.#keyword(schema, keyword, below) ?? value];
      }),
    );
    if (oneOf !== undefined && !at.kept) this.#any(oneOf, widened, at);
    if (typeof widened["$ref"] === "string") this.#withRef.push(widened);
    return widened;
  }

  /**
   * A value that fits one schema of a list may fit two of them when they are wider, so a list of which one has to fit becomes one of
   * which any may.
   */
  #any(oneOf: unknown, widened: Fields, at: At): void {
    const { anyOf, allOf = [] } = widened as { readonly anyOf?: unknown; readonly allOf?: unknown[] };
    const to = anyOf === undefined ? "anyOf" : `allOf/${allOf.length}/anyOf`;
    const below = { ...at, from: `${at.from}/oneOf`, to: `${at.to}/${to}` };
    const any = this.#keyword({ anyOf: oneOf }, "anyOf", below);
    if (anyOf === undefined) widened["anyOf"] = any;
    else widened["allOf"] = [...allOf, { anyOf: any }];
  }

  /** What a keyword holds, widened; undefined if it holds no schema. */
  #keyword(schema: Fields, keyword: string, at: At): unknown {
    const value = schema[keyword];
    const holds = HOLDS.get(keyword);
    switch (holds) {
      case "value":
      case "values": {
        // "At most so many": references would count too.
        const kept = at.kept || (keyword === "contains" && "maxContains" in schema);
        const widen = (inner: unknown, where: At) => this.#value(inner, { ...where, kept });
        return holds === "value" && !Array.isArray(value) ? widen(value, at) : each(value, at, widen);
      }
      case "schema":
        return this.#inside(value, at);
      case "schemas":
        return each(value, at, (inner, where) => this.#inside(inner, where));
      case "condition":
        return this.#inside(value, { ...at, kept: true });
      case undefined:
        return undefined;
    }
  }

  /** What a `$ref` pointed to, wherever it stands now. */
  #follow(ref: string): string {
    const from = decodePointer(ref);
    for (let end = from.length; end > 0; end = from.lastIndexOf("/", end - 1)) {
      const to = this.#moved.get(from.slice(0, end));
      if (to !== undefined) return encodeURI(to + from.slice(end));
    }
    return ref;
  }
}

/** Whether a schema lets one value through only. */
function hasOneValue(schema: Fields): boolean {
  const { type, enum: values } = schema;
  return "const" in schema || type === "null" || (Array.isArray(values) && values.length === 1);
}

/** A list or a record with each of its schemas widened. */
function each(value: unknown, at: At, widen: (inner: unknown, at: At) => unknown): unknown {
  const below = (key: string | number): At => {
    const step = String(key).replaceAll("~", "~0").replaceAll("/", "~1");
    return { ...at, from: `${at.from}/${step}`, to: `${at.to}/${step}` };
  };
  if (Array.isArray(value)) return value.map((inner, i) => widen(inner, below(i)));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, widen(inner, below(key))]));
}
