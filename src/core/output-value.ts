/**
 * A value in an output, as a call that refers to it gets it: of the type it has, and a copy, so that what one tool does to its
 * input changes no other's.
 */

const MAX_DEPTH = 100;

/**
 * The value at a path. A text that is JSON is looked into, as the model does that reads it.
 *
 * @throws Error that says, for the model, where the path ends, and what is there
 */
export function valueAt(output: unknown, path: readonly string[]): unknown {
  let value = output;
  for (const [i, key] of path.entries()) {
    const holder = lookInto(value);
    const next = read(holder, key);
    if (next === undefined) {
      const where = i === 0 ? "the output" : `\`${path.slice(0, i).join(".")}\` of the output`;
      throw new Error(`there is no \`${key}\` in ${where}, which ${describe(holder)}`);
    }
    value = next;
  }
  if (value === undefined) throw new Error("the output is empty");
  return copy(value, new Map(), 0);
}

/** What its keys are looked up in. */
function lookInto(value: unknown): unknown {
  if (typeof value === "string") return parsed(value);
  if (isBytes(value)) return value;
  return hasJson(value) ? value.toJSON() : value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Own properties only: `constructor` is no key of any output. */
function read(holder: unknown, key: string): unknown {
  if (holder instanceof Map) return holder.get(key) as unknown;
  if (holder instanceof Set) return [...holder][Number(key)];
  if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, key)) return undefined;
  return Array.isArray(holder) && key === "length" ? undefined : (holder as Record<string, unknown>)[key];
}

/** `copies` has those of the objects that were met before; of one that is being copied, and so holds itself, there is none yet. */
function copy(value: unknown, copies: Map<object, unknown>, depth: number): unknown {
  if (typeof value !== "object" || value === null || isBytes(value)) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  if (depth === MAX_DEPTH || copies.has(value)) throw new Error("the value is too deep, or holds itself");
  copies.set(value, undefined);
  const copied = copyObject(value, (inner) => copy(inner, copies, depth + 1));
  copies.set(value, copied);
  return copied;
}

function copyObject(value: object, copyInner: (inner: unknown) => unknown): unknown {
  const fromEntries = (entries: readonly (readonly [unknown, unknown])[]) =>
    Object.fromEntries(entries.map(([key, inner]) => [String(key), copyInner(inner)]));
  if (hasJson(value)) return copyInner(value.toJSON());
  if (Array.isArray(value) || value instanceof Set) return [...value].map(copyInner);
  if (value instanceof Map) return fromEntries([...value]);
  return fromEntries(Object.entries(value));
}

/** They stay as they are, and are not copied. */
function isBytes(value: unknown): boolean {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
}

function hasJson(value: unknown): value is { toJSON(): unknown } {
  return (
    typeof value === "object" && value !== null && "toJSON" in value && typeof value.toJSON === "function"
  );
}

function describe(holder: unknown): string {
  if (holder === null || holder === undefined) return `is ${String(holder)}`;
  if (Array.isArray(holder)) return `is a list of ${holder.length}`;
  if (holder instanceof Set) return `is a list of ${holder.size}`;
  if (isBytes(holder)) return "is bytes";
  if (typeof holder !== "object") return `is a ${typeof holder}`;
  const keys = holder instanceof Map ? [...holder.keys()].map(String) : Object.keys(holder);
  return keys.length === 0
    ? "has no keys"
    : `has ${keys.slice(0, 20).join(", ")}${keys.length > 20 ? ", …" : ""}`;
}
