/**
 * Results that are errors where a protocol has only their text to say so: it is an object that holds an `error` and nothing
 * else, a text or an object. Tutti's own errors are written so (contract §5), and many tools do the same.
 */
import { isObject } from "../core/is-object.ts";

/** The error that a text holds; undefined if it holds none, or more. */
export function errorIn(text: string): string | Readonly<Record<string, unknown>> | undefined {
  if (!/^\s*\{\s*"error"/.test(text)) return undefined;
  try {
    const { error, ...others } = JSON.parse(text) as { readonly error?: unknown };
    const isAlone = Object.keys(others).length === 0;
    return isAlone && (typeof error === "string" || isObject(error)) ? error : undefined;
  } catch {
    return undefined;
  }
}
