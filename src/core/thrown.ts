/** What was thrown, in words: a tool, a validator or `effects` may throw anything, and none of it may throw again (G1). */
import { show } from "./options.ts";

/** The text of what was thrown; `silent` if it says nothing. */
export function textOf(thrown: unknown, silent: string): string {
  try {
    if (thrown instanceof Error) return textIn(thrown.message) ?? textIn(thrown.name) ?? silent;
    if (thrown === undefined || thrown === null || thrown === "") return silent;
    if (typeof thrown === "string") return thrown;
    if (typeof thrown !== "object") return show(thrown);
    return textIn((thrown as { message?: unknown }).message) ?? JSON.stringify(thrown) ?? silent;
  } catch {
    return "it failed with something that cannot be shown";
  }
}

function textIn(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A field of what was thrown, or of what hangs on it; `undefined` also where reading it throws. */
export function fieldOf(thrown: unknown, key: PropertyKey): unknown {
  try {
    return (thrown as Record<PropertyKey, unknown> | null | undefined)?.[key];
  } catch {
    return undefined;
  }
}

/** What an async function throws where a value was wanted has no other taker. */
export function dropRejection(value: unknown): void {
  if (value instanceof Promise) value.catch(() => {});
}
