/** Checks of options: misuse is a TypeError at construction that names the option and what came. */

/** A count of at least 1, or Infinity where there is no limit. */
export function positiveInteger(name: string, value: unknown): number {
  if (value === Infinity) return Infinity;
  if (typeof value === "number" && Number.isInteger(value) && value >= 1) return value;
  throw new TypeError(`\`${name}\` must be a positive integer, got ${show(value)}`);
}

/** A time in milliseconds, above 0, or Infinity for none. */
export function positiveMs(name: string, value: unknown): number {
  if (typeof value === "number" && value > 0) return value;
  throw new TypeError(`\`${name}\` must be a number of milliseconds above 0, got ${show(value)}`);
}

/** A time in milliseconds, 0 allowed. */
export function nonNegativeMs(name: string, value: unknown): number {
  if (typeof value === "number" && value >= 0) return value;
  throw new TypeError(`\`${name}\` must be a number of milliseconds, 0 or more, got ${show(value)}`);
}

/** One of a few words. */
export function oneOf<const Word extends string>(name: string, words: readonly Word[], value: unknown): Word {
  if (words.includes(value as Word)) return value as Word;
  throw new TypeError(
    `\`${name}\` must be ${words.map((word) => `"${word}"`).join(" or ")}, got ${show(value)}`,
  );
}

/** Yes or no. */
export function aBoolean(name: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new TypeError(`\`${name}\` must be true or false, got ${show(value)}`);
}

/** A function. */
export function aFunction(name: string, value: unknown): void {
  if (typeof value !== "function") throw new TypeError(`\`${name}\` must be a function, got ${show(value)}`);
}

/** What has the shape of an `AbortSignal`; not `instanceof`, as it may be of another realm. */
export function aSignal(name: string, value: unknown): void {
  const signal = value as Partial<AbortSignal> | null;
  if (typeof signal?.aborted === "boolean" && typeof signal.addEventListener === "function") return;
  throw new TypeError(`\`${name}\` must be an AbortSignal, got ${show(value)}`);
}

/** A string that is not empty. */
export function nonEmptyString(name: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw new TypeError(`\`${name}\` must be a non-empty string, got ${show(value)}`);
}

/** A list of strings that are not empty. */
export function stringList(name: string, value: unknown): readonly string[] {
  if (!Array.isArray(value))
    throw new TypeError(`\`${name}\` must be an array of strings, got ${show(value)}`);
  return value.map((item, i) => nonEmptyString(`${name}[${i}]`, item));
}

/** An object none of whose keys is unknown: a misspelt option must not be ignored. */
export function knownKeys(name: string, value: unknown, keys: readonly string[]): void {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError(`\`${name}\` must be an object, got ${show(value)}`);
  }
  for (const key of Object.keys(value)) {
    if (!keys.includes(key))
      throw new TypeError(`\`${name}\` has no option \`${key}\`; it knows ${keys.join(", ")}`);
  }
}

/** A value for a message: short, and safe for anything. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  return String(value);
}
