/**
 * What was thrown in a thread, packed for the way out. A clone of an error keeps little more than its message; here its
 * name, its cause and its own fields stay, such as `code`, `status`, `retryable` and `retryAfterMs`.
 */
import { textOf } from "../core/thrown.ts";

/** What was thrown, in parts that can be cloned. */
export type PackedThrown = { readonly type: "value"; readonly value: unknown } | PackedError;

interface PackedError {
  readonly type: "error";
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly cause: PackedThrown | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A chain of causes may be a ring. */
const MAX_CAUSES = 8;

/** Packs what was thrown, whatever it is; what cannot be cloned is left out. */
export function packThrown(thrown: unknown, depth = 0): PackedThrown {
  try {
    return thrown instanceof Error ? packError(thrown, depth) : { type: "value", value: cloned(thrown) };
  } catch {
    const message = textOf(thrown, "the tool failed without a message");
    return { type: "error", name: "Error", message, stack: undefined, cause: undefined, fields: {} };
  }
}

/** What was thrown, as it can be thrown again. */
export function unpackThrown(packed: PackedThrown): unknown {
  if (packed.type === "value") return packed.value;
  const { name, message, stack, cause, fields } = packed;
  const error = new Error(message, cause === undefined ? undefined : { cause: unpackThrown(cause) });
  const hidden = { writable: true, configurable: true } as const;
  if (name !== error.name) Object.defineProperty(error, "name", { value: name, ...hidden });
  if (stack !== undefined) Object.defineProperty(error, "stack", { value: stack, ...hidden });
  return Object.assign(error, fields);
}

function packError(error: Error, depth: number): PackedError {
  const { name, message, stack, cause } = error;
  const fields = Object.entries(error).flatMap(([key, value]) => {
    if (["name", "message", "stack", "cause"].includes(key)) return [];
    try {
      return [[key, cloned(value)] as const];
    } catch {
      return [];
    }
  });
  return {
    type: "error",
    name: String(name),
    message: String(message),
    stack: typeof stack === "string" ? stack : undefined,
    cause: cause === undefined || depth >= MAX_CAUSES ? undefined : packThrown(cause, depth + 1),
    fields: Object.fromEntries(fields),
  };
}

function cloned(value: unknown): unknown {
  return structuredClone(value);
}
