/**
 * Which schemas let a reference such as `"$2.city.name"` through as they are. What cannot be told is taken for one that does not:
 * then the schema is widened without need, which is right all the same.
 */
import { isObject } from "../core/is-object.ts";
import type { JsonSchema } from "../core/schema.ts";

/**
 * Beside a value of any type: a reference, or a text that is no reference for its two dollars. It is loose, since what counts is
 * checked when references are resolved, and anchored at both ends, since llama.cpp takes no other patterns.
 * https://github.com/openclaw/openclaw/issues/113562
 */
export const REFERENCE = "^[$][$1-9].*$";

/** Beside a text, where references may stand within it. */
export const TEMPLATE = "^.*[$][$1-9].*$";

/** The longest reference that is counted with, in characters. */
const LONGEST = 100;
const SHORTEST = "$1".length;

/** Whether a schema of the document `root` lets every reference through. */
export function takesReferences(schema: unknown, root: JsonSchema, above: readonly unknown[] = []): boolean {
  if (!isObject(schema)) return schema === true;
  // A schema that is nothing but itself once more says nothing, and is not believed.
  if (above.includes(schema)) return false;
  const takes = (other: unknown) => takesReferences(other, root, [...above, schema]);
  return Object.entries(schema).every(([keyword, value]) => {
    switch (keyword) {
      case "type":
        return value === "string" || (Array.isArray(value) && value.includes("string"));
      case "pattern":
        return value === REFERENCE || value === TEMPLATE;
      case "minLength":
        return (value as number) <= SHORTEST;
      case "maxLength":
        return (value as number) >= LONGEST;
      case "const":
      case "enum":
      case "format":
      case "not":
      case "if":
      case "$dynamicRef":
        return false;
      case "allOf":
        return (value as unknown[]).every(takes);
      case "anyOf":
      // A list of which one has to fit becomes one of which any may.
      case "oneOf":
        return (value as unknown[]).some(takes);
      case "$ref":
        return takes(findSchema(value as string, root));
      default:
        // It is about values of other types, or about none.
        return true;
    }
  });
}

/** What a pointer such as `#/$defs/city` points to; undefined if that is not in the document. */
function findSchema(ref: string, root: JsonSchema): unknown {
  const [start, ...steps] = decodePointer(ref).split("/");
  if (start !== "#") return undefined;
  return steps.reduce<unknown>((at, step) => {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    return typeof at === "object" && at !== null && Object.hasOwn(at, key)
      ? (at as Record<string, unknown>)[key]
      : undefined;
  }, root);
}

/** A pointer as it is without the escapes of a URI. */
export function decodePointer(ref: string): string {
  try {
    return decodeURIComponent(ref);
  } catch {
    return ref;
  }
}
