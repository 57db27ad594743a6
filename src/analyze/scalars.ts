/** The values of an input: what is neither list nor object. */

/** A value and where it stands. */
export interface Scalar {
  /** The key that it stands under; of a list, the list's. */
  readonly key: string;
  /** The keys that lead to it, and places in lists. */
  readonly path: string;
  readonly value: string | number | boolean | bigint;
}

/** No input is deeper. */
const MAX_DEPTH = 32;

/** All values of an input, in order. */
export function scalarsIn(input: unknown): Scalar[] {
  return scalarsAt(input, { key: "", path: "" }, 0);
}

function scalarsAt(input: unknown, at: Pick<Scalar, "key" | "path">, depth: number): Scalar[] {
  if (isScalar(input)) return [{ ...at, value: input }];
  if (typeof input !== "object" || input === null || depth > MAX_DEPTH) return [];
  if (Array.isArray(input))
    return input.flatMap((item, i) => scalarsAt(item, { key: at.key, path: `${at.path}[${i}]` }, depth + 1));
  return Object.entries(input).flatMap(([key, item]) =>
    scalarsAt(item, { key, path: `${at.path}.${key}` }, depth + 1),
  );
}

function isScalar(value: unknown): value is Scalar["value"] {
  return ["string", "number", "boolean", "bigint"].includes(typeof value);
}
