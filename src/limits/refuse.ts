/** Checks of options that only limits need; the others are the core's. */
import { positiveInteger, show } from "../core/options.ts";

/** Throws a TypeError that says what an option must be, and what came. */
export function refuse(must: string, value: unknown): never {
  throw new TypeError(`${must}, got ${show(value)}`);
}

/** A count of at least 1 that is not Infinity. */
export function finiteCount(name: string, value: unknown): number {
  const count = value === Infinity ? NaN : positiveInteger(name, value);
  return Number.isNaN(count) ? refuse(`\`${name}\` must be a positive integer`, value) : count;
}

/** A count that may be 0, or Infinity where there is no limit. */
export function nonNegativeInteger(name: string, value: unknown): number {
  if (value === Infinity) return Infinity;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  return refuse(`\`${name}\` must be an integer, 0 or more`, value);
}
