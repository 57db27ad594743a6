/** The values of an input: what is neither list nor object. */

/** A value and where it stands. */
export interface Scalar {
  /** The key that it stands under; of a list, the list's. */
  readonly key: string;
  readonly value: string | number | boolean | bigint;
}

/** No input is deeper. */
const MAX_DEPTH = 32;

/** All values of an input, in order. */
export function scalarsIn(input: unknown, key = "", depth = 0): Scalar[] {
  if (isScalar(input)) return [{ key, value: input }];
  if (typeof input !== "object" || input === null || depth > MAX_DEPTH) return [];
  if (Array.isArray(input)) return input.flatMap((item) => scalarsIn(item, key, depth + 1));
  return Object.entries(input).flatMap(([name, item]) => scalarsIn(item, name, depth + 1));
}

function isScalar(value: unknown): value is Scalar["value"] {
  return ["string", "number", "boolean", "bigint"].includes(typeof value);
}

/** The keys of an input: calls of one tool with the same keys ask the same kind of thing. */
export function shapeOf(input: unknown): string {
  return typeof input === "object" && input !== null ? Object.keys(input).toSorted().join(",") : typeof input;
}
