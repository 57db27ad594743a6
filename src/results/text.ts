/**
 * Any value as text: strings as they are, everything else as compact JSON.
 *
 * Invariants: (1) it never throws, whatever getters, proxies and `toJSON` do; (2) the text is never empty and always
 * well-formed, since one lone surrogate makes a provider refuse the whole request; (3) the same value gives the same
 * text (G8); (4) its work is bounded, even for an object that makes new objects on each read.
 */
import { decodeText, toBytes } from "./bytes.ts";
import { imageMediaType } from "./image.ts";
import { plainJson } from "./plain-json.ts";

const MAX_DEPTH = 200;
const MAX_VALUES = 1_000_000;

const CIRCULAR = '"[Circular]"';
const LEFT_OUT = '"[Left out]"';
const UNREADABLE = '"[Unreadable]"';

/** The text that stands for a value. */
export function toText(value: unknown): string {
  if (value === undefined) return "(no output)";
  const text =
    typeof value === "string"
      ? value.toWellFormed()
      : (plainJson(value) ?? unquote(new JsonWriter().write(value)));
  return text === "" ? "(empty)" : text;
}

/** Writes one value. It builds text, not a copy of the value, so that no key (`__proto__`, `10`) is lost or moved. */
class JsonWriter {
  /** The objects that the value being written lies in. */
  readonly #path = new Set<object>();
  #left = MAX_VALUES;

  write(value: unknown): string {
    switch (typeof value) {
      case "string":
        return quote(value);
      case "number":
        return Number.isFinite(value) ? String(value) : quote(String(value));
      case "bigint":
      case "boolean":
        return String(value);
      case "undefined":
        return "null";
      case "symbol":
        return quote(String(value));
      case "function":
        return '"[Function]"';
      case "object":
        return value === null ? "null" : this.#object(value);
    }
  }

  #object(object: object): string {
    if (this.#path.has(object)) return CIRCULAR;
    if (this.#path.size >= MAX_DEPTH) return LEFT_OUT;
    this.#path.add(object);
    try {
      return this.#special(object) ?? this.#own(object);
    } catch {
      return UNREADABLE;
    } finally {
      this.#path.delete(object);
    }
  }

  /** Objects whose value is not in their own properties. */
  #special(object: object): string | undefined {
    const bytes = toBytes(object);
    if (bytes !== undefined) return quote(bytesToText(bytes));
    if (Array.isArray(object) || object instanceof Set) return this.#list(object);
    if (ArrayBuffer.isView(object)) return this.#list(object as unknown as Iterable<unknown>);
    if (object instanceof Map) return this.#map(object);
    if (object instanceof Error) return this.#error(object);
    if (object instanceof Date || object instanceof RegExp) return quote(dateOrPattern(object));
    if (object instanceof String || object instanceof Number || object instanceof Boolean) {
      return this.write(object.valueOf());
    }
    if ("toJSON" in object && typeof object.toJSON === "function") {
      const json: unknown = object.toJSON("");
      if (json !== object) return this.write(json);
    }
    return undefined;
  }

  #own(object: object): string {
    const keys = Object.keys(object);
    if (keys.length === 0) {
      // A Promise, a Response, a WeakMap: their class says more than "{}".
      const { constructor } = object;
      if (typeof constructor === "function" && constructor !== Object && constructor.name !== "") {
        return quote(`[${constructor.name}]`);
      }
    }
    return this.#record(keys, (key) => (object as Record<string, unknown>)[key]);
  }

  #error(error: Error): string {
    const own = Object.keys(error).filter((key) => key !== "stack");
    return this.#record(new Set(["name", "message", ...own, "cause", "errors"]), (key) =>
      Reflect.get(error, key),
    );
  }

  #map(map: ReadonlyMap<unknown, unknown>): string {
    const keys = [...map.keys()];
    return keys.every((key) => typeof key === "string")
      ? this.#record(keys, (key) => map.get(key))
      : this.#list(map);
  }

  #list(items: Iterable<unknown>): string {
    const written: string[] = [];
    for (const item of items) {
      if (this.#left-- <= 0) {
        written.push(LEFT_OUT);
        break;
      }
      written.push(this.write(item));
    }
    return `[${written.join(",")}]`;
  }

  /** As JSON does, it leaves out what is undefined or a function: a method is no data. */
  #record(keys: Iterable<string>, read: (key: string) => unknown): string {
    const written: string[] = [];
    for (const key of keys) {
      if (this.#left-- <= 0) {
        written.push(`"...":${LEFT_OUT}`);
        break;
      }
      const json = this.#property(key, read);
      if (json !== undefined) written.push(`${quote(key)}:${json}`);
    }
    return `{${written.join(",")}}`;
  }

  /** One property that cannot be read must not cost its neighbours. */
  #property(key: string, read: (key: string) => unknown): string | undefined {
    let value: unknown;
    try {
      value = read(key);
    } catch {
      return UNREADABLE;
    }
    return value === undefined || typeof value === "function" ? undefined : this.write(value);
  }
}

/** Bytes as text where they are text, else a note of what they are. */
function bytesToText(bytes: Uint8Array): string {
  return decodeText(bytes) ?? `(${imageMediaType(bytes) ?? "binary data"}, ${bytes.length} bytes)`;
}

function dateOrPattern(object: Date | RegExp): string {
  if (object instanceof RegExp) return String(object);
  return Number.isNaN(object.getTime()) ? "Invalid Date" : object.toISOString();
}

/** A value that is a string in JSON (a date, a URL, a note) needs no quotes on its own. */
function unquote(json: string): string {
  return json.startsWith('"') ? String(JSON.parse(json)) : json;
}

function quote(text: string): string {
  return JSON.stringify(text.toWellFormed());
}
