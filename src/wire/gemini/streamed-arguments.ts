/**
 * The arguments of a call that comes in pieces (`streamFunctionCallArguments`, Vertex only). A piece has no number of its
 * own: it goes on with the call before it.
 */
import { TuttiError } from "../../core/errors.ts";
import { parseJsonPath, type Key } from "./json-path.ts";
import type { GeminiCall, GeminiPartialArg } from "./protocol.ts";

type Container = Record<Key, unknown> | unknown[];

/** Where a value goes. */
interface Slot {
  readonly container: Container;
  readonly key: Key;
}

/** Arguments that grow. */
export class StreamedArguments {
  /** The arguments as far as they came. */
  readonly value: Record<string, unknown> = {};
  #willContinue = true;
  /** The strings that are being written, by their paths. */
  readonly #open = new Map<string, Slot>();

  /** Whether more is to come. */
  get isOpen(): boolean {
    return this.#willContinue || this.#open.size > 0;
  }

  /**
   * Takes what the next part says of the call.
   *
   * @throws TuttiError `model-failed` for a path that does not fit what came before
   */
  take({ args, partialArgs, willContinue }: GeminiCall): void {
    for (const [key, value] of Object.entries(args ?? {})) put(this.value, key, value);
    for (const partial of partialArgs ?? []) this.#write(partial);
    this.#willContinue = willContinue === true;
  }

  #write(partial: GeminiPartialArg): void {
    const { jsonPath: path = "", stringValue, willContinue } = partial;
    const open = this.#open.get(path);
    const slot = open ?? this.#slotAt(path);
    if (willContinue === true) this.#open.set(path, slot);
    else this.#open.delete(path);
    const value = valueOf(partial);
    if (value === undefined) return;
    const before = open === undefined ? undefined : get(slot.container, slot.key);
    const grown = typeof before === "string" && stringValue !== undefined ? before + stringValue : value;
    put(slot.container, slot.key, grown);
  }

  /** Makes what is on the way to a value. */
  #slotAt(path: string): Slot {
    const keys = parseJsonPath(path);
    const last = keys?.at(-1);
    if (keys === undefined || last === undefined) throw misfit(path);
    let container: Container = this.value;
    for (const [i, key] of keys.slice(0, -1).entries()) {
      let next = get(container, key);
      if (next === undefined) {
        next = typeof keys[i + 1] === "number" ? [] : {};
        mustFit(container, key, path);
        put(container, key, next);
      }
      if (typeof next !== "object" || next === null) throw misfit(path);
      container = next as Container;
    }
    mustFit(container, last, path);
    return { container, key: last };
  }
}

/** A list gets no holes: what belongs in one is not known, and no call may run without it. */
function mustFit(container: Container, key: Key, path: string): void {
  const fits = Array.isArray(container)
    ? typeof key === "number" && key <= container.length
    : typeof key === "string";
  if (!fits) throw misfit(path);
}

function misfit(path: string): TuttiError {
  return new TuttiError("model-failed", `an argument came for ${path}, where none can be`);
}

function valueOf({ stringValue, numberValue, boolValue, nullValue }: GeminiPartialArg): unknown {
  return stringValue ?? numberValue ?? boolValue ?? (nullValue === undefined ? undefined : null);
}

function get(container: Container, key: Key): unknown {
  return Object.hasOwn(container, key) ? (container as Record<Key, unknown>)[key] : undefined;
}

/** Not by assignment: a field may be called `__proto__`. */
function put(container: Container, key: Key, value: unknown): void {
  Object.defineProperty(container, key, { value, writable: true, enumerable: true, configurable: true });
}
