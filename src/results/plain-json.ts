/**
 * The short way to JSON, for values that `JSON.stringify` writes just as `toText` would: records, lists, texts and finite numbers, as
 * most of what tools return and all of what a trace tells is.
 */

const MAX_DEPTH = 100;
const MAX_VALUES = 100_000;

/** The JSON of a value; undefined if it is not that plain. Only the parts that may not be need be looked at, where that is known. */
export function plainJson(value: unknown, parts: readonly unknown[] = [value]): string | undefined {
  try {
    const look = new Look();
    for (const part of parts) if (!look.isPlain(part, 0)) return undefined;
    const json = JSON.stringify(value);
    // Half a character is escaped, and `toText` replaces it. To look here is quicker than to look at each text and key.
    return json.includes(String.raw`\ud`) ? undefined : json;
  } catch {
    return undefined;
  }
}

/** Looks at a value once. Circles end at the greatest depth. */
class Look {
  #left = MAX_VALUES;

  isPlain(value: unknown, depth: number): boolean {
    switch (typeof value) {
      case "number":
        return Number.isFinite(value);
      case "string":
      case "boolean":
      case "undefined":
        return true;
      case "object":
        return value === null || (depth < MAX_DEPTH && this.#isPlainObject(value, depth + 1));
      case "bigint":
      case "symbol":
      case "function":
        return false;
    }
  }

  #isPlainObject(object: object, depth: number): boolean {
    if (Array.isArray(object)) return this.#isPlainList(object, depth);
    const prototype: unknown = Object.getPrototypeOf(object);
    if ((prototype !== Object.prototype && prototype !== null) || "toJSON" in object) return false;
    // Quicker than a list of the keys. What it may find beside them, on the prototype, only makes the object less plain.
    for (const key in object) {
      if (this.#left-- <= 0) return false;
      if (!this.isPlain((object as Record<string, unknown>)[key], depth)) return false;
    }
    return true;
  }

  #isPlainList(list: readonly unknown[], depth: number): boolean {
    if (Object.getPrototypeOf(list) !== Array.prototype || "toJSON" in list) return false;
    for (let i = 0; i < list.length; i++) {
      if (this.#left-- <= 0 || !this.isPlain(list[i], depth)) return false;
    }
    return true;
  }
}
