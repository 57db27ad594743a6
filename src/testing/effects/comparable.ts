/**
 * Values as texts that are the same exactly when the values are, for comparing and for showing.
 *
 * The order of fields, and of the entries of a map or a set, is no difference; everything else that is data is one. What is
 * not data (functions, objects with private parts) is left to the caller, because it may differ where it looks the same.
 */
import { types } from "node:util";

/** Says what stands for something whose content cannot be seen, `what` being its kind in words; or throws. */
export type Opaque = (what: string) => string;

/** The text of a value. */
export function textOf(value: unknown, opaque: Opaque): string {
  return write(value, { opaque, above: [] });
}

/** Both texts in short, so cut that the first difference is seen. */
export function contrast(a: string, b: string): readonly [string, string] {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  return [windowOf(a, same), windowOf(b, same)];
}

/** A text in short: its beginning. */
export function shorten(text: string): string {
  return windowOf(text, 0);
}

const SHOWN = 80;

function windowOf(text: string, at: number): string {
  if (text.length <= SHOWN) return text;
  const from = Math.max(0, Math.min(at - SHOWN / 2, text.length - SHOWN));
  const cut = text.slice(from, from + SHOWN);
  return `${from > 0 ? "…" : ""}${cut}${from + SHOWN < text.length ? "…" : ""}`;
}

interface Writing {
  readonly opaque: Opaque;
  /** The objects that the value is in. */
  readonly above: readonly object[];
}

function write(value: unknown, writing: Writing): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "bigint":
      return `${value}n`;
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "function":
      return writing.opaque("a function");
    case "object":
      return value === null ? "null" : writeObject(value, writing);
    case "undefined":
    case "boolean":
    case "symbol":
      return String(value);
  }
}

function writeObject(object: object, { opaque, above }: Writing): string {
  const depth = above.indexOf(object);
  if (depth >= 0) return `[circle ${depth}]`;
  const inside = { opaque, above: [...above, object] };
  const list = (items: Iterable<unknown>) => Array.from(items, (item) => write(item, inside));
  if (Array.isArray(object)) return `[${list(object).join(",")}]`;
  if (object instanceof Map) {
    const entries = Array.from(object, ([key, item]) => `${write(key, inside)} => ${write(item, inside)}`);
    return `Map {${entries.sort().join(",")}}`;
  }
  if (object instanceof Set) return `Set {${list(object).sort().join(",")}}`;
  if (ArrayBuffer.isView(object)) return `${nameOf(object)} [${list(bytesOf(object)).join(",")}]`;
  if (types.isAnyArrayBuffer(object)) return `${nameOf(object)} [${list(new Uint8Array(object)).join(",")}]`;
  if (object instanceof Error) return `${object.name}: ${object.message}`;
  if (object instanceof RegExp) return String(object);
  if ("toJSON" in object && typeof object.toJSON === "function") {
    return `${nameOf(object)} ${write(object.toJSON(""), inside)}`;
  }
  const prototype: unknown = Object.getPrototypeOf(object);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  const fields = Object.entries(object).map(([key, item]) => `${JSON.stringify(key)}:${write(item, inside)}`);
  const text = `{${fields.sort().join(",")}}`;
  return isPlain ? text : `${opaque(`a ${nameOf(object)}`)} ${text}`;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function nameOf(object: object): string {
  const { constructor } = object;
  return typeof constructor === "function" && constructor.name !== "" ? constructor.name : "Object";
}
