/** What is wrong with a request, in the words that all of OpenAI's APIs share. */

/** What is wrong with a request: the provider's text, the field, and its code for it. */
export interface Fault {
  readonly message: string;
  readonly param?: string | null;
  readonly code?: string | null;
  readonly type?: string;
}

/** A field that is not there. */
export function missing(param: string): Fault {
  return { message: `Missing required parameter: '${param}'.`, param, code: "missing_required_parameter" };
}

/** A value that is not among those there are. */
export function invalid(param: string, message: string): Fault {
  return { message, param, code: "invalid_value" };
}

/** A value of another type. */
export function wrongType(
  param: string,
  { expected, got }: { readonly expected: string; readonly got: unknown },
): Fault {
  const message = `Invalid type for '${param}': expected ${expected}, but got ${typeOf(got)} instead.`;
  return { message, param, code: "invalid_type" };
}

/** A list with nothing in it. */
export function emptyArray(param: string): Fault {
  const message = `Invalid '${param}': empty array. Expected an array with minimum length 1, but got an empty array instead.`;
  return { message, param, code: "empty_array" };
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "number") return Number.isInteger(value) ? "an integer" : "a decimal number";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** A string that is too long. */
export function tooLong(
  param: string,
  { text, most }: { readonly text: string; readonly most: number },
): Fault {
  const message = `Invalid '${param}': string too long. Expected a string with maximum length ${most}, but got a string with length ${text.length} instead.`;
  return { message, param, code: "string_above_max_length" };
}

/** A field that the model does not take. */
export function unsupported(param: string, what = "is not supported with this model."): Fault {
  return { message: `Unsupported parameter: '${param}' ${what}`, param, code: "unsupported_parameter" };
}

/** What is wrong with a field that is to be a string. */
export function checkString(value: unknown, at: string): Fault | undefined {
  if (value === undefined) return missing(at);
  return typeof value === "string" ? undefined : wrongType(at, { expected: "a string", got: value });
}
